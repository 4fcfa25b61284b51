//! Drawing the folds of the protocol `artist`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fold, Folding, LeftOutLabel, Part, Split, SplitPlan, SplitRow,
    draw::{require_artists, sorted_clips},
    groups::{Join, groups},
    share_out::{Group, share_out},
    shuffle,
};
use crate::{ClipRef, DatasetError, Duplicates, Manifest};

impl Split {
    /// Draws the folds of the protocol `artist`: over the folds every track is tested exactly once, but those of labels that
    /// are left out; equal for an equal plan, in whatever order the clips come.
    ///
    /// - A group is an artist's tracks, their byte-identical copies, and what `near` pairs with them; artists are compared
    ///   without case and the spaces around them, and a track without one is joined by its copies and pairs alone. No group
    ///   is on two sides.
    /// - A label of `stratify_by` that fewer groups than folds have tracks of is left out with all its tracks.
    /// - The groups, in the order of their first tracks' names, are shuffled; then, from the largest to the smallest, each
    ///   goes to the fold where it makes the sum over folds of `Σ c²/T` grow least, the first of equals (`c` tracks in the
    ///   fold of `T` in all, a term a label and one for all tracks): labels and sizes as even as groups allow.
    /// - Within a fold, the groups that are not tested are shuffled anew and shared out by the same rule between training and
    ///   validation, each bin's terms divided by its share of the two; the largest group of each label is trained on. The
    ///   share of test in `plan.fractions` decides nothing: it is one of the number of folds.
    ///
    /// # Errors
    /// The protocol is another, `folds` is below 2, there are no clips, a clip's track is not in the manifest, no track has
    /// an artist, `near` is of another manifest, or fewer than two labels have as many artists as folds.
    pub fn draw_folds(
        plan: &SplitPlan<'_>,
        folds: u32,
        near: Option<&Duplicates>,
        manifest: &Manifest,
        clips: &[ClipRef],
    ) -> Result<Vec<Self>, DatasetError> {
        let clips = sorted_clips(plan, manifest, clips)?;
        let folds = Fold::all(folds)?;
        let fault = |found: String, expected: &str| plan.fault(manifest, found, expected);
        if !plan.protocol.has_folds() {
            return Err(fault("a protocol without folds".into(), "the protocol 'artist'"));
        }
        if let Some(table) = near.filter(|table| table.corpus_digest != manifest.digest()) {
            let found = format!("duplicates of another manifest, of digest {}", table.corpus_digest);
            return Err(fault(found, "those of this one; run the audit again"));
        }
        require_artists(plan, manifest, &clips)?;
        let label = |track| manifest.label(track, plan.stratify_by).unwrap_or("");
        let all = groups_of(&clips, &groups(manifest, Join::Artists, near), label);
        let (mut kept, left_out) = without_rare_labels(all, folds.len(), plan, manifest)?;
        shuffle::shuffle(&mut kept, &mut shuffle::generator(plan.protocol, &manifest.corpus, "", plan.seed));
        let fold_of = share_out(&kept, &vec![1.0; folds.len()], false);

        let draw_fold = |(index, fold): (usize, Fold)| {
            let part_of = parts(plan, manifest, &kept, |group| fold_of[group] == index, fold);
            let row = |clip: &&ClipRef| {
                let part = *part_of.get(clip.track_id.as_str())?;
                Some(SplitRow { clip_id: clip.clip_id.clone(), track_id: clip.track_id.clone(), part })
            };
            let folding = Folding { fold, left_out: left_out.clone(), near_duplicates: near.map(Into::into) };
            Self { folding: Some(folding), ..Self::of_rows(plan, manifest, clips.iter().filter_map(row).collect(), near) }
        };
        Ok(folds.iter().copied().enumerate().map(draw_fold).collect())
    }
}

impl Manifest {
    /// Label of a task → how many artists have tracks of it, among the tracks that take part: what decides whether the
    /// protocol `artist` can test it. A track without an artist counts as one; copies and pairs of `near` join artists.
    pub fn artists_per_label<'a>(&'a self, task: &str, near: Option<&'a Duplicates>) -> BTreeMap<&'a str, usize> {
        let groups = groups(self, Join::Artists, near);
        let mut artists: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for track in self.present() {
            if let Some(label) = track.labels.get(task) {
                artists.entry(label).or_default().insert(groups[track.track_id.as_str()]);
            }
        }
        artists.into_iter().map(|(label, artists)| (label, artists.len())).collect()
    }
}

/// Track → its part in a fold.
fn parts<'a>(
    plan: &SplitPlan<'_>,
    manifest: &Manifest,
    groups: &[Group<'a>],
    is_tested: impl Fn(usize) -> bool,
    fold: Fold,
) -> BTreeMap<&'a str, Part> {
    let (tested, rest): (Vec<_>, Vec<_>) = groups.iter().cloned().enumerate().partition(|(index, _)| is_tested(*index));
    let mut rest: Vec<Group<'_>> = rest.into_iter().map(|(_, group)| group).collect();
    let (seed, name) = (plan.seed.to_string(), fold.to_string());
    let mut rng = shuffle::keyed(["segno split", "1", plan.protocol.name(), &manifest.corpus, "", &seed, &name]);
    shuffle::shuffle(&mut rest, &mut rng);
    let [train, valid] = [Part::Train, Part::Valid].map(|part| plan.fractions.of(part));
    let sides = share_out(&rest, &[train / (train + valid), valid / (train + valid)], true);
    let sides = sides.into_iter().map(|side| if side == 0 { Part::Train } else { Part::Valid });
    let tested = tested.into_iter().map(|(_, group)| (group, Part::Test));
    let of_group = |(group, part): (Group<'a>, Part)| group.tracks.into_iter().map(move |track| (track, part));
    rest.into_iter().zip(sides).chain(tested).flat_map(of_group).collect()
}

/// The tracks that have clips, by group.
fn groups_of<'a>(clips: &[&'a ClipRef], group_of: &BTreeMap<&str, &'a str>, label: impl Fn(&'a str) -> &'a str) -> Vec<Group<'a>> {
    let mut tracks: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for clip in clips {
        tracks.entry(group_of[clip.track_id.as_str()]).or_default().insert(&clip.track_id);
    }
    tracks.into_values().map(|tracks| Group::new(tracks.into_iter().collect(), &label)).collect()
}

/// The groups without the tracks of labels that have too few artists, and those labels.
fn without_rare_labels<'a>(
    groups: Vec<Group<'a>>,
    folds: usize,
    plan: &SplitPlan<'_>,
    manifest: &'a Manifest,
) -> Result<(Vec<Group<'a>>, Vec<LeftOutLabel>), DatasetError> {
    let label = |track| manifest.label(track, plan.stratify_by).unwrap_or("");
    split_off_rare(groups, folds, plan.stratify_by, label).map_err(|counts| {
        let found = format!("artists a {}: {counts}", plan.stratify_by);
        let expected = format!("at least two with {folds} artists, one a fold; ask for fewer folds, or choose the protocol 'artist-once'");
        plan.fault(manifest, found, &expected)
    })
}

/// The groups without the tracks of labels that fewer groups than folds have tracks of, and those labels; where fewer than two
/// labels are left, how many groups each has.
pub(super) fn split_off_rare<'a>(
    groups: Vec<Group<'a>>,
    folds: usize,
    task: &str,
    label: impl Fn(&'a str) -> &'a str,
) -> Result<(Vec<Group<'a>>, Vec<LeftOutLabel>), String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in groups.iter().flat_map(|group| group.labels.keys()).filter(|label| !label.is_empty()) {
        *counts.entry(label).or_default() += 1;
    }
    let rare: Vec<LeftOutLabel> = counts
        .iter()
        .filter(|(_, n)| **n < folds)
        .map(|(label, n)| LeftOutLabel { task: task.into(), label: (*label).into(), artists: *n })
        .collect();
    if counts.len() - rare.len() < 2 {
        return Err(counts.iter().map(|(label, n)| format!("{label} {n}")).collect::<Vec<_>>().join(", "));
    }
    let kept = |track: &&'a str| rare.iter().all(|rare| rare.label != label(track));
    let groups = groups.into_iter().map(|group| Group::new(group.tracks.into_iter().filter(kept).collect(), &label));
    Ok((groups.filter(|group| !group.tracks.is_empty()).collect(), rare))
}
