//! A library of embeddings, and which of its tracks are nearest to another.

use std::path::Path;

use anyhow::{Context, Result};
use segno_dataset::ShardSet;

use crate::embedding::EmbeddingSpec;

/// Embeddings of tracks.
pub struct Neighbours {
    /// What they are embeddings of.
    pub spec: EmbeddingSpec,
    tracks: Vec<String>,
    /// `[tracks, width]`, row-major.
    values: Vec<f32>,
    width: usize,
}

/// A track of the library, as near as the cosine of the angle between the embeddings says: 1 is the same direction.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Neighbour {
    /// Its name: for files, their path as it was embedded.
    pub track: String,
    /// From -1 to 1.
    pub similarity: f64,
}

impl Neighbours {
    /// Reads what `segno embed` wrote into a folder.
    ///
    /// # Errors
    /// It is none, or its features are not embeddings.
    pub fn read(folder: &Path) -> Result<Self> {
        let told = || format!("{}: no library of embeddings: `segno embed --out` makes one", folder.display());
        let shards = ShardSet::open(folder).with_context(told)?;
        let spec: EmbeddingSpec = serde_json::from_str(&shards.header().feature_spec_json).with_context(told)?;
        let clips: Vec<&str> = shards.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
        let values = shards.load(&clips)?;
        let width = shards.header().n_values();
        Ok(Self { spec, tracks: shards.clips().iter().map(|clip| clip.track_id.clone()).collect(), values, width })
    }

    /// Its tracks, in the order of the shards.
    pub fn tracks(&self) -> &[String] {
        &self.tracks
    }

    /// The place of a track of this name.
    pub fn place(&self, track: &str) -> Option<usize> {
        self.tracks.iter().position(|known| known == track)
    }

    /// The embedding of a place.
    pub fn embedding(&self, place: usize) -> &[f32] {
        &self.values[place * self.width..][..self.width]
    }

    /// The `most` nearest to an embedding of any length, the nearest first, of equals the first by name; `without` is a place that does
    /// not count.
    ///
    /// # Panics
    /// When the embedding is of another width.
    pub fn nearest(&self, embedding: &[f32], without: Option<usize>, most: usize) -> Vec<Neighbour> {
        assert_eq!(embedding.len(), self.width, "numbers of an embedding");
        let rows = self.values.chunks_exact(self.width);
        let mut ranked: Vec<(f64, &String)> = rows.map(|row| cosine(row, embedding)).zip(&self.tracks).collect();
        if let Some(place) = without {
            ranked.remove(place);
        }
        ranked.sort_by(|(a, name), (b, other)| b.total_cmp(a).then_with(|| name.cmp(other)));
        ranked.into_iter().take(most).map(|(similarity, track)| Neighbour { track: track.clone(), similarity }).collect()
    }
}

/// In f64: embeddings of one style of music are nearly parallel. 0 where one has no length.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let squares = dot(a, a) * dot(b, b);
    if squares > 0.0 { dot(a, b) / squares.sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedding::{Layer, Pool};

    fn library(rows: &[(&str, [f32; 2])]) -> Neighbours {
        let values = rows.iter().flat_map(|(_, row)| *row).collect();
        let spec = EmbeddingSpec { backbone: "b".into(), digest: "d".into(), layer: Layer::Penultimate, pool: Pool::Mean };
        Neighbours { spec, tracks: rows.iter().map(|(name, _)| (*name).to_owned()).collect(), values, width: 2 }
    }

    #[test]
    fn near_is_the_angle_and_not_the_length() {
        let library =
            library(&[("far", [0.0, 9.0]), ("long", [50.0, 50.0]), ("same", [0.1, 0.0]), ("against", [-3.0, 0.0]), ("also", [2.0, 0.0])]);
        let place = library.place("same").unwrap();
        let found = library.nearest(library.embedding(place), Some(place), 3);
        let names: Vec<&str> = found.iter().map(|near| near.track.as_str()).collect();
        assert_eq!(names, ["also", "long", "far"]);
        for (near, expected) in found.iter().zip([1.0, 0.5_f64.sqrt(), 0.0]) {
            assert!((near.similarity - expected).abs() < 1e-12, "{near:?}");
        }
        assert_eq!(library.nearest(&[7.0, 0.0], None, 9).len(), 5);
        assert_eq!(library.nearest(&[0.0, 0.0], None, 1)[0], Neighbour { track: "against".into(), similarity: 0.0 });
    }
}
