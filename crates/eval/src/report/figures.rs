//! A paper's figures of its data: how a number is distributed, and clips laid out in the plane.

use std::collections::BTreeMap;

use serde::Serialize;

/// How many bars a histogram has: 20 of 0.05 put valence's cuts, 0.3 and 0.6, between two bars.
const BARS: usize = 20;

/// A number of the tracks from which a label is cut, e.g. valence and mood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramFacts {
    /// `valence`, …
    pub name: String,
    /// The lowest and the highest value that there can be.
    pub range: [f64; 2],
    /// One value a track.
    pub values: Vec<f64>,
    /// Where one class ends and the next begins, rising; a value on a cut is of the upper class.
    pub cuts: Vec<f64>,
    /// The classes from the lowest up: one more than there are cuts.
    pub classes: Vec<String>,
}

/// A histogram with its cuts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    /// `valence`, …
    pub name: String,
    /// How many values; those outside the range, or no numbers, are counted in `outside` alone.
    pub n: usize,
    /// Values that are in no bar.
    pub outside: usize,
    /// Where one class ends and the next begins.
    pub cuts: Vec<f64>,
    /// Class and number of values, from the lowest up.
    pub classes: Vec<(String, usize)>,
    /// From the lowest up.
    pub bars: Vec<Bar>,
}

/// One bar: the values from `low` up to, but without, `high`; the last one holds the upper end too.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Values within.
    pub count: usize,
}

impl HistogramFacts {
    /// Counts the values bar by bar and class by class.
    pub(super) fn counted(&self) -> Histogram {
        let [low, high] = self.range;
        let edge = |index: usize| low + (high - low) * index as f64 / BARS as f64;
        let mut bars: Vec<Bar> = (0..BARS).map(|index| Bar { low: edge(index), high: edge(index + 1), count: 0 }).collect();
        let mut classes: Vec<(String, usize)> = self.classes.iter().map(|class| (class.clone(), 0)).collect();
        let within: Vec<f64> = self.values.iter().copied().filter(|value| (low..=high).contains(value)).collect();
        for value in &within {
            // By the edges and not by a division, which would put 0.3 into the bar that ends there.
            let bar = bars.iter().rposition(|bar| bar.low <= *value + 1e-12).unwrap_or(0);
            bars[bar].count += 1;
            let class = self.cuts.iter().filter(|cut| *value >= **cut).count();
            if let Some(class) = classes.get_mut(class) {
                class.1 += 1;
            }
        }
        let outside = self.values.len() - within.len();
        Histogram { name: self.name.clone(), n: within.len(), outside, cuts: self.cuts.clone(), classes, bars }
    }
}

/// Clips laid out in the plane by [`crate::embedding::tsne`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EmbeddingFacts {
    /// How they were laid out, in a sentence: what was sampled, the settings, the seed.
    pub made: String,
    /// The clips.
    pub clip_ids: Vec<String>,
    /// One point a clip.
    pub points: Vec<[f32; 2]>,
    /// Task → one label a clip.
    pub labels: BTreeMap<String, Vec<String>>,
}

/// Clips in the plane; nearness counts, the axes have no meaning of their own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Embedding {
    /// How they were laid out.
    pub made: String,
    /// One entry a clip.
    pub clips: Vec<PlacedClip>,
}

/// A clip in the plane.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacedClip {
    /// The clip.
    pub clip_id: String,
    /// Its place.
    pub at: [f32; 2],
    /// Task → its label.
    pub labels: BTreeMap<String, String>,
}

impl EmbeddingFacts {
    pub(super) fn placed(&self) -> Embedding {
        let place = |(index, (clip_id, at)): (usize, (&String, &[f32; 2]))| PlacedClip {
            clip_id: clip_id.clone(),
            at: *at,
            labels: self.labels.iter().filter_map(|(task, labels)| Some((task.clone(), labels.get(index)?.clone()))).collect(),
        };
        Embedding { made: self.made.clone(), clips: self.clip_ids.iter().zip(&self.points).enumerate().map(place).collect() }
    }
}

impl Embedding {
    /// The labels of a task, sorted.
    pub(super) fn classes(&self, task: &str) -> Vec<&str> {
        let labels: std::collections::BTreeSet<&str> =
            self.clips.iter().filter_map(|clip| clip.labels.get(task)).map(String::as_str).collect();
        labels.into_iter().collect()
    }

    /// How many of a class there are, and the middle of their places.
    pub(super) fn middle(&self, task: &str, class: &str) -> (usize, [f32; 2]) {
        let of = |clip: &&PlacedClip| clip.labels.get(task).is_some_and(|label| label == class);
        let places: Vec<[f32; 2]> = self.clips.iter().filter(of).map(|clip| clip.at).collect();
        let mean = |axis: usize| places.iter().map(|at| at[axis]).sum::<f32>() / places.len().max(1) as f32;
        (places.len(), [mean(0), mean(1)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_cut_is_of_the_upper_class_and_bar() {
        let facts = HistogramFacts {
            name: "valence".into(),
            range: [0.0, 1.0],
            values: vec![0.0, 0.299, 0.3, 0.59, 0.6, 1.0, 1.5, f64::NAN],
            cuts: vec![0.3, 0.6],
            classes: ["Sad", "Neutral", "Happy"].map(str::to_owned).into(),
        };
        let found = facts.counted();
        assert_eq!((found.n, found.outside), (6, 2));
        let classes: Vec<usize> = found.classes.iter().map(|class| class.1).collect();
        assert_eq!(classes, [2, 2, 2]);
        let bars: Vec<(usize, usize)> = found.bars.iter().map(|bar| bar.count).enumerate().filter(|bar| bar.1 > 0).collect();
        assert_eq!(bars, [(0, 1), (5, 1), (6, 1), (11, 1), (12, 1), (19, 1)]);
    }
}
