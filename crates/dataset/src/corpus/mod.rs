//! A corpus: how it is declared, and what of it is on disk.

mod files;
mod fma;
mod folders;
mod gtzan;
mod rows;
mod table;

use std::path::{Component, Path};

use serde::Deserialize;

pub use fma::{FmaConfig, FmaGenre, FmaSubset, MoodCuts};
pub use table::CsvColumns;

use crate::{DatasetError, Manifest};

/// `datasets/<corpus>/corpus.toml`: what a corpus is, where it comes from, and how its files are laid out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    /// What is taken of FMA, for `kind = "fma"`.
    pub fma: Option<FmaConfig>,
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
    /// FMA's own tables and its tree of mp3 files.
    Fma,
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
    /// About its size, where the exact one is not known.
    pub about_bytes: Option<u64>,
    /// MD5 of the file.
    pub md5: Option<String>,
    /// SHA-1 of the file.
    pub sha1: Option<String>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// What part of the corpus it holds; none for the whole.
    pub holds: Option<Holds>,
    /// Whether it holds the corpus as first published, rather than a copy.
    #[serde(default)]
    pub original: bool,
    /// What to know about it.
    pub note: Option<String>,
}

/// What part of a corpus an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// The tables that [`index`] reads.
    Metadata,
    /// The audio files.
    Audio,
}

impl Archive {
    /// What to say of its size before it is fetched.
    pub fn expected_bytes(&self) -> Option<u64> {
        self.bytes.or(self.about_bytes)
    }
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
            (CorpusKind::Csv, None) => return Err(wrong("csv", "nothing".into(), "the columns, as the kind is csv")),
            (CorpusKind::Csv, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(wrong("csv", "columns".into(), "none, as the kind is not csv")),
        }
        match (this.kind, &this.fma) {
            (CorpusKind::Fma, None) => Err(wrong("fma", "nothing".into(), "what is taken of FMA, as the kind is fma")),
            (CorpusKind::Fma, Some(fma)) => match fma.fault() {
                Some((key, found, expected)) => Err(wrong(key, found, expected)),
                None => Ok(this),
            },
            (_, None) => Ok(this),
            (_, Some(_)) => Err(wrong("fma", "a table".into(), "none, as the kind is not fma")),
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
            fma: None,
        }
    }
}

/// Looks for a corpus under `root`: every track that is known or found, with its checksum, labels and whether it takes part.
///
/// `facts` is the table of tracks: for GTZAN the text of `datasets/gtzan/tracks.csv` (needed); for a CSV corpus it stands in for
/// the table under `root`; for class folders and FMA, whose tables are files of its own, it is unused. A file that is missing, cannot be read or differs from its known
/// checksum leaves its track out, with the reason, and is no error. Files are hashed on rayon's current pool.
///
/// # Errors
/// The table of tracks, or FMA's metadata, is missing or malformed, or not one track's audio is there.
pub fn index(corpus: &CorpusFile, root: &Path, facts: Option<&str>, options: &IndexOptions<'_>) -> Result<Manifest, DatasetError> {
    let mut selection = None;
    let (tracks, expected) = match corpus.kind {
        CorpusKind::Gtzan => gtzan::index(corpus, root, facts, options)?,
        CorpusKind::Folders => folders::index(root, options)?,
        CorpusKind::Csv => table::index(corpus, root, facts, options)?,
        CorpusKind::Fma => {
            let (tracks, drawn, expected) = fma::index(fma_config(corpus, root)?, &corpus.name, root, options)?;
            selection = Some(drawn);
            (tracks, expected)
        }
    };
    let manifest = Manifest { selection, ..Manifest::new(&corpus.name, tracks)? };
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

/// The files that a corpus needs of an archive, as paths below the corpus root and names in the archive alike; `None` for all.
///
/// For FMA, the metadata's three tables; and, once they are there, the audio of the songs that they and the seed draw.
///
/// # Errors
/// As [`index`] for FMA's metadata.
pub fn needed_files(corpus: &CorpusFile, root: &Path, holds: Holds) -> Result<Option<Vec<String>>, DatasetError> {
    if corpus.kind != CorpusKind::Fma {
        return Ok(None);
    }
    let config = fma_config(corpus, root)?;
    let files = match holds {
        Holds::Metadata => fma::FILES.iter().map(|name| format!("{}/{name}", config.metadata)).collect(),
        Holds::Audio => {
            let drawn = fma::draw(config, &corpus.name, root, false)?.tracks.into_iter();
            let mut files: Vec<String> = drawn.filter(|track| track.left_out.is_none()).map(|track| track.path).collect();
            files.sort();
            files
        }
    };
    Ok(Some(files))
}

fn fma_config<'a>(corpus: &'a CorpusFile, root: &Path) -> Result<&'a FmaConfig, DatasetError> {
    corpus.fma.as_ref().ok_or_else(|| DatasetError::CorpusKey {
        path: root.to_owned(),
        key: "fma",
        found: "nothing".into(),
        expected: "what is taken of FMA, as the kind is fma",
    })
}

/// Whether a path leads nowhere but below the corpus root.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}
