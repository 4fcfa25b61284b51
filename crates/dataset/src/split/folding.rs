//! What a fold says of itself: which it is, what was left out, what was kept together.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Fold, Split};
use crate::{Digest, Duplicates, Manifest};

/// What a split of a protocol with folds says of itself besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folding {
    /// Which fold.
    pub fold: Fold,
    /// The labels left out, whose tracks are neither trained on nor tested.
    pub left_out: Vec<LeftOutLabel>,
    /// The near duplicates that were kept together; `None` if none were looked for.
    pub near_duplicates: Option<NearDuplicates>,
}

/// A label with fewer artists than there are folds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOutLabel {
    /// The task.
    pub task: String,
    /// The label.
    pub label: String,
    /// Its artists; a track without one counts as an artist of its own.
    pub artists: usize,
}

/// The table of pairs that a split was drawn with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearDuplicates {
    /// How many pairs it has.
    pub pairs: usize,
    /// [`Duplicates::digest`].
    pub digest: Digest,
}

impl From<&Duplicates> for NearDuplicates {
    fn from(table: &Duplicates) -> Self {
        Self { pairs: table.pairs.len(), digest: table.digest() }
    }
}

impl Split {
    /// Which fold it is, where the protocol has folds.
    pub fn fold(&self) -> Option<Fold> {
        self.folding.as_ref().map(|folding| folding.fold)
    }

    /// The classes of a task for a model of this split: the manifest's, but those whose every track the protocol left out.
    pub fn classes(&self, manifest: &Manifest, task: &str) -> Vec<String> {
        let mut classes = manifest.classes(task);
        if self.folding.as_ref().is_some_and(|folding| !folding.left_out.is_empty()) {
            let there: BTreeSet<&str> = self.rows.iter().filter_map(|row| manifest.label(&row.track_id, task)).collect();
            classes.retain(|class| there.contains(class.as_str()));
        }
        classes
    }
}
