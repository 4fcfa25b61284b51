//! What a split lets through from training to test, and what training never sees.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Part, Split,
    groups::{Join, artist_key, groups},
};
use crate::{Duplicates, Manifest};

impl Split {
    /// The number of test tracks that training has another clip of.
    pub fn shared_tracks(&self) -> usize {
        self.tracks(Part::Test).intersection(&self.tracks(Part::Train)).count()
    }

    /// The number of test tracks of which training has a clip or a byte-identical copy.
    pub fn shared_recordings(&self, manifest: &Manifest) -> usize {
        let groups = groups(manifest, Join::Copies, None);
        let group = |track| groups.get(track).copied().unwrap_or(track);
        let trained: BTreeSet<&str> = self.tracks(Part::Train).into_iter().map(group).collect();
        self.tracks(Part::Test).into_iter().filter(|track| trained.contains(group(track))).count()
    }

    /// The number of groups of which both test and training have clips; a group is an artist's tracks and their copies,
    /// or a track without an artist and its copies, and what `near` pairs with them.
    pub(super) fn count_shared_groups(&self, manifest: &Manifest, near: Option<&Duplicates>) -> usize {
        let groups = groups(manifest, Join::Artists, near);
        let [train, test] = [Part::Train, Part::Test].map(|part| {
            let of_part = self.tracks(part).into_iter();
            of_part.map(|track| groups.get(track).copied().unwrap_or(track)).collect::<BTreeSet<&str>>()
        });
        train.intersection(&test).count()
    }

    /// Artist → how many tracks of `part` are theirs, for the artists of whom `with` has clips too. Artists are compared
    /// without case and the spaces around them, and named as their first track names them.
    pub fn shared_artists(&self, manifest: &Manifest, part: Part, with: Part) -> BTreeMap<String, usize> {
        let artist = |track: &str| manifest.track(track).and_then(|track| artist_key(track.artist.as_deref()?));
        let there: BTreeSet<String> = self.tracks(with).into_iter().filter_map(artist).collect();
        let mut tracks: BTreeMap<String, usize> = BTreeMap::new();
        for key in self.tracks(part).into_iter().filter_map(artist).filter(|key| there.contains(key)) {
            *tracks.entry(key).or_default() += 1;
        }
        let name = |key: &str| {
            let mut names = manifest.tracks.iter().filter_map(|track| track.artist.as_deref());
            names.find(|name| artist_key(name).as_deref() == Some(key)).map_or_else(|| key.to_owned(), |name| name.trim().to_owned())
        };
        tracks.into_iter().map(|(key, n)| (name(&key), n)).collect()
    }

    /// The classes of a task that no training clip has.
    pub fn classes_missing_from_train(&self, manifest: &Manifest, task: &str) -> Vec<String> {
        self.classes_missing(Part::Train, manifest, task)
    }

    /// The classes of a task, of those that a model of this split has, that no clip of a part has.
    pub fn classes_missing(&self, part: Part, manifest: &Manifest, task: &str) -> Vec<String> {
        let tracks = self.tracks(part).into_iter();
        let there: BTreeSet<&String> = tracks.filter_map(|track| manifest.track(track)?.labels.get(task)).collect();
        let classes = self.classes(manifest, task).into_iter();
        classes.filter(|class| !there.contains(class)).collect()
    }

    fn tracks(&self, part: Part) -> BTreeSet<&str> {
        self.part(part).map(|row| row.track_id.as_str()).collect()
    }
}
