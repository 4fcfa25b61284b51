//! Tracks that belong together, by number.

use std::collections::HashMap;
use std::hash::Hash;

/// Sets of tracks, joined one pair at a time.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    /// Every track by itself.
    pub(crate) fn apart(n_tracks: usize) -> Self {
        Self { parent: (0..n_tracks).collect() }
    }

    /// Tracks with equal keys together; one without a key by itself.
    pub(crate) fn by_key<K: Eq + Hash>(keys: impl Iterator<Item = Option<K>>) -> Self {
        let mut first: HashMap<K, usize> = HashMap::new();
        let parent = keys.enumerate().map(|(track, key)| key.map_or(track, |key| *first.entry(key).or_insert(track))).collect();
        Self { parent }
    }

    /// The smallest number of a track's group.
    pub(crate) fn first(&self, mut track: usize) -> usize {
        while self.parent[track] != track {
            track = self.parent[track];
        }
        track
    }

    pub(crate) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        // The smaller stays on top, so that the first of a group is its smallest.
        let (top, below) = (one.min(other), one.max(other));
        self.parent[below] = top;
    }

    /// Every track but the first of its group, with that first.
    pub(crate) fn repeats(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.parent.len()).map(|track| (self.first(track), track)).filter(|(first, track)| first != track)
    }

    /// The number of groups of two tracks or more.
    pub(crate) fn shared(&self) -> usize {
        let mut firsts: Vec<usize> = self.repeats().map(|(first, _)| first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        firsts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_grow_together_and_are_named_by_their_first() {
        let mut groups = Groups::by_key(["a", "b", "", "a", "c"].map(|key| (!key.is_empty()).then_some(key)).into_iter());
        assert_eq!(groups.repeats().collect::<Vec<_>>(), [(0, 3)]);
        groups.join(4, 1);
        groups.join(3, 4);
        assert_eq!(groups.repeats().collect::<Vec<_>>(), [(0, 1), (0, 3), (0, 4)]);
        assert_eq!(groups.shared(), 1);
    }
}
