//! GTZAN: a thousand known tracks, wherever the copy at hand keeps them.

use std::path::Path;

use rayon::prelude::*;

use super::{CorpusFile, IndexOptions, files::verify, rows};
use crate::{DatasetError, Track};

/// Where the genres' folders may lie: as in the original archive, as in the Kaggle copy, or right under the root.
const FOLDERS: [&str; 3] = ["genres/", "genres_original/", ""];

pub(super) fn index(
    corpus: &CorpusFile,
    root: &Path,
    facts: Option<&str>,
    options: &IndexOptions<'_>,
) -> Result<(Vec<Track>, String), DatasetError> {
    let facts = facts.ok_or_else(|| DatasetError::NoFacts { corpus: corpus.name.clone() })?;
    let facts = rows::Rows::parse(&corpus.name, facts)?;
    let id = facts.column("track_id")?;
    let genre = facts.column("genre")?;
    let (artist, title) = (facts.column("artist")?, facts.column("title")?);
    let (wav_md5, au_sha256) = (facts.column("wav_md5")?, facts.column("au_sha256")?);
    let split = facts.column("fault_filtered")?;
    let duplicate_of = facts.column("duplicate_of")?;
    let track = |record| {
        let text = |column| rows::cell(record, column).map(str::to_owned);
        let track_id = facts.required(record, id)?.to_owned();
        let genre = facts.required(record, genre)?.to_owned();
        let public_split = text(split).map(|name| name.parse()).transpose();
        let (path, checksum) = find(root, &genre, &track_id);
        let mut track = Track {
            public_split: public_split
                .map_err(|error: DatasetError| facts.fault(rows::line(record), error.to_string(), "a part or nothing".into()))?,
            labels: [("genre".to_owned(), genre)].into(),
            artist: text(artist),
            title: text(title),
            duplicate_of: text(duplicate_of),
            track_id,
            path,
            ..Track::default()
        };
        let known = match checksum {
            Checksum::WavMd5 => text(wav_md5).map(|hex| format!("md5:{hex}")),
            Checksum::AuSha256 => text(au_sha256).map(|hex| format!("sha256:{hex}")),
        };
        verify(&mut track, root, known.as_deref(), options.accept_foreign_bytes);
        Ok(track)
    };
    let tracks = facts.records.par_iter().map(track).collect::<Result<_, DatasetError>>()?;
    let expected = "genres/blues/blues.00000.wav (or .au) and its like".to_owned();
    Ok((tracks, expected))
}

enum Checksum {
    WavMd5,
    AuSha256,
}

/// The track's file; where there is none, where the `.wav` would be.
fn find(root: &Path, genre: &str, track_id: &str) -> (String, Checksum) {
    let path = |folder: &str, end: &str| format!("{folder}{genre}/{track_id}.{end}");
    let there = |end: &str| FOLDERS.iter().map(|f| path(f, end)).find(|p| root.join(p).is_file());
    match (there("wav"), there("au")) {
        (Some(wav), _) => (wav, Checksum::WavMd5),
        (None, Some(au)) => (au, Checksum::AuSha256),
        (None, None) => (path(FOLDERS[0], "wav"), Checksum::WavMd5),
    }
}
