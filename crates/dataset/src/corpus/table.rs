//! A corpus that is a CSV with a header, one track a line.

use std::{collections::BTreeMap, path::Path};

use rayon::prelude::*;
use serde::Deserialize;

use super::{
    CorpusFile, IndexOptions,
    files::{checksum_name, mark_duplicates, verify},
    is_inside,
    rows::{self, Rows},
};
use crate::{DatasetError, Track};

/// Which column of the table holds what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvColumns {
    /// The table, relative to the corpus root.
    pub table: String,
    /// The track's name.
    pub track_id: String,
    /// The audio file, relative to the corpus root.
    pub path: String,
    /// Task → the column of its labels; an empty cell is a track without one.
    pub tasks: BTreeMap<String, String>,
    /// Who plays.
    pub artist: Option<String>,
    /// The piece's title.
    pub title: Option<String>,
    /// `md5:…` or `sha256:…`, or the hexadecimal digits alone, 32 of an MD5 or 64 of a SHA-256.
    pub checksum: Option<String>,
    /// `train`, `valid`, `test` or nothing.
    pub public_split: Option<String>,
    /// The track that this one is a copy of; without such a column, the files' bytes decide.
    pub duplicate_of: Option<String>,
}

pub(super) fn index(
    corpus: &CorpusFile,
    root: &Path,
    facts: Option<&str>,
    options: &IndexOptions<'_>,
) -> Result<(Vec<Track>, String), DatasetError> {
    let Some(columns) = &corpus.csv else {
        return Err(DatasetError::CorpusKey {
            path: root.to_owned(),
            key: "csv",
            found: "nothing".into(),
            expected: "the columns, as the kind is csv",
        });
    };
    let rows = match facts {
        Some(text) => Rows::parse(&corpus.name, text)?,
        None => {
            let path = root.join(&columns.table);
            let text = std::fs::read_to_string(&path).map_err(DatasetError::io(&path))?;
            Rows::parse(&corpus.name, &text)?
        }
    };
    let optional = |name: &Option<String>| name.as_ref().map(|name| rows.column(name)).transpose();
    let (id, path) = (rows.column(&columns.track_id)?, rows.column(&columns.path)?);
    let (artist, title) = (optional(&columns.artist)?, optional(&columns.title)?);
    let (checksum, split) = (optional(&columns.checksum)?, optional(&columns.public_split)?);
    let duplicate_of = optional(&columns.duplicate_of)?;
    let tasks = columns.tasks.iter().map(|(task, column)| Ok((task, rows.column(column)?))).collect::<Result<Vec<_>, DatasetError>>()?;
    let track = |record| {
        let text = |column: Option<usize>| rows::cell(record, column?).map(str::to_owned);
        let fault = |found, expected: &str| rows.fault(rows::line(record), found, expected.into());
        let labels = tasks.iter().filter_map(|&(task, column)| Some((task.clone(), text(Some(column))?)));
        let public_split = text(split).map(|name| name.parse()).transpose();
        let mut track = Track {
            track_id: rows.required(record, id)?.into(),
            path: rows.required(record, path)?.into(),
            labels: labels.collect(),
            artist: text(artist),
            title: text(title),
            public_split: public_split.map_err(|error: DatasetError| fault(error.to_string(), "a part or nothing"))?,
            duplicate_of: text(duplicate_of),
            ..Track::default()
        };
        if !is_inside(&track.path) {
            return Err(fault(format!("path '{}'", track.path), "one inside the corpus root"));
        }
        let known = text(checksum)
            .map(|text| checksum_name(&text).ok_or_else(|| fault(format!("checksum '{text}'"), "an md5 or a sha256 in hexadecimal")));
        let known = known.transpose()?;
        verify(&mut track, root, known.as_deref(), options.accept_foreign_bytes);
        Ok(track)
    };
    let mut tracks = rows.records.par_iter().map(track).collect::<Result<Vec<_>, _>>()?;
    if duplicate_of.is_none() {
        mark_duplicates(&mut tracks);
    }
    Ok((tracks, format!("the files that {} names", columns.table)))
}
