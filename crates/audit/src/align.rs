//! Two fingerprints laid over each other.

/// Where two fingerprints agree, laid over each other at one offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    /// The first agreeing item of the first fingerprint.
    pub(crate) start: usize,
    /// How many items agree.
    pub(crate) items: usize,
    /// Bits that differ in them.
    pub(crate) bit_errors: u32,
}

impl Stretch {
    /// Bits that differ, over all bits.
    pub(crate) fn bit_error_rate(&self) -> f64 {
        f64::from(self.bit_errors) / (32.0 * self.items as f64)
    }

    /// Bits won against `pivot` errors an item: what a stretch is chosen by.
    pub(crate) fn score(&self, pivot_bits: u32) -> i64 {
        i64::from(pivot_bits) * self.items as i64 - i64::from(self.bit_errors)
    }
}

/// The stretch over which the sum of `pivot_bits` less the bits in error is the largest, with item `i` of `a` laid over
/// item `i - offset` of `b`; `None` where no item has fewer errors than the pivot.
///
/// Of two copies the whole overlap comes out; of a part that two recordings share, that part alone.
pub(crate) fn best_stretch(a: &[u32], b: &[u32], offset: i64, pivot_bits: u32) -> Option<Stretch> {
    let first = offset.max(0) as usize;
    let (a, b) = (a.get(first..)?, b.get((-offset).max(0) as usize..)?);
    // The largest sum of neighbours: a run is begun anew whenever the one so far has lost more than it won.
    let (mut begin, mut sum, mut errors) = (0, 0_i64, 0_u32);
    let mut best: Option<(i64, Stretch)> = None;
    for (at, (x, y)) in a.iter().zip(b).enumerate() {
        if sum <= 0 {
            (begin, sum, errors) = (at, 0, 0);
        }
        let wrong = (x ^ y).count_ones();
        errors += wrong;
        sum += i64::from(pivot_bits) - i64::from(wrong);
        if sum > best.as_ref().map_or(0, |(highest, _)| *highest) {
            best = Some((sum, Stretch { start: first + begin, items: at + 1 - begin, bit_errors: errors }));
        }
    }
    best.map(|(_, stretch)| stretch)
}

/// The share of bits in error over a stretch when `b` is displaced by `by` items more, or less, whichever fits: what the
/// same sound has against itself a moment later. `None` where neither fits anywhere.
pub(crate) fn displaced_bit_error_rate(a: &[u32], b: &[u32], offset: i64, stretch: &Stretch, by: i64) -> Option<f64> {
    let (mut errors, mut items) = (0_u32, 0_u32);
    for (at, item) in a.iter().enumerate().skip(stretch.start).take(stretch.items) {
        for place in [at as i64 - offset - by, at as i64 - offset + by] {
            if let Some(other) = usize::try_from(place).ok().and_then(|place| b.get(place)) {
                errors += (item ^ other).count_ones();
                items += 1;
            }
        }
    }
    (items > 0).then(|| f64::from(errors) / (32.0 * f64::from(items)))
}
