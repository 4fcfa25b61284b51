//! What a head listens to, extracted over a corpus and read back as rows.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use segno_dataset::{Digest, Failure, Manifest, Precision, ShardSet, Share, digest_bytes};
use segno_features::FeatureSpec;
use segno_models::{Backbone, HeadInput};

use crate::{
    FeatureSet, Layout,
    ear::Ear,
    embedding::{EmbeddingSpec, embed},
    layout::spec_json,
    preprocess::preprocess,
    progress,
    silence::{NO_CHANGE, never_changes},
    stop::flow,
};

/// One thing that a head can listen to.
pub enum Source {
    /// A layer of a pre-trained network.
    Embedding(EmbeddingSpec, Box<Backbone>),
    /// A summary of a whole track.
    Summary(FeatureSpec),
}

/// Rows of every source, track by track.
pub struct Table {
    /// Sorted; those that every source could hear.
    pub tracks: Vec<String>,
    /// `[tracks, width]` a source, row-major.
    pub values: Vec<Vec<f32>>,
    /// Numbers of a track, a source each.
    pub widths: Vec<usize>,
    /// Track → why it has no row.
    pub unheard: BTreeMap<String, String>,
    /// Track → what was done to hear it, where that is out of the ordinary: one shorter than a patch is repeated up to it.
    pub notes: BTreeMap<String, String>,
    /// Of the shards of all sources.
    pub digest: Digest,
}

impl Source {
    /// What the head's card says of it.
    ///
    /// # Errors
    /// Never: a specification is plain text.
    pub fn input(&self) -> Result<HeadInput> {
        Ok(match self {
            Self::Embedding(spec, _) => HeadInput {
                name: format!("{} {}", spec.backbone, spec.layer.name()),
                specification: serde_json::to_value(spec)?,
                backbone: Some(spec.digest.clone()),
                width: spec.width(),
            },
            Self::Summary(spec) => {
                let [_, width] = spec.shape();
                HeadInput {
                    name: "mfcc summary".to_owned(),
                    specification: serde_json::from_str(&spec_json(spec)?)?,
                    backbone: None,
                    width,
                }
            }
        })
    }

    /// Extracts what is not there yet, and reads all of it.
    fn shards(&self, layout: &Layout, manifest: &Manifest, root: &Path) -> Result<ShardSet> {
        let name = self.input()?.name;
        let bar = progress::bar(&name, manifest.present().count() as u64, "tracks");
        let on_done = |tracks| {
            bar.inc(tracks as u64);
            flow()
        };
        let folder = match self {
            Self::Embedding(spec, backbone) => {
                let folder = layout.embeddings(spec)?;
                embed(manifest, root, (&Ear::new(backbone)?, spec), &folder, on_done)?;
                folder
            }
            Self::Summary(spec) => {
                let features = FeatureSet { spec, precision: Precision::Single };
                let folder = layout.features(features)?;
                preprocess(manifest, root, features, &folder, Share::WHOLE, on_done)?;
                folder
            }
        };
        bar.finish_and_clear();
        ShardSet::open(folder).with_context(|| name)
    }
}

impl Table {
    /// Extracts every source over a corpus, what is there already kept, and reads it.
    ///
    /// # Errors
    /// The disk refuses, or the person did.
    pub fn read(sources: &[Source], layout: &Layout, manifest: &Manifest, root: &Path) -> Result<Self> {
        let (mut unheard, mut notes) = (BTreeMap::new(), BTreeMap::new());
        let mut sets = vec![];
        for source in sources {
            let shards = source.shards(layout, manifest, root)?;
            let told = |of: &[Failure]| of.iter().map(|note| (note.track_id.clone(), note.reason.clone())).collect::<Vec<_>>();
            unheard.extend(told(shards.failures()));
            notes.extend(told(shards.notes()));
            sets.push(shards);
        }
        let mut tracks: Vec<String> = manifest.present().map(|track| track.track_id.clone()).collect();
        tracks.sort();
        let loaded = sets.iter().map(rows_of).collect::<Result<Vec<_>>>()?;
        for (source, rows) in sources.iter().zip(&loaded) {
            let silent = rows.iter().filter(|(_, row)| matches!(source, Source::Summary(_)) && never_changes(row));
            unheard.extend(silent.map(|(track, _)| (track.clone(), NO_CHANGE.to_owned())));
        }
        tracks.retain(|track| !unheard.contains_key(track));
        notes.retain(|track, _| !unheard.contains_key(track));
        let values = loaded.iter().map(|rows| tracks.iter().flat_map(|track| rows[track].iter().copied()).collect()).collect();
        let digest = digest_bytes(sets.iter().map(ShardSet::digest).collect::<Vec<_>>().concat().as_bytes());
        Ok(Self { tracks, values, widths: sets.iter().map(|set| set.header().n_values()).collect(), unheard, notes, digest })
    }
}

/// The row of every track.
fn rows_of(shards: &ShardSet) -> Result<BTreeMap<String, Vec<f32>>> {
    let values = shards.load_all()?;
    let rows = values.chunks_exact(shards.header().n_values()).map(<[f32]>::to_vec);
    Ok(shards.clips().iter().map(|clip| clip.track_id.clone()).zip(rows).collect())
}
