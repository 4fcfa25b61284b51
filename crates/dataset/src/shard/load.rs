//! Clips' features into memory: one read and one copy a clip.

use std::{fs::File, io};

use rayon::prelude::*;

use super::{ShardSet, part_path};
use crate::DatasetError;

/// A task reads at most so many clips of a part, so that a few large parts still keep every core busy.
const CLIPS_A_TASK: usize = 64;

/// A clip's part, the byte at which its features start there, and where they go.
type Wanted<'a> = ((usize, u64), &'a mut [f32]);

impl ShardSet {
    /// The features of the clips named, in the order asked for, read on every thread of rayon's current pool.
    ///
    /// # Shapes
    /// Out: `[clip_ids.len(), frames, bins]`, row-major.
    ///
    /// # Errors
    /// A clip is not in the shards, or a part cannot be read.
    pub fn load<S: AsRef<str>>(&self, clip_ids: &[S]) -> Result<Vec<f32>, DatasetError> {
        self.load_rows(&self.known_rows(clip_ids)?)
    }

    /// As [`ShardSet::load`], into memory that is there already.
    ///
    /// # Errors
    /// As [`ShardSet::load`].
    ///
    /// # Panics
    /// `out` is not `clip_ids.len()` × frames × bins long.
    pub fn load_into<S: AsRef<str>>(&self, clip_ids: &[S], out: &mut [f32]) -> Result<(), DatasetError> {
        self.load_rows_into(&self.known_rows(clip_ids)?, out)
    }

    /// As [`ShardSet::load`], of clips named by their rows.
    pub(crate) fn load_rows(&self, rows: &[usize]) -> Result<Vec<f32>, DatasetError> {
        let mut out = vec![0.0; rows.len() * self.header.n_values()];
        self.load_rows_into(rows, &mut out)?;
        Ok(out)
    }

    /// As [`ShardSet::load_rows`], on the calling thread alone: for threads that read while others compute.
    pub(crate) fn read_rows(&self, rows: &[usize]) -> Result<Vec<f32>, DatasetError> {
        let mut out = vec![0.0; rows.len() * self.header.n_values()];
        let mut bytes = self.clip_bytes();
        for clips in self.wanted(rows, &mut out).chunk_by_mut(|(a, _), (b, _)| a.0 == b.0) {
            self.read_part(clips, &mut bytes)?;
        }
        Ok(out)
    }

    fn load_rows_into(&self, rows: &[usize], out: &mut [f32]) -> Result<(), DatasetError> {
        let mut wanted = self.wanted(rows, out);
        let mut tasks: Vec<&mut [Wanted]> = Vec::new();
        for part in wanted.chunk_by_mut(|(a, _), (b, _)| a.0 == b.0) {
            tasks.extend(part.chunks_mut(CLIPS_A_TASK));
        }
        tasks.into_par_iter().try_for_each_init(|| self.clip_bytes(), |bytes, clips| self.read_part(clips, bytes))
    }

    fn known_rows<S: AsRef<str>>(&self, clip_ids: &[S]) -> Result<Vec<usize>, DatasetError> {
        clip_ids.iter().map(|clip_id| self.known_row(clip_id.as_ref())).collect()
    }

    /// As [`ShardSet::row`], of a clip that must be there.
    pub(crate) fn known_row(&self, clip_id: &str) -> Result<usize, DatasetError> {
        let unknown = || DatasetError::Unknown { place: self.dir.display().to_string(), what: "clip", name: clip_id.to_owned() };
        self.row(clip_id).ok_or_else(unknown)
    }

    /// What is to be read for these rows, in the order of the disk and not of the question.
    fn wanted<'a>(&self, rows: &[usize], out: &'a mut [f32]) -> Vec<Wanted<'a>> {
        let n_values = self.header.n_values();
        assert_eq!(out.len(), rows.len() * n_values, "clips × frames × bins");
        let mut wanted: Vec<Wanted> = rows.iter().map(|row| self.places[*row]).zip(out.chunks_mut(n_values)).collect();
        wanted.sort_unstable_by_key(|(place, _)| *place);
        wanted
    }

    /// Room for one clip as it is stored.
    fn clip_bytes(&self) -> Vec<u8> {
        vec![0; self.header.precision.bytes() * self.header.n_values()]
    }

    /// Reads clips that lie in one part.
    fn read_part(&self, clips: &mut [Wanted], bytes: &mut [u8]) -> Result<(), DatasetError> {
        let path = part_path(&self.dir, clips[0].0.0);
        let mut read = || {
            let file = File::open(&path)?;
            for ((_, offset), out) in clips.iter_mut() {
                read_at(&file, bytes, *offset)?;
                self.header.precision.decode(bytes, out);
            }
            Ok(())
        };
        read().map_err(DatasetError::io(&path))
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
