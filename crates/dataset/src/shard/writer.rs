//! Writing one part.

use std::{path::PathBuf, sync::Arc};

use arrow::{
    array::{FixedSizeListArray, RecordBatch, StringArray, UInt64Array},
    datatypes::Schema,
};
use parquet::{
    arrow::ArrowWriter,
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
    },
    schema::types::ColumnPath,
};
use segno_store::{Store, Writer};

use super::{FAILURES, Failure, NOTES, Precision, ShardHeader, part_name, place_of, value_field};
use crate::{DatasetError, Digest, Track, digest_fields};

/// Bounds of a row group, which is what a writer holds in memory.
const MAX_GROUP_CLIPS: usize = 256;
const MAX_GROUP_BYTES: usize = 8 << 20;
/// Clips are handed to Parquet in batches of about this many bytes.
const BATCH_BYTES: usize = 1 << 20;

/// Which part of how many, and which tracks belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardPart {
    /// Counted from 0.
    pub index: usize,
    /// The number of parts.
    pub count: usize,
    /// Digest of the names of the part's tracks, in order.
    pub tracks_digest: Digest,
}

impl ShardPart {
    /// The part that holds `tracks`.
    pub fn new(index: usize, count: usize, tracks: &[&Track]) -> Self {
        let tracks_digest = digest_fields(tracks.iter().map(|track| track.track_id.as_str()));
        Self { index, count, tracks_digest }
    }
}

/// One clip's features on their way into a shard.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip<'a> {
    /// `<corpus>:<track_id>#<index>`; [`ClipRef::new`](crate::ClipRef::new) makes it.
    pub clip_id: String,
    /// The track it was cut from.
    pub track_id: &'a str,
    /// Where it starts, in samples at the rate of the feature specification.
    pub start_sample: u64,
    /// Frames × bins, row-major.
    pub features: &'a [f32],
}

/// Writes one part, which is not seen before [`ShardWriter::finish`].
/// Dropped before that, it leaves nothing behind.
pub struct ShardWriter {
    parquet: ArrowWriter<Writer>,
    path: PathBuf,
    schema: Arc<Schema>,
    n_values: usize,
    precision: Precision,
    group_clips: usize,
    clip_ids: Vec<String>,
    track_ids: Vec<String>,
    starts: Vec<u64>,
    features: Vec<f32>,
    failures: Vec<Failure>,
    notes: Vec<Failure>,
}

impl ShardWriter {
    /// Begins the part in a folder, which is made if need be, or in another store.
    ///
    /// # Errors
    /// The shape is empty or too large for a Parquet list, or the file cannot be made.
    pub fn create(store: impl Into<Store>, header: &ShardHeader, part: &ShardPart) -> Result<Self, DatasetError> {
        let (store, name) = (store.into(), part_name(part.index));
        let path = place_of(&store, &name);
        let n_values = header.n_values();
        if n_values == 0 || i32::try_from(n_values).is_err() {
            return Err(DatasetError::BadFeatures {
                clip_id: format!("{}:*", header.corpus),
                found: format!("clips of {n_values} values"),
                expected: format!("from 1 to {} values", i32::MAX),
            });
        }
        // Numbers neither repeat nor compress: plain, so that a reader can copy them as they lie.
        let values = ColumnPath::new(["features", "list", "item"].map(String::from).to_vec());
        let properties = WriterProperties::builder()
            .set_key_value_metadata(Some(header.key_values(part)))
            .set_column_dictionary_enabled("clip_id".into(), false)
            .set_column_dictionary_enabled(values.clone(), false)
            .set_column_statistics_enabled(values, EnabledStatistics::None)
            .set_max_row_group_row_count(Some(MAX_GROUP_CLIPS))
            .build();
        let schema = header.schema();
        let writer = store.create(&name)?;
        let parquet = ArrowWriter::try_new(writer, schema.clone(), Some(properties)).map_err(DatasetError::write::<ParquetError>(&path))?;
        Ok(Self {
            parquet,
            path,
            schema,
            n_values,
            precision: header.precision,
            group_clips: (MAX_GROUP_BYTES / (header.precision.bytes() * n_values)).clamp(1, MAX_GROUP_CLIPS),
            clip_ids: Vec::new(),
            track_ids: Vec::new(),
            starts: Vec::new(),
            features: Vec::new(),
            failures: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Adds a clip.
    ///
    /// # Errors
    /// The features are not of the header's shape, one is not finite, or the store refuses.
    pub fn push(&mut self, clip: Clip<'_>) -> Result<(), DatasetError> {
        let bad = |found: String, expected: String| DatasetError::BadFeatures { clip_id: clip.clip_id.clone(), found, expected };
        if clip.features.len() != self.n_values {
            let found = format!("{} features", clip.features.len());
            return Err(bad(found, self.n_values.to_string()));
        }
        if let Some(at) = clip.features.iter().position(|value| !self.precision.holds(*value)) {
            let value = clip.features[at];
            let expected = match value.is_finite() {
                true => "numbers within ±65504, which is all that half precision has; store them in single precision",
                false => "finite numbers; look at the audio",
            };
            return Err(bad(format!("{value} at index {at}"), expected.into()));
        }
        self.clip_ids.push(clip.clip_id);
        self.track_ids.push(clip.track_id.to_owned());
        self.starts.push(clip.start_sample);
        self.features.extend_from_slice(clip.features);
        let in_group = self.parquet.in_progress_rows() + self.starts.len();
        if in_group >= self.group_clips {
            self.flush_batch()?;
            self.parquet.flush().map_err(DatasetError::write::<ParquetError>(&self.path))?;
        } else if 4 * self.features.len() >= BATCH_BYTES {
            self.flush_batch()?;
        }
        Ok(())
    }

    /// Notes a track that could not be decoded.
    pub fn fail(&mut self, track_id: impl Into<String>, reason: impl Into<String>) {
        self.failures.push(Failure { track_id: track_id.into(), reason: reason.into() });
    }

    /// Notes what is odd about a track that has features all the same.
    pub fn note(&mut self, track_id: impl Into<String>, reason: impl Into<String>) {
        self.notes.push(Failure { track_id: track_id.into(), reason: reason.into() });
    }

    /// Writes what is left and gives the file its name.
    ///
    /// # Errors
    /// The store refuses.
    pub fn finish(mut self) -> Result<(), DatasetError> {
        self.flush_batch()?;
        let json = |list: &[Failure]| serde_json::to_string(list).expect("failures are nothing but text");
        self.parquet.append_key_value_metadata(KeyValue::new(FAILURES.into(), json(&self.failures)));
        if !self.notes.is_empty() {
            self.parquet.append_key_value_metadata(KeyValue::new(NOTES.into(), json(&self.notes)));
        }
        let writer = self.parquet.into_inner().map_err(DatasetError::write::<ParquetError>(&self.path))?;
        Ok(writer.commit()?)
    }

    fn flush_batch(&mut self) -> Result<(), DatasetError> {
        if self.starts.is_empty() {
            return Ok(());
        }
        let features = self.precision.column(std::mem::take(&mut self.features));
        let n_values = self.n_values as i32;
        let write = DatasetError::write::<arrow::error::ArrowError>;
        let features = FixedSizeListArray::try_new(value_field(self.precision), n_values, features, None).map_err(write(&self.path))?;
        let text = |column: &mut Vec<String>| Arc::new(StringArray::from(std::mem::take(column)));
        let batch = RecordBatch::try_new(
            self.schema.clone(),
            vec![
                text(&mut self.clip_ids),
                text(&mut self.track_ids),
                Arc::new(UInt64Array::from(std::mem::take(&mut self.starts))),
                Arc::new(features),
            ],
        )
        .map_err(write(&self.path))?;
        self.parquet.write(&batch).map_err(DatasetError::write::<ParquetError>(&self.path))
    }
}
