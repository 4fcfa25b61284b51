//! Pairs of tracks that an audit found to be one recording: what its bytes alone do not tell.

use std::{path::Path, sync::Arc};

use arrow::{array::Float32Array, datatypes::DataType};

use crate::{
    DatasetError, Digest, Manifest, digest_fields,
    table::{self, CORPUS, CORPUS_DIGEST, SCHEMA_VERSION, text_column},
};

const DUPLICATES: &str = "duplicates";

/// Two tracks of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicatePair {
    /// The one whose name comes first.
    pub track_id: String,
    /// The other.
    pub other_track_id: String,
    /// How they are alike, in the words of the audit, e.g. `near`.
    pub kind: String,
    /// How much alike, from 0 to 1 as the audit measures it.
    pub score: f32,
}

/// The pairs that an audit of a corpus found, every one of which keeps its tracks on one side of the protocol `artist`.
///
/// Written by the audit as `audit/duplicates.parquet`: `track_id`, `other_track_id`, `kind`, `score`. An empty table says
/// that they were looked for and that there are none.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicates {
    /// The corpus's name.
    pub corpus: String,
    /// Digest of the manifest that was audited.
    pub corpus_digest: Digest,
    /// In the order of names and kinds, each once.
    pub pairs: Vec<DuplicatePair>,
}

impl Duplicates {
    /// The pairs of a manifest's tracks, in whatever order they and their two tracks come.
    ///
    /// # Errors
    /// [`DatasetError::Pair`]: a track is not in the manifest or paired with itself, a score is not in [0, 1], or a pair
    /// comes twice with one kind.
    pub fn new(manifest: &Manifest, pairs: Vec<DuplicatePair>) -> Result<Self, DatasetError> {
        let fault =
            |found: String, expected: &str| DatasetError::Pair { corpus: manifest.corpus.clone(), found, expected: expected.into() };
        let mut pairs: Vec<DuplicatePair> = pairs
            .into_iter()
            .map(|pair| match pair.track_id > pair.other_track_id {
                true => DuplicatePair { track_id: pair.other_track_id, other_track_id: pair.track_id, ..pair },
                false => pair,
            })
            .collect();
        pairs.sort_by(|a, b| key(a).cmp(&key(b)));
        for pair in &pairs {
            if let Some(name) = [&pair.track_id, &pair.other_track_id].into_iter().find(|name| manifest.track(name).is_none()) {
                return Err(fault(format!("track '{name}'"), "tracks of the manifest"));
            }
        }
        match check(&pairs) {
            Some((_, found, expected)) => Err(fault(found, expected)),
            None => Ok(Self { corpus: manifest.corpus.clone(), corpus_digest: manifest.digest(), pairs }),
        }
    }

    /// The names of each pair.
    pub fn track_ids(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (pair.track_id.as_str(), pair.other_track_id.as_str()))
    }

    /// Digest of the corpus and of every pair.
    pub fn digest(&self) -> Digest {
        let scores: Vec<String> = self.pairs.iter().map(|pair| format!("{:08x}", pair.score.to_bits())).collect();
        let rows = self.pairs.iter().zip(&scores);
        let rows = rows.flat_map(|(pair, score)| [pair.track_id.as_str(), &pair.other_track_id, &pair.kind, score]);
        digest_fields([SCHEMA_VERSION, DUPLICATES, &self.corpus, &self.corpus_digest].into_iter().chain(rows))
    }

    /// Writes the table; equal pairs give equal bytes.
    ///
    /// # Errors
    /// The pairs are not in order (see [`Duplicates::new`]), or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        self.check(path)?;
        let metadata = vec![(CORPUS, self.corpus.clone()), (CORPUS_DIGEST, self.corpus_digest.clone())];
        let text = |get: fn(&DuplicatePair) -> &str| text_column(self.pairs.iter().map(get));
        let scores = Float32Array::from_iter_values(self.pairs.iter().map(|pair| pair.score));
        let columns = vec![
            ("track_id", text(|pair| &pair.track_id), false),
            ("other_track_id", text(|pair| &pair.other_track_id), false),
            ("kind", text(|pair| &pair.kind), false),
            ("score", Arc::new(scores) as _, false),
        ];
        table::write(path, DUPLICATES, metadata, columns)
    }

    /// Reads the table.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a table of duplicates; a pair is there twice, out of order, or has a score
    /// that is none.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, DUPLICATES)?;
        let (tracks, others) = (table.strings("track_id")?, table.strings("other_track_id")?);
        let kinds = table.strings("kind")?;
        let scores: &Float32Array = table.column("score", &DataType::Float32, false)?;
        let pair = |row| DuplicatePair {
            track_id: tracks.value(row).into(),
            other_track_id: others.value(row).into(),
            kind: kinds.value(row).into(),
            score: scores.value(row),
        };
        let this = Self {
            corpus: table.metadata.text(CORPUS)?.into(),
            corpus_digest: table.metadata.text(CORPUS_DIGEST)?.into(),
            pairs: (0..table.batch.num_rows()).map(pair).collect(),
        };
        this.check(path)?;
        Ok(this)
    }

    fn check(&self, path: &Path) -> Result<(), DatasetError> {
        check(&self.pairs).map_or(Ok(()), |(row, found, expected)| Err(DatasetError::row(path, row, found, expected)))
    }
}

fn key(pair: &DuplicatePair) -> (&str, &str, &str) {
    (&pair.track_id, &pair.other_track_id, &pair.kind)
}

/// The first row that is wrong, what is there and what should be.
fn check(pairs: &[DuplicatePair]) -> Option<(usize, String, &'static str)> {
    pairs.iter().enumerate().find_map(|(row, pair)| {
        let (track, other, kind) = key(pair);
        if track >= other {
            return Some((row, format!("tracks '{track}' and '{other}'"), "two tracks in the order of their names"));
        }
        // A NaN is in no range.
        if !(0.0..=1.0).contains(&pair.score) {
            return Some((row, format!("score {} of '{track}' and '{other}'", pair.score), "a number from 0 to 1"));
        }
        let twice = row > 0 && key(&pairs[row - 1]) >= key(pair);
        twice.then(|| (row, format!("pair '{track}', '{other}', {kind}"), "each pair and kind once, in order"))
    })
}
