//! The stamp: what the folder was rendered from, and which files are ours.
//!
//! It is written before the first file, as `rendering`, and again after the last one, as `complete` with every file's
//! size. So a second call knows a whole corpus at a glance, and an interrupted or outdated one can be cleared without
//! touching a file that is not ours.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path};

use crate::{SynthError, SynthSpec};

/// The stamp's name in the corpus folder.
pub(crate) const STAMP_FILE: &str = "synth.stamp";
/// Goes up whenever the same specification gives other bytes.
const CORPUS_VERSION: u32 = 2;

/// A stamp as it was found.
pub(crate) struct Stamp {
    head: String,
    is_complete: bool,
    /// Size and path of each file, the size 0 while rendering.
    files: Vec<(u64, String)>,
}

/// The first line: everything the bytes depend on.
fn head(spec: &SynthSpec) -> String {
    format!(
        "segno-synth corpus version {CORPUS_VERSION}: tracks_per_genre={} seconds={:?} sample_rate_hz={} seed={}",
        spec.tracks_per_genre, spec.seconds, spec.sample_rate_hz, spec.seed
    )
}

impl Stamp {
    /// The stamp in `dir`, if there is one.
    pub(crate) fn read(dir: &Path) -> Result<Option<Self>, SynthError> {
        let path = dir.join(STAMP_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SynthError::io("read", path)(error)),
        };
        let mut lines = text.lines();
        let head = lines.next().unwrap_or_default().to_owned();
        let is_complete = lines.next() == Some("complete");
        let files = lines.filter_map(|line| line.split_once(' ')).filter_map(|(size, path)| Some((size.parse().ok()?, path.to_owned())));
        Ok(Some(Self { head, is_complete, files: files.collect() }))
    }

    /// Whether all of `spec`'s corpus lies in `dir`, every file at its size.
    pub(crate) fn holds(&self, dir: &Path, spec: &SynthSpec) -> bool {
        let is_there = |(size, path): &(u64, String)| fs::metadata(dir.join(path)).is_ok_and(|meta| meta.len() == *size);
        self.is_complete && self.head == head(spec) && self.files.iter().all(is_there)
    }

    /// Removes the files it names; folders stay.
    pub(crate) fn clear(&self, dir: &Path) -> Result<(), SynthError> {
        for (_, path) in &self.files {
            // The stamp is a file like any other: a path that leads out of the folder is not followed.
            if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
                continue;
            }
            let path = dir.join(path);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(SynthError::io("remove", path)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes the stamp of a corpus whose rendering begins (`sizes` absent) or is done.
    pub(crate) fn write(dir: &Path, spec: &SynthSpec, paths: &[&str], sizes: Option<&[u64]>) -> Result<(), SynthError> {
        let state = if sizes.is_some() { "complete" } else { "rendering" };
        let mut text = format!("{}\n{state}\n", head(spec));
        for (i, path) in paths.iter().enumerate() {
            let size = sizes.map_or(0, |sizes| sizes[i]);
            text.push_str(&format!("{size} {path}\n"));
        }
        let path = dir.join(STAMP_FILE);
        // Renamed into place, so that a stamp is old or new and never half of one.
        let temporary = dir.join(format!("{STAMP_FILE}.tmp"));
        fs::write(&temporary, text).map_err(SynthError::io("write", &temporary))?;
        fs::rename(&temporary, &path).map_err(SynthError::io("write", &path))
    }
}
