//! The clips of one side of a split: names and labels in memory, features there too or left in the shards.

use std::sync::Arc;

use crate::{Batches, ClipRef, DatasetError, Manifest, Part, ShardSet, Split};

/// Features and labels of some clips, in the order of the split table.
#[derive(Clone, Debug)]
pub struct Examples {
    /// The clips.
    pub clips: Vec<ClipRef>,
    /// [frames, bins] of one clip.
    pub shape: [usize; 2],
    /// Of each clip, in memory or not: [`Examples::batches`] hands them out.
    pub features: Features,
    /// A task each: the class of every clip, as an index into the task's classes.
    pub labels: Vec<Vec<usize>>,
}

/// Where the features of some clips are.
#[derive(Clone, Debug)]
pub enum Features {
    /// In memory: [clips, frames, bins], row-major.
    Held(Vec<f32>),
    /// In the shards; read when they are asked for.
    Streamed {
        /// The shards.
        shards: Arc<ShardSet>,
        /// The clips, as rows of the set.
        rows: Arc<[usize]>,
    },
}

impl Examples {
    /// Loads one part; `tasks` pairs each task's name with its classes. Features of more than `memory_bytes` stay in
    /// the shards, and are read batch by batch.
    ///
    /// # Errors
    /// [`DatasetError::Label`] when a track has no label for a task, or one outside its classes; and those of
    /// [`ShardSet::load`].
    pub fn load(
        shards: &Arc<ShardSet>,
        split: &Split,
        part: Part,
        manifest: &Manifest,
        tasks: &[(&str, &[String])],
        memory_bytes: u64,
    ) -> Result<Self, DatasetError> {
        let split_rows: Vec<_> = split.part(part).collect();
        let mut labels = vec![Vec::with_capacity(split_rows.len()); tasks.len()];
        for row in &split_rows {
            for ((task, classes), labels) in tasks.iter().zip(&mut labels) {
                let label = manifest.track(&row.track_id).and_then(|track| track.labels.get(*task));
                let class = label.and_then(|label| classes.iter().position(|class| class == label));
                labels.push(class.ok_or_else(|| DatasetError::Label {
                    track_id: row.track_id.clone(),
                    task: (*task).to_owned(),
                    found: label.map_or_else(|| "none".to_owned(), |label| format!("'{label}'")),
                    expected: classes.join(", "),
                })?);
            }
        }
        let rows = split_rows.iter().map(|row| shards.known_row(&row.clip_id)).collect::<Result<Vec<_>, _>>()?;
        let features = if bytes_of(rows.len(), shards.shape()) <= memory_bytes {
            Features::Held(shards.load_rows(&rows)?)
        } else {
            Features::Streamed { shards: shards.clone(), rows: rows.into() }
        };
        let clips = split_rows.iter().map(|row| ClipRef { clip_id: row.clip_id.clone(), track_id: row.track_id.clone() }).collect();
        Ok(Self { clips, shape: shards.shape(), features, labels })
    }

    /// How many clips there are.
    pub fn len(&self) -> usize {
        self.clips.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.clips.is_empty()
    }

    /// What all features take, or would take, in memory.
    pub fn feature_bytes(&self) -> u64 {
        bytes_of(self.len(), self.shape)
    }

    /// All features, where they are in memory.
    pub fn held(&self) -> Option<&[f32]> {
        match &self.features {
            Features::Held(values) => Some(values),
            Features::Streamed { .. } => None,
        }
    }

    /// The clips with these indices, `batch_size` at a time, in the order given. Features that are not in memory are
    /// read ahead by threads of their own, while the caller works on the batches before.
    ///
    /// # Panics
    /// `batch_size` is 0; an index is none of a clip.
    pub fn batches<'a>(&'a self, order: &'a [usize], batch_size: usize) -> Batches<'a> {
        Batches::new(self, order, batch_size)
    }
}

fn bytes_of(clips: usize, [frames, bins]: [usize; 2]) -> u64 {
    4 * clips as u64 * frames as u64 * bins as u64
}
