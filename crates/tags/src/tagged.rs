//! A file and its tag.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{Change, Field, Item, Plan, State, TagError, container::Container, tag::Tag};

/// A file whose tag was read.
#[derive(Debug)]
pub struct Tagged {
    pub(crate) file: PathBuf,
    pub(crate) container: Container,
    pub(crate) tag: Tag,
    pub(crate) stamp: Stamp,
}

/// By which a file is known to be the same still.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    changed: SystemTime,
}

impl Stamp {
    pub fn of(file: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(file)?;
        Ok(Self { bytes: metadata.len(), changed: metadata.modified()? })
    }
}

impl Tagged {
    /// Reads a file's tag; of a link, that of the file that it points at.
    ///
    /// # Errors
    /// The file cannot be read, has a tag that contradicts itself, or is of a kind that has none.
    pub fn read(path: &Path) -> Result<Self, TagError> {
        let unreadable = |source| TagError::Io { path: path.to_owned(), what: "cannot be read", source };
        let file = fs::canonicalize(path).map_err(unreadable)?;
        if !fs::metadata(&file).map_err(unreadable)?.is_file() {
            return Err(TagError::Unsupported { path: file, what: "what is no file".to_owned() });
        }
        let stamp = Stamp::of(&file).map_err(unreadable)?;
        let mut opened = File::open(&file).map_err(unreadable)?;
        let container = Container::of(&mut opened).map_err(|fault| fault.of(file.clone()))?;
        let tag = container.read(&mut opened).map_err(|fault| fault.of(file.clone()))?;
        Ok(Self { file, container, tag, stamp })
    }

    /// All that is in the tag, in its order.
    pub fn items(&self) -> &[Item] {
        &self.tag.items
    }

    /// The values of a field; none where the file does not have it.
    pub fn values(&self, field: &Field) -> Vec<String> {
        self.tag.values(&self.tag.of(field))
    }

    /// What writing values to fields would change; no values take a field out. A field that says them already is left out.
    ///
    /// # Errors
    /// A value is empty or has a null in it.
    pub fn plan(&self, wanted: &[(Field, Vec<String>)]) -> Result<Plan, TagError> {
        let mut changes: Vec<Change> = vec![];
        for (field, values) in wanted {
            if let Some(value) = values.iter().find(|value| value.is_empty() || value.contains('\0')) {
                return Err(TagError::Value { path: self.file.clone(), field: field.to_string(), value: value.clone() });
            }
            let items = self.tag.dialect.items(field, values);
            // As the tag says them, which may be one for several.
            let after = State { values: self.tag.values(&items), items };
            let items = self.tag.of(field);
            let before = State { values: self.tag.values(&items), items };
            changes.retain(|change| change.field != *field);
            if before.values != after.values {
                changes.push(Change { field: field.clone(), before, after });
            }
        }
        Ok(Plan { file: self.file.clone(), tag: self.tag.dialect.name().to_owned(), changes })
    }

    /// An error where a field is not as it was expected.
    pub(crate) fn expect(&self, field: &Field, is_so: bool) -> Result<(), TagError> {
        if is_so { Ok(()) } else { Err(TagError::Changed { path: self.file.clone(), what: field.to_string() }) }
    }
}
