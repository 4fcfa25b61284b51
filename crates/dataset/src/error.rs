//! What can go wrong with a table or a corpus.

use std::{io, path::PathBuf};

use parquet::errors::ParquetError;
use segno_store::StoreError;

use crate::{Part, Protocol};

/// Why a table or a corpus could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// A store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Writing shards was asked to stop.
    #[error("stopped with {written} of {parts} open parts written: the same command goes on from there")]
    Stopped {
        /// Parts written by this run.
        written: usize,
        /// Parts that this run had to write.
        parts: usize,
    },
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A track whose clips lie in two parts of a split was asked for its part.
    #[error(
        "track {track_id} is in {} and in {} under {protocol}: clips of another length than the split's take their track's part, \
         which it has not; leave the protocol out of the row's `protocols`", parts[0], parts[1]
    )]
    SharedTrack {
        /// The track.
        track_id: String,
        /// The split's protocol.
        protocol: Protocol,
        /// Two of the parts.
        parts: [Part; 2],
    },
    /// The bytes are not a whole Parquet file.
    #[error("{path}: not a whole parquet file ({source}); delete it and run the stage that writes it again")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The reader's reason.
        source: ParquetError,
    },
    /// Parquet could not be written.
    #[error("{path}: cannot be written as parquet: {source}")]
    ParquetWrite {
        /// The file.
        path: PathBuf,
        /// The writer's reason.
        source: ParquetError,
    },
    /// A Parquet file, but another table than the one asked for.
    #[error(
        "{path}: found {found}, expected a segno table '{expected}'; name the file that the stage '{expected}' comes from, or make it again"
    )]
    WrongTable {
        /// The file.
        path: PathBuf,
        /// What its metadata says it is.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// A column is not there, or of another type.
    #[error("{path}: column '{column}': found {found}, expected {expected}; make the table again with this version of segno")]
    WrongColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type, or that it is missing.
        found: String,
        /// The type that the table's schema asks for.
        expected: String,
    },
    /// A metadata entry is not there, or not what it must be.
    #[error("{path}: metadata '{key}': found {found}, expected {expected}; make the table again with this version of segno")]
    BadMetadata {
        /// The file.
        path: PathBuf,
        /// The metadata's key.
        key: String,
        /// Its value, or that it is missing.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// A row holds a value that cannot be.
    #[error("{path}: row {row}: found {found}, expected {expected}")]
    BadRow {
        /// The file.
        path: PathBuf,
        /// The row, counted from 0.
        row: usize,
        /// The value.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// A name that is none of those known.
    #[error("unknown {what} '{found}'; known are {known}")]
    UnknownName {
        /// What is named: `protocol`, `part`.
        what: &'static str,
        /// The name given.
        found: String,
        /// The names there are.
        known: String,
    },
    /// Two tracks of a corpus have one name.
    #[error("corpus {corpus}: track '{track_id}' is there twice; give each track a name of its own")]
    TrackTwice {
        /// The corpus.
        corpus: String,
        /// The name.
        track_id: String,
    },
    /// A corpus file that is no TOML, or has an unknown or a missing key.
    #[error("{path}: {source}")]
    CorpusToml {
        /// The corpus file.
        path: PathBuf,
        /// The parser's reason, with the line.
        source: Box<toml::de::Error>,
    },
    /// A corpus file whose keys do not fit together.
    #[error("{path}: key '{key}': found {found}, expected {expected}")]
    CorpusKey {
        /// The corpus file.
        path: PathBuf,
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A table of tracks that is no CSV.
    #[error("track table of corpus {corpus}: {source}")]
    Csv {
        /// The corpus.
        corpus: String,
        /// The parser's reason, with the line.
        source: csv::Error,
    },
    /// A table of tracks with a column or a value that cannot be.
    #[error("track table of corpus {corpus}, line {line}: found {found}, expected {expected}")]
    TrackTable {
        /// The corpus.
        corpus: String,
        /// The line, counted from 1.
        line: u64,
        /// What is there.
        found: String,
        /// What must be there.
        expected: String,
    },
    /// A corpus that is only known with its table of tracks, which was not given.
    #[error("corpus {corpus}: found no table of tracks, expected the text of tracks.csv beside its corpus.toml")]
    NoFacts {
        /// The corpus.
        corpus: String,
    },
    /// A file of a corpus's own metadata is missing.
    #[error("{path}: found no such file, expected a table of the corpus's metadata; unpack the metadata archive under the corpus root")]
    NoMetadata {
        /// The file.
        path: PathBuf,
    },
    /// A file of a corpus's own metadata is another than the published one.
    #[error("{path}: found {found}, expected {expected}; get the file again, or accept foreign bytes")]
    ForeignTable {
        /// The file.
        path: PathBuf,
        /// Its checksum.
        found: String,
        /// The published one.
        expected: String,
    },
    /// A file of a corpus's own metadata, or a sheet, that is no CSV, or not whole.
    #[error("{path}: {source}; is the file whole? get it again")]
    TornTable {
        /// The file.
        path: PathBuf,
        /// The parser's reason, with the line.
        source: Box<csv::Error>,
    },
    /// A cell, or a column, of a corpus's own metadata, or of a sheet, that cannot be.
    #[error("{path}: line {line}, column '{column}': found {found}, expected {expected}")]
    TableCell {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1; 0 where it is about the whole file.
        line: u64,
        /// The column.
        column: String,
        /// What is there.
        found: String,
        /// What must be there.
        expected: String,
    },
    /// Not one track's audio is there.
    #[error("{root}: found no audio of corpus {corpus}, expected {expected}; check the folder")]
    NoAudio {
        /// The corpus.
        corpus: String,
        /// The folder that was searched.
        root: PathBuf,
        /// What was looked for.
        expected: String,
    },
    /// A file name that is not Unicode.
    #[error("{path}: the name is not unicode; rename the file")]
    NotUnicode {
        /// The file.
        path: PathBuf,
    },
    /// Parts of the feature shards are missing, or too many are there.
    #[error("{dir}: found {found}, expected {expected}; run the extraction again")]
    Parts {
        /// The folder of shards.
        dir: PathBuf,
        /// The parts there are.
        found: String,
        /// The parts there must be.
        expected: String,
    },
    /// A clip's features cannot be stored.
    #[error("clip {clip_id}: found {found}, expected {expected}")]
    BadFeatures {
        /// The clip.
        clip_id: String,
        /// What is wrong with them.
        found: String,
        /// What they must be.
        expected: String,
    },
    /// A clip that the table or the manifest does not hold.
    #[error("{place}: holds no {what} '{name}'; use tables made from one corpus and one extraction")]
    Unknown {
        /// The folder, file or corpus.
        place: String,
        /// `clip` or `track`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Shares of the parts of a split that are none.
    #[error("fractions {found}: expected three shares above 0, with at most three decimals, that sum to 1, as 0.7, 0.1 and 0.2")]
    Fractions {
        /// The shares of train, valid and test.
        found: String,
    },
    /// A fold that there cannot be.
    #[error("found {found}, expected one of 2 to 1000 folds, counted from 1, as 'fold-1of5'")]
    Fold {
        /// What was asked for.
        found: String,
    },
    /// Predictions that are not those of the folds of one run.
    #[error("predictions of {run}: found {found}, expected {expected}; run `segno predict-set` for each fold again")]
    Pool {
        /// The row, protocol and seed.
        run: String,
        /// What is there.
        found: String,
        /// What the folds of one run have in common.
        expected: String,
    },
    /// A split that cannot be drawn.
    #[error("split '{protocol}' of corpus {corpus}: found {found}, expected {expected}")]
    Split {
        /// The protocol.
        protocol: Protocol,
        /// The corpus.
        corpus: String,
        /// What is there.
        found: String,
        /// What the protocol needs.
        expected: String,
    },
    /// A pair of duplicates that is none.
    #[error("duplicates of corpus {corpus}: found {found}, expected {expected}; run the audit again")]
    Pair {
        /// The corpus.
        corpus: String,
        /// What is there.
        found: String,
        /// What a pair is.
        expected: String,
    },
    /// A clip's track has no usable label.
    #[error("track {track_id}: its label for task '{task}' is {found}, expected one of {expected}; see the manifest")]
    Label {
        /// The track.
        track_id: String,
        /// The task.
        task: String,
        /// Its label, or `none`.
        found: String,
        /// The classes.
        expected: String,
    },
}
