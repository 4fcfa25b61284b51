//! Embeddings: what a pre-trained network makes of a whole track, as feature shards of one row a track.

use std::{ops::ControlFlow, path::Path};

use anyhow::{Context, Result};
use segno_dataset::{Clip, ClipRef, DatasetError, Manifest, Parts, Precision, ShardHeader, ShardWriter, Share, Track, write_shards};
use segno_models::{
    Backbone,
    musicnn::{self, Heard},
};
use segno_store::Store;
use serde::{Deserialize, Serialize};

use crate::{
    ear::Ear,
    layout::{folder_name, shard_header},
    preprocess::relative,
    told,
};

/// Tracks of one part: what is lost when a run is cut off.
const TRACKS_PER_PART: usize = 64;

/// What is taken of each patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The last layer before the tags, 200 numbers
    Penultimate,
    /// Largest and mean over time of every channel of front end and middle, 1506 numbers
    Pooled,
    /// The tags before the sigmoid, 50 numbers
    Logits,
}

/// What is taken over a track's patches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Pool {
    /// The mean
    Mean,
    /// The mean, then the standard deviation: twice as many numbers
    MeanSd,
}

/// What an embedding is: a backbone by its digest, a layer, and how patches become one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingSpec {
    /// The backbone's name.
    pub backbone: String,
    /// SHA-256 of its model file.
    pub digest: String,
    /// The layer.
    pub layer: Layer,
    /// Over patches.
    pub pool: Pool,
}

impl Layer {
    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Penultimate => "penultimate",
            Self::Pooled => "pooled",
            Self::Logits => "logits",
        }
    }

    fn of(self, heard: &Heard) -> &[f32] {
        match self {
            Self::Penultimate => &heard.penultimate,
            Self::Pooled => &heard.pooled,
            Self::Logits => &heard.logits,
        }
    }

    fn width(self) -> usize {
        match self {
            Self::Penultimate => musicnn::PENULTIMATE,
            Self::Pooled => musicnn::POOLED,
            Self::Logits => musicnn::TAGS,
        }
    }
}

impl Pool {
    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::MeanSd => "mean-sd",
        }
    }
}

impl EmbeddingSpec {
    /// The embedding of a backbone.
    pub fn of(backbone: &Backbone, layer: Layer, pool: Pool) -> Self {
        Self { backbone: backbone.name(), digest: backbone.digest(), layer, pool }
    }

    /// Numbers of a track.
    pub fn width(&self) -> usize {
        self.layer.width() * if self.pool == Pool::Mean { 1 } else { 2 }
    }

    /// One row of what was heard; sums in f64, the deviation that of the population.
    pub fn row(&self, patches: &[Heard]) -> Vec<f32> {
        let count = patches.len() as f64;
        let column = |at: usize| patches.iter().map(move |heard| f64::from(self.layer.of(heard)[at]));
        let means: Vec<f64> = (0..self.layer.width()).map(|at| column(at).sum::<f64>() / count).collect();
        let deviation = |(at, mean): (usize, &f64)| (column(at).map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        let deviations: Vec<f64> = if self.pool == Pool::Mean { vec![] } else { means.iter().enumerate().map(deviation).collect() };
        means.into_iter().chain(deviations).map(|value| value as f32).collect()
    }

    /// The name of the folder of its shards.
    ///
    /// # Errors
    /// Never: a specification is plain text.
    pub fn folder(&self) -> Result<String> {
        Ok(folder_name(&serde_json::to_string(self)?, Precision::Single))
    }

    /// The header of its shards over a corpus.
    ///
    /// # Errors
    /// As [`EmbeddingSpec::folder`].
    pub fn header(&self, manifest: &Manifest) -> Result<ShardHeader> {
        Ok(shard_header(serde_json::to_string(self)?, [1, self.width()], Precision::Single, manifest))
    }
}

/// Writes the embeddings of every track of the manifest that takes part; what is there already is kept. A track that cannot be
/// heard is noted with the reason, and so is one shorter than a patch, which was repeated. Returns how many parts were written.
///
/// # Errors
/// The disk refuses, or `on_done` broke off ([`DatasetError::Stopped`]).
pub fn embed(
    manifest: &Manifest,
    root: &Path,
    (ear, spec): (&Ear, &EmbeddingSpec),
    out: &Store,
    on_done: impl Fn(usize) -> ControlFlow<()> + Sync,
) -> Result<usize> {
    let header = spec.header(manifest)?;
    let tracks: Vec<&Track> = manifest.present().collect();
    let fill = |extractor: &mut _, track: &Track, writer: &mut ShardWriter| match ear.listen(extractor, &root.join(&track.path)) {
        Ok(heard) => {
            if heard.is_repeated {
                writer.note(&track.track_id, "shorter than a patch of 3 s: repeated up to one");
            }
            writer.push(Clip {
                clip_id: ClipRef::new(&manifest.corpus, &track.track_id, 0).clip_id,
                track_id: &track.track_id,
                start_sample: 0,
                features: &spec.row(&heard.patches),
            })
        }
        Err(reason) => {
            writer.fail(&track.track_id, relative(&told(&reason), root));
            Ok::<(), DatasetError>(())
        }
    };
    let cut = Parts { tracks: TRACKS_PER_PART, share: Share::WHOLE };
    write_shards(out, &header, &tracks, cut, || ear.extractor(), fill, on_done).with_context(|| format!("embeddings in {out}"))
}
