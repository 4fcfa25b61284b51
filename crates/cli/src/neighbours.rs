//! A library of embeddings, and which of its tracks are nearest to another.

use std::{
    ops::{AddAssign, Mul},
    path::Path,
};

use anyhow::{Context, Result};
use rayon::prelude::*;
use segno_dataset::ShardSet;

use crate::embedding::EmbeddingSpec;

/// Embeddings of tracks.
pub struct Neighbours {
    /// What they are embeddings of.
    pub spec: EmbeddingSpec,
    /// The version of the code that computed the features.
    pub extractor_version: String,
    /// The version of the code that made samples of the files.
    pub decoder_version: String,
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
        let values = shards.load_all()?;
        let header = shards.header();
        Ok(Self {
            spec,
            extractor_version: header.extractor_version.clone(),
            decoder_version: header.decoder_version.clone(),
            tracks: shards.clips().iter().map(|clip| clip.track_id.clone()).collect(),
            values,
            width: header.n_values(),
        })
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

    /// All embeddings, `[tracks, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The embeddings, each of length 1, so that near is near as [`Neighbours::nearest`] has it; one without a length stays.
    pub fn directions(&self) -> Vec<f32> {
        let mut values = self.values.clone();
        for row in values.chunks_exact_mut(self.width) {
            let length = row.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            if length > 0.0 {
                row.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
            }
        }
        values
    }

    /// Numbers of an embedding.
    pub fn width(&self) -> usize {
        self.width
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

impl Neighbours {
    /// The `most` nearest to every track but itself, as places, each list as [`Neighbours::nearest`] has it, on every thread of rayon's
    /// current pool.
    pub fn nearest_of_all(&self, most: usize) -> Vec<Vec<(usize, f64)>> {
        let directions = self.directions();
        let rows: Vec<&[f32]> = directions.chunks_exact(self.width).collect();
        let of_place = |ranked: &mut Vec<(f32, usize)>, place: usize| {
            ranked.clear();
            ranked.extend((0..rows.len()).filter(|other| *other != place).map(|other| (dot::<f32>(rows[place], rows[other]), other)));
            // Rounded sums say who may be among the nearest, exact ones who is.
            let candidates = most + SPARE;
            if candidates < ranked.len() {
                ranked.select_nth_unstable_by(candidates, |(a, first), (b, second)| b.total_cmp(a).then_with(|| first.cmp(second)));
                ranked.truncate(candidates);
            }
            let exact = |(_, other): (f32, usize)| (other, cosine(self.embedding(place), self.embedding(other)));
            let mut nearest: Vec<(usize, f64)> = ranked.iter().copied().map(exact).collect();
            nearest.sort_by(|(first, a), (second, b)| b.total_cmp(a).then_with(|| self.tracks[*first].cmp(&self.tracks[*second])));
            nearest.truncate(most);
            nearest
        };
        (0..rows.len()).into_par_iter().map_init(Vec::new, of_place).collect()
    }
}

/// Candidates that are looked at beyond those that are wanted.
const SPARE: usize = 8;

/// In f64: embeddings of one style of music are nearly parallel. 0 where one has no length.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let squares = dot::<f64>(a, a) * dot::<f64>(b, b);
    if squares > 0.0 { dot::<f64>(a, b) / squares.sqrt() } else { 0.0 }
}

/// Eight sums side by side: a single one could not be vectorised, as additions in floating point do not commute.
fn dot<T: From<f32> + Copy + Default + Mul<Output = T> + AddAssign>(one: &[f32], other: &[f32]) -> T {
    let mut sums = [T::default(); 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest = ones.remainder().iter().zip(others.remainder());
    rest.zip(&mut sums).for_each(|((a, b), sum)| *sum += T::from(*a) * T::from(*b));
    for (a, b) in ones.zip(others) {
        (0..8).for_each(|lane| sums[lane] += T::from(a[lane]) * T::from(b[lane]));
    }
    let mut total = T::default();
    sums.into_iter().for_each(|sum| total += sum);
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedding::{Layer, Pool};

    fn library(rows: &[(&str, [f32; 2])]) -> Neighbours {
        let values = rows.iter().flat_map(|(_, row)| *row).collect();
        let spec = EmbeddingSpec { backbone: "b".into(), digest: "d".into(), layer: Layer::Penultimate, pool: Pool::Mean };
        let [extractor_version, decoder_version] = ["1", "1"].map(str::to_owned);
        Neighbours {
            spec,
            extractor_version,
            decoder_version,
            tracks: rows.iter().map(|(name, _)| (*name).to_owned()).collect(),
            values,
            width: 2,
        }
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

    #[test]
    fn the_nearest_of_all_are_the_nearest_of_each() {
        let names: Vec<String> = (0..40).map(|place| format!("{:02}", place * 7 % 40)).collect();
        let turn = |place: usize| (place as f32 * 0.37).sin_cos();
        let rows: Vec<(&str, [f32; 2])> =
            names.iter().enumerate().map(|(place, name)| (name.as_str(), [3.0 * turn(place / 2).0, turn(place / 2).1])).collect();
        let library = library(&rows);
        for (place, found) in library.nearest_of_all(5).into_iter().enumerate() {
            let found: Vec<Neighbour> =
                found.into_iter().map(|(other, similarity)| Neighbour { track: names[other].clone(), similarity }).collect();
            assert_eq!(found, library.nearest(library.embedding(place), Some(place), 5), "{place}");
        }
        assert_eq!(self::library(&[("alone", [1.0, 0.0])]).nearest_of_all(5), [vec![]]);
    }
}
