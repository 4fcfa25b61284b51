//! What a split has on two sides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use segno_dataset::{Part, Split};

use crate::groups::Groups;
use crate::model::{Siblings, SplitAudit, Touched};
use crate::{AuditError, Kind};

/// A split with the name that a report calls it by.
#[derive(Clone, Debug)]
pub struct NamedSplit {
    /// The file's name without its ending, e.g. `track-1`.
    pub name: String,
    /// The split.
    pub split: Split,
}

/// A split by the numbers of tracks.
pub(crate) struct Sides {
    /// Clips of each test track.
    test: BTreeMap<usize, usize>,
    train: BTreeSet<usize>,
    valid: BTreeSet<usize>,
}

impl Sides {
    pub(crate) fn new(named: &NamedSplit, corpus: &str, number: &HashMap<&str, usize>) -> Result<Self, AuditError> {
        let mut this = Self { test: BTreeMap::new(), train: BTreeSet::new(), valid: BTreeSet::new() };
        for row in &named.split.rows {
            let Some(&track) = number.get(row.track_id.as_str()) else {
                return Err(AuditError::ForeignSplit {
                    split: named.name.clone(),
                    track_id: row.track_id.clone(),
                    corpus: corpus.to_owned(),
                });
            };
            match row.part {
                Part::Train => drop(this.train.insert(track)),
                Part::Valid => drop(this.valid.insert(track)),
                Part::Test => *this.test.entry(track).or_default() += 1,
            }
        }
        Ok(this)
    }

    /// Whether one of two tracks is tested on and the other trained on.
    pub(crate) fn part(&self, one: usize, other: usize) -> bool {
        let crosses = |test: usize, train: usize| self.test.contains_key(&test) && self.train.contains(&train);
        crosses(one, other) || crosses(other, one)
    }

    /// The test tracks that have another track of their group (for [`Kind::SameTrack`]: clips of their own) among `others`.
    fn touched(&self, kind: Kind, groups: &Groups, others: &BTreeSet<usize>) -> BTreeSet<usize> {
        if kind == Kind::SameTrack {
            return self.test.keys().filter(|track| others.contains(track)).copied().collect();
        }
        let mut members: HashMap<usize, usize> = HashMap::new();
        others.iter().for_each(|&track| *members.entry(groups.first(track)).or_default() += 1);
        let has_other = |track: &&usize| members.get(&groups.first(**track)).copied().unwrap_or(0) > usize::from(others.contains(track));
        self.test.keys().filter(has_other).copied().collect()
    }

    /// What stands on two sides; `groups` of a kind are the tracks that are siblings by it.
    pub(crate) fn audit(&self, named: &NamedSplit, groups: &BTreeMap<Kind, Groups>) -> SplitAudit {
        let of_kind = |kind: Kind| [&self.train, &self.valid].map(|others| self.touched(kind, &groups[&kind], others));
        let touched = Kind::SIDES.map(of_kind);
        let union = |kinds: &[[BTreeSet<usize>; 2]]| {
            let side = |side: usize| kinds.iter().flat_map(|sides| sides[side].iter().copied()).collect::<BTreeSet<usize>>();
            self.siblings(&[side(0), side(1)])
        };
        let n_recording = Kind::SIDES.iter().take_while(|kind| **kind <= Kind::NearDuplicate).count();
        SplitAudit {
            name: named.name.clone(),
            protocol: named.split.protocol.name().to_owned(),
            test_clips: self.test.values().sum(),
            test_tracks: self.test.len(),
            kinds: Kind::SIDES.iter().zip(&touched).map(|(&kind, sides)| Touched { kind, siblings: self.siblings(sides) }).collect(),
            recording: union(&touched[..n_recording]),
            any: union(&touched),
        }
    }

    fn siblings(&self, [train, valid]: &[BTreeSet<usize>; 2]) -> Siblings {
        let clips = |tracks: &BTreeSet<usize>| tracks.iter().map(|track| self.test[track]).sum();
        Siblings { train_clips: clips(train), train_tracks: train.len(), valid_clips: clips(valid), valid_tracks: valid.len() }
    }
}
