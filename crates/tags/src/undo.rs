//! A file of plans, each written down before it is carried out.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{Plan, TagError};

/// A file that grows by a line of JSON a plan.
#[derive(Debug)]
pub struct UndoFile {
    path: PathBuf,
    file: File,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// Version of this layout: 1.
    segno_undo: u32,
}

impl UndoFile {
    /// Begins a file where there is none.
    ///
    /// # Errors
    /// There is one, which is never written over; the disk refuses.
    pub fn create(path: &Path) -> Result<Self, TagError> {
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => TagError::UndoThere { path: path.to_owned() },
            _ => TagError::Io { path: path.to_owned(), what: "no undo file can be made", source },
        })?;
        let mut this = Self { path: path.to_owned(), file };
        this.line(&Opening { segno_undo: 1 })?;
        Ok(this)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a plan down; it is on the disk when this returns.
    ///
    /// # Errors
    /// The disk refuses; the plan's file has a name that is no Unicode.
    pub fn keep(&mut self, plan: &Plan) -> Result<(), TagError> {
        self.line(plan)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), TagError> {
        let written = serde_json::to_vec(value).map_err(io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            self.file.write_all(&line)?;
            self.file.sync_data()
        });
        written.map_err(|source| TagError::Io { path: self.path.clone(), what: "the undo file cannot be written", source })
    }
}

/// The plans of an undo file, the last first: the order in which they are undone. A last line that a killed run left half is of a plan that
/// was not carried out.
///
/// # Errors
/// It is no such file, or a line in it is damaged.
pub fn read_undo(path: &Path) -> Result<Vec<Plan>, TagError> {
    let cannot = |source| TagError::Io { path: path.to_owned(), what: "cannot be read", source };
    let mut reader = BufReader::new(File::open(path).map_err(cannot)?);
    let (mut plans, mut line, mut number) = (vec![], vec![], 0);
    while reader.read_until(b'\n', &mut line).map_err(cannot)? > 0 && line.ends_with(b"\n") {
        number += 1;
        if number == 1 {
            let opening: Option<Opening> = serde_json::from_slice(&line).ok();
            if opening.is_none_or(|opening| opening.segno_undo != 1) {
                return Err(TagError::NoUndo { path: path.to_owned() });
            }
        } else {
            let plan = serde_json::from_slice(&line);
            plans.push(plan.map_err(|source| TagError::Record { path: path.to_owned(), line: number, source })?);
        }
        line.clear();
    }
    if number == 0 {
        return Err(TagError::NoUndo { path: path.to_owned() });
    }
    plans.reverse();
    Ok(plans)
}
