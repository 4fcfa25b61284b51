//! What would be written, and what stands there.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Field, Item, TagError, Tagged, replace::replace};

/// What is to become of a file's tag. As JSON it is a record by which that is undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub(crate) file: PathBuf,
    /// `ID3v2.4`, `Vorbis comments`, …
    pub(crate) tag: String,
    pub(crate) changes: Vec<Change>,
}

/// What is to become of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// What stands there.
    pub before: State,
    /// What would.
    pub after: State,
}

/// What a field says, and in which items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Its values, for people; none where the file does not have the field.
    pub values: Vec<String>,
    /// The same in the tag's own terms, to the byte.
    pub items: Vec<Item>,
}

/// What came of an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// The fields are as they were.
    Restored,
    /// They were already: the plan was never carried out, or was undone before.
    Already,
}

impl Plan {
    /// The file, by its absolute path; what a link points at, not the link.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The kind of tag: `ID3v2.4`, `Vorbis comments`, …
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The fields that would change; none where the file says all of it already.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Carries it out.
    ///
    /// `same_audio` is handed the file as it is and the new one beside it, and says how their audio differs, if it does.
    ///
    /// # Errors
    /// The file cannot be written; it was changed since the plan was made; what was written reads back otherwise; the audio differs.
    /// Whatever it is, the file is as it was.
    pub fn write(&self, same_audio: impl FnOnce(&Path, &Path) -> Result<(), String>) -> Result<(), TagError> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let tagged = Tagged::read(&self.file)?;
        for change in &self.changes {
            tagged.expect(&change.field, change.before.items == tagged.tag.of(&change.field))?;
        }
        let new = self.changes.iter().map(|change| (change.field.clone(), change.after.items.clone())).collect();
        replace(tagged, new, same_audio)
    }

    /// Puts the fields back to what they were before: to the byte, unless the tag has become another version since, to which the values are
    /// written then.
    ///
    /// # Errors
    /// As [`Plan::write`]; a field was written by somebody else since.
    pub fn undo(&self, same_audio: impl FnOnce(&Path, &Path) -> Result<(), String>) -> Result<Undone, TagError> {
        let tagged = Tagged::read(&self.file)?;
        let is = |state: fn(&Change) -> &State| self.changes.iter().all(|change| tagged.values(&change.field) == state(change).values);
        if is(|change| &change.before) {
            return Ok(Undone::Already);
        }
        for change in &self.changes {
            tagged.expect(&change.field, tagged.values(&change.field) == change.after.values)?;
        }
        let dialect = tagged.tag.dialect;
        let old = |change: &Change| {
            let is_same = dialect.name() == self.tag;
            if is_same { change.before.items.clone() } else { dialect.items(&change.field, &change.before.values) }
        };
        let old = self.changes.iter().map(|change| (change.field.clone(), old(change))).collect();
        replace(tagged, old, same_audio)?;
        Ok(Undone::Restored)
    }
}
