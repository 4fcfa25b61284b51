//! A corpus: how it is declared, and what of it is on disk.

mod files;
mod folders;
mod gtzan;
mod rows;
mod table;

use std::path::Path;

use serde::Deserialize;

pub use table::CsvColumns;

use crate::{DatasetError, Manifest};

/// `datasets/<corpus>/corpus.toml`: what a corpus is, where it comes from, and how its files are laid out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorpusFile {
    /// Short name, the prefix of every clip's, e.g. `gtzan`.
    pub name: String,
    /// Name in full.
    pub title: String,
    /// How to cite it.
    pub citation: String,
    /// Its licence, or that none is known.
    pub licence: String,
    /// Where to read about it.
    pub homepage: Option<String>,
    /// How its files are laid out.
    pub kind: CorpusKind,
    /// The number of tracks of the whole corpus.
    pub expected_tracks: Option<usize>,
    /// Where it can be fetched.
    #[serde(default)]
    pub archives: Vec<Archive>,
    /// What is known to be wrong with it.
    #[serde(default)]
    pub known_faults: Vec<String>,
    /// The columns of the table of tracks, for `kind = "csv"`.
    pub csv: Option<CsvColumns>,
}

/// How a corpus's files are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorpusKind {
    /// `genres/<genre>/<genre>.NNNNN.wav` (or `.au`), with a table of facts beside the corpus file.
    Gtzan,
    /// A folder a class, with audio files at any depth below it.
    Folders,
    /// A CSV with a header, one track a line.
    Csv,
}

/// An archive of a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Its address; none where the host is gone and the entry is there for the checksums.
    pub url: Option<String>,
    /// The name to keep it under.
    pub file: String,
    /// Its size.
    pub bytes: Option<u64>,
    /// MD5 of the file.
    pub md5: Option<String>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Whether it holds the corpus as first published, rather than a copy.
    #[serde(default)]
    pub original: bool,
    /// What to know about it.
    pub note: Option<String>,
}

/// How [`index`] looks at the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexOptions<'a> {
    /// What the names of audio files end in, lower case, without the dot (`folders` alone asks).
    pub extensions: &'a [&'a str],
    /// Keep a track whose bytes are not the original's, with a note, rather than leave it out.
    pub accept_foreign_bytes: bool,
}

impl CorpusFile {
    /// Parses a corpus file; `origin` is named in errors.
    ///
    /// # Errors
    /// It is no TOML, has an unknown or a missing key, or keys that do not fit together.
    pub fn parse(text: &str, origin: &Path) -> Result<Self, DatasetError> {
        let this: Self =
            toml::from_str(text).map_err(|source| DatasetError::CorpusToml { path: origin.to_owned(), source: Box::new(source) })?;
        let wrong = |key, found: String, expected| DatasetError::CorpusKey { path: origin.to_owned(), key, found, expected };
        // The name is part of every clip's name and of folders' names.
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if this.name.is_empty() || !this.name.chars().all(plain) {
            let expected = "letters, digits, '-' and '_'";
            return Err(wrong("name", format!("'{}'", this.name), expected));
        }
        match (this.kind, &this.csv) {
            (CorpusKind::Csv, None) => Err(wrong("csv", "nothing".into(), "the columns, as the kind is csv")),
            (CorpusKind::Csv, Some(_)) | (_, None) => Ok(this),
            (_, Some(_)) => Err(wrong("csv", "columns".into(), "none, as the kind is not csv")),
        }
    }

    /// Reads a corpus file.
    ///
    /// # Errors
    /// As [`CorpusFile::parse`], or the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let text = std::fs::read_to_string(path).map_err(DatasetError::io(path))?;
        Self::parse(&text, path)
    }

    /// A corpus that is nothing but class folders.
    pub fn folders(name: &str) -> Self {
        Self {
            name: name.into(),
            title: name.into(),
            citation: String::new(),
            licence: "unknown".into(),
            homepage: None,
            kind: CorpusKind::Folders,
            expected_tracks: None,
            archives: Vec::new(),
            known_faults: Vec::new(),
            csv: None,
        }
    }
}

/// Looks for a corpus under `root`: every track that is known or found, with its checksum, labels and whether it takes part.
///
/// `facts` is the table of tracks: for GTZAN the text of `datasets/gtzan/tracks.csv` (needed); for a CSV corpus it stands in for
/// the table under `root`; for class folders it is unused. A file that is missing, cannot be read or differs from its known
/// checksum leaves its track out, with the reason, and is no error. Files are hashed on rayon's current pool.
///
/// # Errors
/// The table of tracks is missing or malformed, or not one track's audio is there.
pub fn index(corpus: &CorpusFile, root: &Path, facts: Option<&str>, options: &IndexOptions<'_>) -> Result<Manifest, DatasetError> {
    let (tracks, expected) = match corpus.kind {
        CorpusKind::Gtzan => gtzan::index(corpus, root, facts, options)?,
        CorpusKind::Folders => folders::index(root, options)?,
        CorpusKind::Csv => table::index(corpus, root, facts, options)?,
    };
    let manifest = Manifest::new(&corpus.name, tracks)?;
    if manifest.present().next().is_some() {
        return Ok(manifest);
    }
    Err(DatasetError::NoAudio {
        corpus: corpus.name.clone(),
        root: root.to_owned(),
        expected: match manifest.left_out().next() {
            Some((track, reason)) => format!("{expected} ({}: {reason})", track.track_id),
            None => expected,
        },
    })
}
