//! Groups shared out over bins so that each bin gets its share of the tracks and of each label's tracks.

use std::collections::BTreeMap;

/// Tracks that stay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group<'a> {
    /// Their names, sorted.
    pub(super) tracks: Vec<&'a str>,
    /// Label → how many of them have it; those without a label are under the empty one.
    pub(super) labels: BTreeMap<&'a str, usize>,
}

impl<'a> Group<'a> {
    pub(super) fn new(tracks: Vec<&'a str>, label: impl Fn(&'a str) -> &'a str) -> Self {
        let mut labels = BTreeMap::new();
        for track in &tracks {
            *labels.entry(label(track)).or_default() += 1;
        }
        Self { tracks, labels }
    }
}

/// What a bin holds.
#[derive(Clone, Default)]
struct Bin<'a> {
    tracks: usize,
    labels: BTreeMap<&'a str, usize>,
}

impl<'a> Bin<'a> {
    fn of(&self, label: &str) -> usize {
        self.labels.get(label).copied().unwrap_or(0)
    }

    fn add(&mut self, group: &Group<'a>) {
        self.tracks += group.tracks.len();
        for (label, n) in &group.labels {
            *self.labels.entry(label).or_default() += n;
        }
    }

    /// By how much `Σ c²/T`, over the labels and over all tracks, grows with `group` in this bin: `c` tracks of a label in
    /// the bin, `T` in `all`.
    fn cost(&self, group: &Group<'a>, all: &Self) -> f64 {
        let growth = |held: usize, more: usize, of: usize| (more * (2 * held + more)) as f64 / of as f64;
        let labels: f64 = group.labels.iter().map(|(label, n)| growth(self.of(label), *n, all.of(label))).sum();
        labels + growth(self.tracks, group.tracks.len(), all.tracks)
    }
}

/// Each group's bin. Groups are taken from the largest to the smallest, equals in the order given, and each goes where it
/// makes `Σ c²/(T·share)` grow least, the first of equals: over bins whose contents sum to `T`, that sum is least where
/// each holds its share.
///
/// With `first_keeps`, a group with a label that the first bin lacks goes there: no label is kept from it.
pub(super) fn share_out(groups: &[Group<'_>], shares: &[f64], first_keeps: bool) -> Vec<usize> {
    let mut all = Bin::default();
    groups.iter().for_each(|group| all.add(group));
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(groups[index].tracks.len())); // stable: equals stay as they came
    let mut bins = vec![Bin::default(); shares.len()];
    let mut bin_of = vec![0; groups.len()];
    for index in order {
        let group = &groups[index];
        let lacking = first_keeps && group.labels.keys().any(|label| bins[0].of(label) == 0);
        let cost = |bin: &usize| bins[*bin].cost(group, &all) / shares[*bin];
        let best = (0..shares.len()).min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(0);
        bin_of[index] = if lacking { 0 } else { best };
        bins[bin_of[index]].add(group);
    }
    bin_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(sizes: &[usize]) -> Vec<Group<'static>> {
        sizes.iter().map(|&n| Group::new(vec!["t"; n], |_| "blues")).collect()
    }

    #[test]
    fn the_largest_first_each_to_the_emptiest() {
        assert_eq!(share_out(&groups(&[1, 5, 2, 4, 3]), &[1.0, 1.0], false), [0, 0, 0, 1, 1]);
        // Three to one: 8 → first; 4: 4·20/3 in the first, 4·4/1 in the second.
        assert_eq!(share_out(&groups(&[8, 4]), &[0.75, 0.25], false), [0, 1]);
        assert_eq!(share_out(&groups(&[8, 4, 4, 4]), &[0.75, 0.25], false), [0, 1, 0, 0]);
    }

    #[test]
    fn the_first_bin_keeps_a_group_of_each_label() {
        let of = |label: &'static str, n: usize| Group::new(vec!["t"; n], move |_| label);
        let groups = [of("blues", 9), of("rock", 1), of("rock", 1)];
        assert_eq!(share_out(&groups, &[0.1, 0.9], false)[0], 1);
        assert_eq!(share_out(&groups, &[0.1, 0.9], true), [0, 0, 1]);
    }
}
