//! A library of embeddings, and which of its tracks are nearest to another.

use std::path::Path;

use anyhow::{Context, Result};
use segno_dataset::ShardSet;

use crate::embedding::EmbeddingSpec;

/// Embeddings of tracks, each of length 1.
pub struct Neighbours {
    /// What they are embeddings of.
    pub spec: EmbeddingSpec,
    tracks: Vec<String>,
    /// `[tracks, width]`, row-major.
    units: Vec<f32>,
    width: usize,
}

/// A track of the library, as near as the cosine of the angle between the embeddings says: 1 is the same direction.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Neighbour {
    /// Its name: for files, their path as it was embedded.
    pub track: String,
    /// From -1 to 1.
    pub similarity: f32,
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
        let mut units = shards.load(&clips)?;
        let width = shards.header().n_values();
        units.chunks_exact_mut(width).for_each(to_unit);
        Ok(Self { spec, tracks: shards.clips().iter().map(|clip| clip.track_id.clone()).collect(), units, width })
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
    pub fn unit(&self, place: usize) -> &[f32] {
        &self.units[place * self.width..][..self.width]
    }

    /// The `most` nearest to an embedding of any length, the nearest first, of equals the first by name; `without` is a place that does
    /// not count.
    ///
    /// # Panics
    /// When the embedding is of another width.
    pub fn nearest(&self, embedding: &[f32], without: Option<usize>, most: usize) -> Vec<Neighbour> {
        assert_eq!(embedding.len(), self.width, "numbers of an embedding");
        let mut wanted = embedding.to_vec();
        to_unit(&mut wanted);
        let cosine = |unit: &[f32]| unit.iter().zip(&wanted).map(|(a, b)| a * b).sum::<f32>();
        let mut ranked: Vec<(f32, &String)> = self.units.chunks_exact(self.width).map(cosine).zip(&self.tracks).collect();
        if let Some(place) = without {
            ranked.remove(place);
        }
        ranked.sort_by(|(a, name), (b, other)| b.total_cmp(a).then_with(|| name.cmp(other)));
        ranked.into_iter().take(most).map(|(similarity, track)| Neighbour { track: track.clone(), similarity }).collect()
    }
}

/// Divides by the length; what has none stays.
fn to_unit(row: &mut [f32]) {
    let length = row.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    if length > 0.0 {
        row.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedding::{Layer, Pool};

    fn library(rows: &[(&str, [f32; 2])]) -> Neighbours {
        let mut units: Vec<f32> = rows.iter().flat_map(|(_, row)| *row).collect();
        units.chunks_exact_mut(2).for_each(to_unit);
        let spec = EmbeddingSpec { backbone: "b".into(), digest: "d".into(), layer: Layer::Penultimate, pool: Pool::Mean };
        Neighbours { spec, tracks: rows.iter().map(|(name, _)| (*name).to_owned()).collect(), units, width: 2 }
    }

    #[test]
    fn near_is_the_angle_and_not_the_length() {
        let library =
            library(&[("far", [0.0, 9.0]), ("long", [50.0, 50.0]), ("same", [0.1, 0.0]), ("against", [-3.0, 0.0]), ("also", [2.0, 0.0])]);
        let place = library.place("same").unwrap();
        let found = library.nearest(library.unit(place), Some(place), 3);
        let names: Vec<&str> = found.iter().map(|near| near.track.as_str()).collect();
        assert_eq!(names, ["also", "long", "far"]);
        for (near, expected) in found.iter().zip([1.0, 0.5_f32.sqrt(), 0.0]) {
            assert!((near.similarity - expected).abs() < 1e-6, "{near:?}");
        }
        assert_eq!(library.nearest(&[7.0, 0.0], None, 9).len(), 5);
        assert_eq!(library.nearest(&[0.0, 0.0], None, 1)[0], Neighbour { track: "against".into(), similarity: 0.0 });
    }
}
