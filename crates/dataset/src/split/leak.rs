//! What a split lets through from training to test, and what training never sees.

use std::collections::BTreeSet;

use super::{Part, Split};
use crate::Manifest;

impl Split {
    /// The number of test tracks that training has another clip of.
    pub fn shared_tracks(&self) -> usize {
        let trained: BTreeSet<&str> = self.tracks(Part::Train);
        self.tracks(Part::Test).intersection(&trained).count()
    }

    /// The number of test tracks of which training has a clip or a byte-identical copy.
    pub fn shared_recordings(&self, manifest: &Manifest) -> usize {
        let groups = manifest.groups();
        let group = |track| groups.get(track).copied().unwrap_or(track);
        let trained: BTreeSet<&str> = self.tracks(Part::Train).into_iter().map(group).collect();
        self.tracks(Part::Test).into_iter().filter(|track| trained.contains(group(track))).count()
    }

    /// The classes of a task that no training clip has.
    pub fn classes_missing_from_train(&self, manifest: &Manifest, task: &str) -> Vec<String> {
        let tracks = self.tracks(Part::Train).into_iter();
        let trained: BTreeSet<&String> = tracks.filter_map(|track| manifest.track(track)?.labels.get(task)).collect();
        let classes = manifest.classes(task).into_iter();
        classes.filter(|class| !trained.contains(class)).collect()
    }

    fn tracks(&self, part: Part) -> BTreeSet<&str> {
        self.part(part).map(|row| row.track_id.as_str()).collect()
    }
}
