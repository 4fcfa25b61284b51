//! The corpora that the program knows by name.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use segno_corpora::CORPORA;
use segno_dataset::CorpusFile;

/// A corpus file and, for GTZAN, the table of facts beside it.
pub struct Corpus {
    /// The declaration.
    pub file: CorpusFile,
    /// Its text, which the work folder keeps.
    pub text: String,
    /// CSV, one row a track.
    pub facts: Option<String>,
}

/// A corpus by its name, or by the path of a corpus.toml (facts: a tracks.csv beside it); `folders:<name>` takes any
/// folder of class folders.
///
/// # Errors
/// It is none of these, or the file cannot be read.
pub fn find(which: &str) -> Result<Corpus> {
    if let Some(known) = segno_corpora::corpus(which) {
        let text = known.declaration.to_owned();
        return Ok(Corpus { file: CorpusFile::parse(&text, Path::new(known.name))?, text, facts: known.facts.map(str::to_owned) });
    }
    if let Some(name) = which.strip_prefix("folders:") {
        let text = format!("name = \"{name}\"\ntitle = \"{name}\"\ncitation = \"\"\nlicence = \"unknown\"\nkind = \"folders\"\n");
        return Ok(Corpus { file: CorpusFile::parse(&text, Path::new(which))?, text, facts: None });
    }
    let path = Path::new(which);
    if !path.is_file() {
        let known: Vec<&str> = CORPORA.iter().map(|corpus| corpus.name).collect();
        bail!("corpus '{which}' is none of {}, folders:<name>, or the path of a corpus.toml", known.join(", "));
    }
    let facts = path.with_file_name("tracks.csv");
    let facts = if facts.is_file() { Some(fs::read_to_string(&facts).with_context(|| facts.display().to_string())?) } else { None };
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(Corpus { file: CorpusFile::parse(&text, path)?, text, facts })
}
