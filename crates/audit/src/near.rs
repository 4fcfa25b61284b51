//! Near duplicates: pairs of fingerprints that agree over a stretch.

use rayon::prelude::*;

use crate::AuditError;
use crate::align::{best_stretch, displaced_bit_error_rate};
use crate::index::{Index, changes};

/// What counts as a near duplicate; docs/audit.md tells how the defaults were chosen.
///
/// | field | default | purpose |
/// |---|---|---|
/// | `pivot_bits` | 10 | a stretch grows while it wins bits against this many errors an item (strangers: 16) |
/// | `min_items` | 24 | the least stretch: 3.0 s |
/// | `min_changes` | 12 | of these, items that are not their predecessor again: silence says nothing |
/// | `max_bit_error_rate` | 0.2 | over the stretch (copies of real tracks: up to 0.1; strangers: 0.5) |
/// | `displacement_items` | 5 | 0.6 s, see the next |
/// | `max_of_displaced` | 0.5 | the rate may be at most this share of the rate displaced by so much: held tones agree at every offset |
/// | `max_places` | 64 | places looked at for one item, those next in the order of tracks: bounds the work of items that recur |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matching {
    /// Bits of 32 in error at which an item speaks neither for nor against a pair.
    pub pivot_bits: u32,
    /// The least stretch, in items.
    pub min_items: usize,
    /// The least number of items in it that are not their predecessor again, in either track.
    pub min_changes: usize,
    /// The largest share of bits in error over the stretch.
    pub max_bit_error_rate: f64,
    /// Items that a stretch is displaced by, to see what chance would give.
    pub displacement_items: usize,
    /// The largest share of the displaced rate.
    pub max_of_displaced: f64,
    /// Places looked at for one item.
    pub max_places: usize,
}

impl Default for Matching {
    fn default() -> Self {
        Self {
            pivot_bits: 10,
            min_items: 24,
            min_changes: 12,
            max_bit_error_rate: 0.2,
            displacement_items: 5,
            max_of_displaced: 0.5,
            max_places: 64,
        }
    }
}

/// Two tracks that sound alike over a stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearPair {
    /// The earlier track's number.
    pub first: usize,
    /// The later track's number.
    pub second: usize,
    /// Items that the second has to be delayed by to lie over the first.
    pub offset_items: i64,
    /// The first agreeing item of the first track.
    pub start_item: usize,
    /// How many items agree.
    pub items: usize,
    /// The share of bits in error over them.
    pub bit_error_rate: f64,
}

/// Every near duplicate among `fingerprints`, by the tracks' numbers.
///
/// Candidates are pairs with an equal item somewhere, found in an inverted index; each is laid over at the offset of that
/// item, and judged by the bits in error over the best stretch. Work grows with the items, and with how often they recur, not with
/// the square of the tracks.
///
/// # Errors
/// [`AuditError::TooManyItems`] from 2³² items on.
pub fn near_duplicates(fingerprints: &[&[u32]], matching: &Matching) -> Result<Vec<NearPair>, AuditError> {
    let index = Index::new(fingerprints).ok_or(AuditError::TooManyItems { tracks: fingerprints.len() })?;
    let of_track = |first: usize| partners(first, fingerprints, &index, matching);
    Ok((0..fingerprints.len()).into_par_iter().flat_map_iter(of_track).collect())
}

/// The later tracks that `first` is a near duplicate of, each once, at the best of its offsets.
fn partners(first: usize, fingerprints: &[&[u32]], index: &Index, matching: &Matching) -> Vec<NearPair> {
    let items = fingerprints[first];
    let later = index.start(first + 1);
    let mut candidates: Vec<(usize, i64)> = changes(items)
        .flat_map(|(at, item)| index.places(item, later, matching.max_places).map(move |place| (place, at)))
        .map(|(place, at)| {
            let track = index.track(place);
            (track, at as i64 - i64::from(place - index.start(track)))
        })
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    let mut pairs: Vec<NearPair> = Vec::new();
    for of_track in candidates.chunk_by(|one, other| one.0 == other.0) {
        let second = of_track[0].0;
        let found = of_track.iter().filter_map(|&(_, offset)| matching.pair([first, second], fingerprints, offset));
        pairs.extend(found.max_by_key(|(_, score)| *score).map(|(pair, _)| pair));
    }
    pairs
}

impl Matching {
    /// The pair and its score, if the two tracks are one at this offset.
    fn pair(&self, [first, second]: [usize; 2], fingerprints: &[&[u32]], offset_items: i64) -> Option<(NearPair, i64)> {
        let (a, b) = (fingerprints[first], fingerprints[second]);
        let stretch = best_stretch(a, b, offset_items, self.pivot_bits)?;
        let bit_error_rate = stretch.bit_error_rate();
        if stretch.items < self.min_items || bit_error_rate > self.max_bit_error_rate {
            return None;
        }
        let others = (stretch.start as i64 - offset_items) as usize;
        if [&a[stretch.start..], &b[others..]].iter().any(|items| changes(&items[..stretch.items]).count() < self.min_changes) {
            return None;
        }
        let displaced = displaced_bit_error_rate(a, b, offset_items, &stretch, self.displacement_items as i64)?;
        let pair = NearPair { first, second, offset_items, start_item: stretch.start, items: stretch.items, bit_error_rate };
        (bit_error_rate <= self.max_of_displaced * displaced).then(|| (pair, stretch.score(self.pivot_bits)))
    }
}
