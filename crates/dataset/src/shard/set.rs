//! All parts of one extraction, opened to be read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use arrow::{
    array::{StringArray, UInt64Array},
    datatypes::DataType,
};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    },
    file::metadata::PageIndexPolicy,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{FAILURES, FEATURES, ShardHeader, ShardPart, layout, part_path};
use crate::{ClipRef, DatasetError, Digest, digest::hex, digest_fields, table, table::Metadata};

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
    pub(super) dir: PathBuf,
    pub(super) header: ShardHeader,
    clips: Vec<ClipRef>,
    starts: Vec<u64>,
    failures: Vec<Failure>,
    /// Row → its part and the byte its features start at.
    pub(super) places: Vec<(usize, u64)>,
    /// Rows in the order of their clips' names: an index without the names a second time.
    by_name: Vec<usize>,
}

impl ShardSet {
    /// Opens the shards in `dir`, reading names and places but no features.
    ///
    /// # Errors
    /// A part is missing, not whole, or of another extraction; a clip is there twice.
    pub fn open(dir: &Path) -> Result<Self, DatasetError> {
        let n_files = count_parts(dir)?;
        let parts_fault = |found: String, expected: String| DatasetError::Parts { dir: dir.to_owned(), found, expected };
        if n_files == 0 {
            return Err(parts_fault("no feature shards".into(), "part-00000.parquet".into()));
        }
        let n_parts = open_footer(&part_path(dir, 0))?.part.count;
        if n_files > n_parts {
            return Err(parts_fault(format!("{n_files} parts"), format!("{n_parts}")));
        }
        let missing: Vec<String> = (0..n_parts).filter(|&index| !part_path(dir, index).is_file()).map(|index| index.to_string()).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(parts_fault(format!("parts {missing} missing"), format!("{n_parts} parts")));
        }
        let parts = (0..n_parts).into_par_iter().map(|index| read_part(&part_path(dir, index))).collect::<Result<Vec<_>, _>>()?;
        Self::join(dir, parts)
    }

    fn join(dir: &Path, parts: Vec<PartRows>) -> Result<Self, DatasetError> {
        let mut this = Self {
            dir: dir.to_owned(),
            header: parts[0].header.clone(),
            clips: Vec::new(),
            starts: Vec::new(),
            failures: Vec::new(),
            places: Vec::new(),
            by_name: Vec::new(),
        };
        let count = parts.len();
        for (index, part) in parts.into_iter().enumerate() {
            if part.header != this.header || (part.part.index, part.part.count) != (index, count) {
                return Err(DatasetError::Parts {
                    dir: dir.to_owned(),
                    found: format!("part {index} of another extraction than part 0"),
                    expected: format!("{count} parts of one"),
                });
            }
            this.clips.extend(part.clips);
            this.starts.extend(part.starts);
            this.failures.extend(part.failures);
            this.places.extend(part.offsets.into_iter().map(|offset| (index, offset)));
        }
        let name = |row: &usize| this.clips[*row].clip_id.as_str();
        let mut by_name: Vec<usize> = (0..this.clips.len()).collect();
        by_name.sort_unstable_by(|a, b| name(a).cmp(name(b)));
        if let Some(twice) = by_name.windows(2).find(|pair| name(&pair[0]) == name(&pair[1])) {
            return Err(DatasetError::Parts {
                dir: dir.to_owned(),
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
    file: fs::File,
    arrow: ArrowReaderMetadata,
}

/// Reads what a part says of itself.
pub(super) fn open_footer(path: &Path) -> Result<Footer, DatasetError> {
    let file = fs::File::open(path).map_err(DatasetError::io(path))?;
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    let arrow = ArrowReaderMetadata::load(&file, options).map_err(DatasetError::read(path))?;
    let metadata = Metadata::of(path, FEATURES, arrow.metadata())?;
    let (header, part) = ShardHeader::read(&metadata, arrow.schema(), path)?;
    Ok(Footer { header, part, metadata, file, arrow })
}

struct PartRows {
    header: ShardHeader,
    part: ShardPart,
    clips: Vec<ClipRef>,
    starts: Vec<u64>,
    failures: Vec<Failure>,
    offsets: Vec<u64>,
}

fn read_part(path: &Path) -> Result<PartRows, DatasetError> {
    let Footer { header, part, metadata, file, arrow } = open_footer(path)?;
    let offsets = layout::value_offsets(path, arrow.metadata(), &header)?;
    let names = ProjectionMask::columns(arrow.parquet_schema(), ["clip_id", "track_id", "start_sample"]);
    let batch = table::read_batch(path, file, arrow, names)?;
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
    Ok(PartRows { failures: metadata.json(FAILURES, "a json list of tracks and reasons")?, header, part, clips, starts, offsets })
}

/// The number of files named `part-*.parquet` in `dir`.
fn count_parts(dir: &Path) -> Result<usize, DatasetError> {
    let mut n_files = 0;
    for entry in fs::read_dir(dir).map_err(DatasetError::io(dir))? {
        let name = entry.map_err(DatasetError::io(dir))?.file_name();
        let name = name.to_string_lossy();
        n_files += usize::from(name.starts_with("part-") && name.ends_with(".parquet"));
    }
    Ok(n_files)
}
