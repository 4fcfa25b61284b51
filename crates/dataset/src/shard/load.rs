//! Clips' features into memory: one read and one copy a clip, in parallel.

use std::{fs::File, io};

use rayon::prelude::*;

use super::{ShardSet, part_path};
use crate::DatasetError;

/// A task reads at most so many clips of a part, so that a few large parts still keep every core busy.
const CLIPS_A_TASK: usize = 64;

impl ShardSet {
    /// The features of the clips named, in the order asked for.
    ///
    /// # Shapes
    /// Out: `[clip_ids.len(), frames, bins]`, row-major.
    ///
    /// # Errors
    /// A clip is not in the shards, or a part cannot be read.
    pub fn load<S: AsRef<str>>(&self, clip_ids: &[S]) -> Result<Vec<f32>, DatasetError> {
        let mut out = vec![0.0; clip_ids.len() * self.header.n_values()];
        self.load_into(clip_ids, &mut out)?;
        Ok(out)
    }

    /// As [`ShardSet::load`], into memory that is there already.
    ///
    /// # Errors
    /// As [`ShardSet::load`].
    ///
    /// # Panics
    /// `out` is not `clip_ids.len()` × frames × bins long.
    pub fn load_into<S: AsRef<str>>(&self, clip_ids: &[S], out: &mut [f32]) -> Result<(), DatasetError> {
        let n_values = self.header.n_values();
        assert_eq!(out.len(), clip_ids.len() * n_values, "clips × frames × bins");
        let mut wanted = clip_ids
            .iter()
            .zip(out.chunks_mut(n_values))
            .map(|(clip_id, out)| match self.row(clip_id.as_ref()) {
                Some(row) => Ok((self.places[row], out)),
                None => {
                    Err(DatasetError::Unknown { place: self.dir.display().to_string(), what: "clip", name: clip_id.as_ref().to_owned() })
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        // In the order of the disk, not of the question.
        wanted.sort_unstable_by_key(|(place, _)| *place);
        let mut tasks: Vec<&mut [(_, &mut [f32])]> = Vec::new();
        for part in wanted.chunk_by_mut(|((a, _), _), ((b, _), _)| a == b) {
            tasks.extend(part.chunks_mut(CLIPS_A_TASK));
        }
        tasks.into_par_iter().try_for_each_init(
            || vec![0; 4 * n_values],
            |bytes, clips| {
                let path = part_path(&self.dir, clips[0].0.0);
                let mut read = || {
                    let file = File::open(&path)?;
                    for ((_, offset), out) in clips.iter_mut() {
                        read_at(&file, bytes, *offset)?;
                        for (value, bytes) in out.iter_mut().zip(bytes.as_chunks().0) {
                            *value = f32::from_le_bytes(*bytes);
                        }
                    }
                    Ok(())
                };
                read().map_err(DatasetError::io(&path))
            },
        )
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(bytes)
}
