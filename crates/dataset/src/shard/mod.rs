//! Feature shards: `features/part-00003.parquet`, one clip a row.

mod layout;
mod load;
mod parallel;
mod precision;
mod reader;
mod set;
mod share;
mod writer;

pub use parallel::write_shards;
pub use precision::Precision;
pub use set::{Failure, ShardSet};
pub use share::{Parts, Share};
pub use writer::{Clip, ShardPart, ShardWriter};

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::datatypes::{DataType, Field, Schema};
use parquet::file::metadata::KeyValue;
use segno_store::Store;

use crate::{
    DatasetError, Digest, digest_fields,
    table::{CORPUS, CORPUS_DIGEST, Metadata, SCHEMA_VERSION, key_values},
};

const FEATURES: &str = "features";
const FEATURE_SPEC: &str = "segno.feature_spec";
const EXTRACTOR_VERSION: &str = "segno.extractor_version";
const DECODER_VERSION: &str = "segno.decoder_version";
const FEATURES_DIGEST: &str = "segno.features_digest";
const PART: &str = "segno.part";
const TRACKS_DIGEST: &str = "segno.tracks_digest";
const FAILURES: &str = "segno.failures";
const NOTES: &str = "segno.notes";
const SHAPE: &str = "segno.shape";

/// What every part of one extraction has in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardHeader {
    /// The feature specification as canonical JSON.
    pub feature_spec_json: String,
    /// The version of the code that computed the features.
    pub extractor_version: String,
    /// The version of the code that made samples of the audio files.
    pub decoder_version: String,
    /// The corpus's name.
    pub corpus: String,
    /// Digest of the manifest.
    pub corpus_digest: Digest,
    /// Frames and bins of a clip.
    pub shape: [usize; 2],
    /// What a value is stored as.
    pub precision: Precision,
}

impl ShardHeader {
    /// Digest of what the numbers mean: specification, extractor version, decoder version, and precision where it is not
    /// single. A model file carries it.
    pub fn features_digest(&self) -> Digest {
        let fields = [SCHEMA_VERSION, &self.feature_spec_json, &self.extractor_version, &self.decoder_version];
        // Single precision, which shards had before there was another, leaves no trace: its digests stay.
        let rounded = (self.precision != Precision::Single).then(|| self.precision.to_string());
        digest_fields(fields.into_iter().chain(rounded.as_deref()))
    }

    /// Digest of the whole header: [`ShardHeader::features_digest`], shape and corpus.
    pub fn digest(&self) -> Digest {
        let shape = self.shape_json();
        digest_fields([&*self.features_digest(), &*shape, &*self.corpus, &*self.corpus_digest])
    }

    /// Values a clip.
    pub fn n_values(&self) -> usize {
        self.shape[0].saturating_mul(self.shape[1])
    }

    fn shape_json(&self) -> String {
        format!("[{},{}]", self.shape[0], self.shape[1])
    }

    /// The schema: clip_id, track_id, start_sample, features.
    fn schema(&self) -> Arc<Schema> {
        let list = DataType::FixedSizeList(value_field(self.precision), self.n_values() as i32);
        let shape = HashMap::from([(SHAPE.to_owned(), self.shape_json())]);
        Arc::new(Schema::new(vec![
            Field::new("clip_id", DataType::Utf8, false),
            Field::new("track_id", DataType::Utf8, false),
            Field::new("start_sample", DataType::UInt64, false),
            Field::new("features", list, false).with_metadata(shape),
        ]))
    }

    fn key_values(&self, part: &ShardPart) -> Vec<KeyValue> {
        let more = vec![
            (FEATURE_SPEC, self.feature_spec_json.clone()),
            (EXTRACTOR_VERSION, self.extractor_version.clone()),
            (DECODER_VERSION, self.decoder_version.clone()),
            (FEATURES_DIGEST, self.features_digest()),
            (CORPUS, self.corpus.clone()),
            (CORPUS_DIGEST, self.corpus_digest.clone()),
            (PART, format!("{}/{}", part.index, part.count)),
            (TRACKS_DIGEST, part.tracks_digest.clone()),
        ];
        key_values(FEATURES, more)
    }

    /// Reads what [`ShardHeader::schema`] and [`ShardHeader::key_values`] wrote.
    fn read(metadata: &Metadata, schema: &Schema, path: &Path) -> Result<(Self, ShardPart), DatasetError> {
        let wrong = |found: String| DatasetError::WrongColumn {
            path: path.to_owned(),
            column: "features".into(),
            found,
            expected: format!("a fixed-size list of float32 or float16 with '{SHAPE}' in its metadata"),
        };
        let field = schema.field_with_name("features").map_err(|_| wrong("no such column".into()))?;
        let shape = field.metadata().get(SHAPE).and_then(|text| serde_json::from_str::<[usize; 2]>(text).ok());
        let this = Self {
            feature_spec_json: metadata.text(FEATURE_SPEC)?.into(),
            extractor_version: metadata.text(EXTRACTOR_VERSION)?.into(),
            decoder_version: metadata.text(DECODER_VERSION)?.into(),
            corpus: metadata.text(CORPUS)?.into(),
            corpus_digest: metadata.text(CORPUS_DIGEST)?.into(),
            shape: shape.ok_or_else(|| wrong(format!("{} without a shape", field.data_type())))?,
            // Whatever else it is than half is held against single below.
            precision: match field.data_type() {
                DataType::FixedSizeList(value, _) if *value.data_type() == DataType::Float16 => Precision::Half,
                _ => Precision::Single,
            },
        };
        // Field by field: a reader adds the file's metadata to the schema's.
        for (index, expected) in this.schema().fields().iter().enumerate() {
            let found = schema.fields().get(index);
            if found != Some(expected) {
                return Err(DatasetError::WrongColumn {
                    path: path.to_owned(),
                    column: expected.name().clone(),
                    found: found.map_or("no such column".into(), |field| format!("{field}")),
                    expected: format!("{expected}"),
                });
            }
        }
        let found = metadata.text(FEATURES_DIGEST)?;
        if found != this.features_digest() {
            return Err(metadata.bad(FEATURES_DIGEST, found, &this.features_digest()));
        }
        let numbers = metadata.text(PART)?;
        let part = numbers
            .split_once('/')
            .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)))
            .filter(|(index, count)| index < count)
            .ok_or_else(|| metadata.bad(PART, numbers, "a part and the number of parts, as 3/32"))?;
        let part = ShardPart { index: part.0, count: part.1, tracks_digest: metadata.text(TRACKS_DIGEST)?.into() };
        Ok((this, part))
    }
}

fn value_field(precision: Precision) -> Arc<Field> {
    Arc::new(Field::new("item", precision.data_type(), false))
}

/// The name of part `index`.
fn part_name(index: usize) -> String {
    format!("part-{index:05}.parquet")
}

/// Where a name lies, as errors say it: a path, or a path within a bucket.
fn place_of(store: &Store, name: &str) -> PathBuf {
    PathBuf::from(store.to_string()).join(name)
}
