//! What a split lets through from training to test, and what training never sees.

use std::collections::BTreeSet;

use super::{
    Part, Split,
    groups::{Join, groups},
};
use crate::Manifest;

impl Split {
    /// The number of test tracks that training has another clip of.
    pub fn shared_tracks(&self) -> usize {
        self.tracks(Part::Test).intersection(&self.tracks(Part::Train)).count()
    }

    /// The number of test tracks of which training has a clip or a byte-identical copy.
    pub fn shared_recordings(&self, manifest: &Manifest) -> usize {
        let groups = groups(manifest, Join::Copies);
        let group = |track| groups.get(track).copied().unwrap_or(track);
        let trained: BTreeSet<&str> = self.tracks(Part::Train).into_iter().map(group).collect();
        self.tracks(Part::Test).into_iter().filter(|track| trained.contains(group(track))).count()
    }

    /// The number of groups of which both test and training have clips; a group is an artist's tracks and their copies,
    /// or a track without an artist and its copies.
    pub(super) fn count_shared_groups(&self, manifest: &Manifest) -> usize {
        let groups = groups(manifest, Join::Artists);
        let [train, test] = [Part::Train, Part::Test].map(|part| {
            let of_part = self.tracks(part).into_iter();
            of_part.map(|track| groups.get(track).copied().unwrap_or(track)).collect::<BTreeSet<&str>>()
        });
        train.intersection(&test).count()
    }

    /// The classes of a task that no training clip has.
    pub fn classes_missing_from_train(&self, manifest: &Manifest, task: &str) -> Vec<String> {
        self.classes_missing(Part::Train, manifest, task)
    }

    /// The classes of a task that no clip of a part has.
    pub fn classes_missing(&self, part: Part, manifest: &Manifest, task: &str) -> Vec<String> {
        let tracks = self.tracks(part).into_iter();
        let there: BTreeSet<&String> = tracks.filter_map(|track| manifest.track(track)?.labels.get(task)).collect();
        let classes = manifest.classes(task).into_iter();
        classes.filter(|class| !there.contains(class)).collect()
    }

    fn tracks(&self, part: Part) -> BTreeSet<&str> {
        self.part(part).map(|row| row.track_id.as_str()).collect()
    }
}
