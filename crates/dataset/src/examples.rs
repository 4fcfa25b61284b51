//! The clips of one side of a split, as arrays.

use crate::{ClipRef, DatasetError, Manifest, Part, ShardSet, Split};

/// Features and labels of some clips, in the order of the split table.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    /// The clips.
    pub clips: Vec<ClipRef>,
    /// [frames, bins] of one clip.
    pub shape: [usize; 2],
    /// [clips, frames, bins], row-major.
    pub features: Vec<f32>,
    /// A task each: the class of every clip, as an index into the task's classes.
    pub labels: Vec<Vec<usize>>,
}

impl Examples {
    /// Loads one part; `tasks` pairs each task's name with its classes.
    ///
    /// # Errors
    /// [`DatasetError::Label`] when a track has no label for a task, or one outside its classes.
    pub fn load(
        shards: &ShardSet,
        split: &Split,
        part: Part,
        manifest: &Manifest,
        tasks: &[(&str, &[String])],
    ) -> Result<Self, DatasetError> {
        let rows: Vec<_> = split.part(part).collect();
        let mut labels = vec![Vec::with_capacity(rows.len()); tasks.len()];
        for row in &rows {
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
        let clip_ids: Vec<&str> = rows.iter().map(|row| row.clip_id.as_str()).collect();
        let features = shards.load(&clip_ids)?;
        let clips = rows.iter().map(|row| ClipRef { clip_id: row.clip_id.clone(), track_id: row.track_id.clone() }).collect();
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
}
