//! All parts of one extraction, opened to be read.

use std::{
    collections::HashMap,
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

use super::{FAILURES, FEATURES, ShardHeader, ShardPart, layout, part_path};
use crate::{ClipRef, DatasetError, Digest, digest_fields, table, table::Metadata};

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
    row_of: HashMap<String, usize>,
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
            row_of: HashMap::new(),
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
            for clip in &part.clips {
                let row = this.row_of.len();
                if this.row_of.insert(clip.clip_id.clone(), row).is_some() {
                    return Err(DatasetError::Parts {
                        dir: dir.to_owned(),
                        found: format!("clip {} twice", clip.clip_id),
                        expected: "each clip once".into(),
                    });
                }
            }
            this.clips.extend(part.clips);
            this.starts.extend(part.starts);
            this.failures.extend(part.failures);
            this.places.extend(part.offsets.into_iter().map(|offset| (index, offset)));
        }
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
        self.row_of.get(clip_id).copied()
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
    let offsets = layout::value_offsets(path, arrow.metadata(), header.n_values())?;
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
