//! All parts of one extraction, opened to be read.

use std::collections::BTreeSet;

use arrow::{
    array::{StringArray, UInt64Array},
    datatypes::DataType,
};
use parquet::{
    arrow::{ProjectionMask, arrow_reader::ArrowReaderMetadata},
    file::reader::Length,
};
use rayon::prelude::*;
use segno_store::Store;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{FAILURES, FEATURES, NOTES, ShardHeader, ShardPart, layout, part_name, place_of, reader::PartReader};
use crate::{ClipRef, DatasetError, Digest, digest::hex, digest_fields, footer, table, table::Metadata};

/// Missing parts that an error names: how many there should be is the word of a file.
const MISSING_NAMED: usize = 10;
/// Clips held in memory for a digest of all values.
const DIGEST_CLIPS: usize = 256;

/// A track that no features could be extracted from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The track.
    pub track_id: String,
    /// Why.
    pub reason: String,
}

/// Every clip of one extraction, in the order of the manifest.
#[derive(Debug)]
pub struct ShardSet {
    pub(super) store: Store,
    pub(super) header: ShardHeader,
    clips: Vec<ClipRef>,
    starts: Vec<u64>,
    failures: Vec<Failure>,
    notes: Vec<Failure>,
    /// Row → its part and the byte its features start at.
    pub(super) places: Vec<(usize, u64)>,
    /// Rows in the order of their clips' names: an index without the names a second time.
    by_name: Vec<usize>,
}

impl ShardSet {
    /// Opens the shards in a folder or another store, reading names and places but no features.
    ///
    /// # Errors
    /// A part is missing, not whole, or of another extraction; a clip is there twice; the store cannot be read.
    pub fn open(store: impl Into<Store>) -> Result<Self, DatasetError> {
        Self::open_store(store.into())
    }

    fn open_store(store: Store) -> Result<Self, DatasetError> {
        let mut there: BTreeSet<String> = store.names()?.into_iter().collect();
        there.retain(|name| name.starts_with("part-") && name.ends_with(".parquet"));
        let parts_fault = |found: String, expected: String| DatasetError::Parts { dir: store.to_string().into(), found, expected };
        if there.is_empty() {
            return Err(parts_fault("no feature shards".into(), part_name(0)));
        }
        if !there.contains(&part_name(0)) {
            return Err(parts_fault("part 0 missing".into(), "all parts".into()));
        }
        let n_parts = open_footer(&store, &part_name(0))?.part.count;
        if there.len() > n_parts {
            return Err(parts_fault(format!("{} parts", there.len()), format!("{n_parts}")));
        }
        let missing = (0..n_parts).filter(|index| !there.contains(&part_name(*index))).map(|index| index.to_string());
        let mut missing: Vec<String> = missing.take(MISSING_NAMED + 1).collect();
        if !missing.is_empty() {
            if missing.len() > MISSING_NAMED {
                missing[MISSING_NAMED] = "…".into();
            }
            let missing = missing.join(", ");
            return Err(parts_fault(format!("parts {missing} missing"), format!("{n_parts} parts")));
        }
        let parts = (0..n_parts).into_par_iter().map(|index| read_part(&store, &part_name(index))).collect::<Result<Vec<_>, _>>()?;
        Self::join(store, parts)
    }

    fn join(store: Store, parts: Vec<PartRows>) -> Result<Self, DatasetError> {
        let mut this = Self {
            store,
            header: parts[0].header.clone(),
            clips: Vec::new(),
            starts: Vec::new(),
            failures: Vec::new(),
            notes: Vec::new(),
            places: Vec::new(),
            by_name: Vec::new(),
        };
        let count = parts.len();
        for (index, part) in parts.into_iter().enumerate() {
            if part.header != this.header || (part.part.index, part.part.count) != (index, count) {
                return Err(DatasetError::Parts {
                    dir: this.store.to_string().into(),
                    found: format!("part {index} of another extraction than part 0"),
                    expected: format!("{count} parts of one"),
                });
            }
            this.clips.extend(part.clips);
            this.starts.extend(part.starts);
            this.failures.extend(part.failures);
            this.notes.extend(part.notes);
            this.places.extend(part.offsets.into_iter().map(|offset| (index, offset)));
        }
        let name = |row: &usize| this.clips[*row].clip_id.as_str();
        let mut by_name: Vec<usize> = (0..this.clips.len()).collect();
        by_name.sort_unstable_by(|a, b| name(a).cmp(name(b)));
        if let Some(twice) = by_name.windows(2).find(|pair| name(&pair[0]) == name(&pair[1])) {
            return Err(DatasetError::Parts {
                dir: this.store.to_string().into(),
                found: format!("clip {} twice", name(&twice[0])),
                expected: "each clip once".into(),
            });
        }
        this.by_name = by_name;
        Ok(this)
    }

    /// What the parts have in common.
    pub fn header(&self) -> &ShardHeader {
        &self.header
    }

    /// Frames and bins of a clip.
    pub fn shape(&self) -> [usize; 2] {
        self.header.shape
    }

    /// Digest of specification, extractor version, corpus, and which clips there are: equal for an equal extraction,
    /// however many parts it was written in.
    pub fn digest(&self) -> Digest {
        let header = self.header.digest();
        let clips = self.clips.iter().map(|clip| clip.clip_id.as_str());
        let failures = self.failures.iter().map(|failure| failure.track_id.as_str());
        let n_clips = self.clips.len().to_string();
        digest_fields([&*header, &*n_clips].into_iter().chain(clips).chain(failures))
    }

    /// Digest of the clips' names and numbers alone: the same for the same audio in other containers.
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn values_digest(&self) -> Result<Digest, DatasetError> {
        let names: Vec<&str> = self.clips.iter().map(|clip| clip.clip_id.as_str()).collect();
        let mut hasher = Sha256::new_with_prefix(names.join("\n"));
        let rows: Vec<usize> = (0..self.clips.len()).collect();
        for rows in rows.chunks(DIGEST_CLIPS) {
            for value in self.load_rows(rows)? {
                hasher.update(value.to_le_bytes());
            }
        }
        Ok(hex(&hasher.finalize()))
    }

    /// The clips, in the order of the manifest.
    pub fn clips(&self) -> &[ClipRef] {
        &self.clips
    }

    /// Where each of [`ShardSet::clips`] starts, in samples at the rate of the feature specification.
    pub fn start_samples(&self) -> &[u64] {
        &self.starts
    }

    /// The tracks that no features could be extracted from.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// What is odd about tracks that have features all the same.
    pub fn notes(&self) -> &[Failure] {
        &self.notes
    }

    /// The index of a clip in [`ShardSet::clips`].
    pub fn row(&self, clip_id: &str) -> Option<usize> {
        let at = self.by_name.binary_search_by(|row| self.clips[*row].clip_id.as_str().cmp(clip_id)).ok()?;
        Some(self.by_name[at])
    }
}

/// A part's footer, checked.
pub(super) struct Footer {
    pub(super) header: ShardHeader,
    pub(super) part: ShardPart,
    metadata: Metadata,
    reader: PartReader,
    arrow: ArrowReaderMetadata,
}

/// Reads what a part says of itself.
pub(super) fn open_footer(store: &Store, name: &str) -> Result<Footer, DatasetError> {
    let path = place_of(store, name);
    let object = store.object(name)?;
    let len = object.len()?;
    let reader = PartReader::new(object, len);
    let arrow = footer::load(&reader, true).map_err(DatasetError::read(&path))?;
    let metadata = Metadata::of(&path, FEATURES, arrow.metadata())?;
    let (header, part) = ShardHeader::read(&metadata, arrow.schema(), &path)?;
    Ok(Footer { header, part, metadata, reader, arrow })
}

struct PartRows {
    header: ShardHeader,
    part: ShardPart,
    clips: Vec<ClipRef>,
    starts: Vec<u64>,
    failures: Vec<Failure>,
    notes: Vec<Failure>,
    offsets: Vec<u64>,
}

fn read_part(store: &Store, name: &str) -> Result<PartRows, DatasetError> {
    let Footer { header, part, metadata, reader, arrow } = open_footer(store, name)?;
    let path = &place_of(store, name);
    let offsets = layout::value_offsets(path, arrow.metadata(), &header, reader.len())?;
    let names = ProjectionMask::columns(arrow.parquet_schema(), ["clip_id", "track_id", "start_sample"]);
    let batch = table::read_batch(path, reader, arrow, names)?;
    let text = |name| table::column::<StringArray>(path, &batch, name, &DataType::Utf8, false);
    let ids = text("clip_id")?.iter().flatten().zip(text("track_id")?.iter().flatten());
    let clips: Vec<ClipRef> = ids.map(|(clip_id, track_id)| ClipRef { clip_id: clip_id.into(), track_id: track_id.into() }).collect();
    let starts: &UInt64Array = table::column(path, &batch, "start_sample", &DataType::UInt64, false)?;
    let starts = starts.values().to_vec();
    if offsets.len() != clips.len() || starts.len() != clips.len() {
        return Err(DatasetError::WrongColumn {
            path: path.to_owned(),
            column: "features".into(),
            found: format!("{} rows", offsets.len()),
            expected: format!("{}, as many as names", clips.len()),
        });
    }
    let list = |key| metadata.json(key, "a json list of tracks and reasons");
    let notes = if metadata.has(NOTES) { list(NOTES)? } else { vec![] };
    Ok(PartRows { failures: list(FAILURES)?, notes, header, part, clips, starts, offsets })
}
