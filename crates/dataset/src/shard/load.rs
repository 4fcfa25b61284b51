//! Clips' features into memory: one read and one copy a clip.

use rayon::prelude::*;

use super::{ShardSet, part_name};
use crate::DatasetError;

/// A task reads at most so many clips of a part, so that a few large parts still keep every core busy.
const CLIPS_A_TASK: usize = 64;
/// Clips that lie one after the other are asked of a server by requests of at most so many bytes.
const FAR_BYTES: usize = 4 << 20;
/// And of a disk: what is read at once stays in the processor's cache.
const NEAR_BYTES: usize = 64 << 10;

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

    /// The features of all clips, in the order of [`ShardSet::clips`].
    ///
    /// # Shapes
    /// As [`ShardSet::load`].
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn load_all(&self) -> Result<Vec<f32>, DatasetError> {
        self.load_rows(&(0..self.clips().len()).collect::<Vec<_>>())
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
        let mut bytes = Vec::new();
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
        tasks.into_par_iter().try_for_each_init(Vec::new, |bytes, clips| self.read_part(clips, bytes))
    }

    fn known_rows<S: AsRef<str>>(&self, clip_ids: &[S]) -> Result<Vec<usize>, DatasetError> {
        clip_ids.iter().map(|clip_id| self.known_row(clip_id.as_ref())).collect()
    }

    /// As [`ShardSet::row`], of a clip that must be there.
    pub(crate) fn known_row(&self, clip_id: &str) -> Result<usize, DatasetError> {
        let unknown = || DatasetError::Unknown { place: self.store.to_string(), what: "clip", name: clip_id.to_owned() };
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

    /// Bytes of one clip as it is stored.
    fn clip_bytes(&self) -> usize {
        self.header.precision.bytes() * self.header.n_values()
    }

    /// Reads clips that lie in one part.
    fn read_part(&self, clips: &mut [Wanted], bytes: &mut Vec<u8>) -> Result<(), DatasetError> {
        let part = self.store.object(&part_name(clips[0].0.0))?;
        let clip_bytes = self.clip_bytes();
        let together = if part.is_far() { FAR_BYTES } else { NEAR_BYTES };
        let most = (together / clip_bytes).max(1);
        let mut rest = clips;
        while let [((_, start), _), ..] = *rest {
            let adjacent = (start..).step_by(clip_bytes).zip(rest.iter()).take(most).take_while(|(at, ((_, offset), _))| at == offset);
            let n_together = adjacent.count();
            let (together, others) = std::mem::take(&mut rest).split_at_mut(n_together);
            bytes.resize(together.len() * clip_bytes, 0);
            part.read_at(start, bytes)?;
            for (bytes, (_, out)) in bytes.chunks(clip_bytes).zip(together) {
                self.header.precision.decode(bytes, out);
            }
            rest = others;
        }
        Ok(())
    }
}
