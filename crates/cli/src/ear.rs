//! A pre-trained network that listens to files.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use segno_audio_io::{AudioStream, LoadOptions, Rolloff};
use segno_features::{EXTRACTOR_VERSION, PatchExtractor, PatchSpec, Patches};
use segno_models::{
    Backbone,
    musicnn::{self, Heard, Musicnn},
};

use crate::silence::{NO_SOUND, is_silent};

/// Seconds of a patch, of which none overlaps another.
pub fn patch_s(spec: &PatchSpec) -> f64 {
    (spec.frames * spec.representation.stft().hop) as f64 / f64::from(spec.sample_rate_hz)
}

/// A backbone, planned; threads share it, each with an extractor of its own.
pub struct Ear {
    network: Musicnn,
    spec: PatchSpec,
    extractor: PatchExtractor,
}

/// What a backbone heard of a file.
#[derive(Debug)]
pub struct Track {
    /// Patch by patch: at least one.
    pub patches: Vec<Heard>,
    /// Of each patch, whether it is silent: the network has numbers for it all the same.
    pub silent: Vec<bool>,
    /// It is shorter than a patch, and was repeated up to one.
    pub is_repeated: bool,
}

impl Ear {
    /// Plans a backbone.
    ///
    /// # Errors
    /// It was imported for features of another version, or its parameters are not its network's.
    pub fn new(backbone: &Backbone) -> Result<Self> {
        let (card, name) = (&backbone.card, backbone.name());
        ensure!(
            card.extractor_version == EXTRACTOR_VERSION,
            "{name}: made for features of extractor version {}, and this segno computes version {EXTRACTOR_VERSION}: import it again",
            card.extractor_version
        );
        let spec: PatchSpec = serde_json::from_value(card.patches.clone()).with_context(|| format!("{name}: its feature specification"))?;
        let expected = [musicnn::FRAMES, musicnn::BANDS];
        ensure!(spec.shape() == expected, "{name}: found patches of {:?}, expected {expected:?}: import it again", spec.shape());
        Ok(Self { network: backbone.network()?, extractor: spec.extractor()?, spec })
    }

    /// A thread's own tools.
    pub fn extractor(&self) -> PatchExtractor {
        self.extractor.clone()
    }

    /// Seconds of a patch.
    pub fn patch_s(&self) -> f64 {
        patch_s(&self.spec)
    }

    /// Decodes a file and listens to it, on every thread of rayon's current pool.
    ///
    /// # Errors
    /// It cannot be decoded, is shorter than a frame, or is silent: there is no answer then.
    pub fn listen(&self, extractor: &mut PatchExtractor, path: &Path) -> Result<Track> {
        let patches = self.patches(extractor, path)?;
        let silent = patches.peaks.iter().map(|peak| is_silent(*peak)).collect();
        Ok(Track { patches: self.network.listen(patches.values), silent, is_repeated: patches.is_repeated })
    }

    /// The first patches of a file, `most` of them where it has as many: `[patches, frames, bands]`.
    ///
    /// # Errors
    /// As [`Ear::listen`].
    pub fn first_patches(&self, extractor: &mut PatchExtractor, path: &Path, most: usize) -> Result<Vec<f32>> {
        let patches = self.patches(extractor, path)?;
        let n_values: usize = self.spec.shape().iter().product();
        Ok(patches.values[..n_values * most.min(patches.count())].to_vec())
    }

    /// The network, for who has patches.
    pub fn network(&self) -> &Musicnn {
        &self.network
    }

    /// What the patches are of.
    pub fn spec(&self) -> &PatchSpec {
        &self.spec
    }

    /// Decodes a file and cuts it into the patches that the network listens to.
    ///
    /// # Errors
    /// As [`Ear::listen`].
    pub fn patches<'a>(&self, extractor: &'a mut PatchExtractor, path: &Path) -> Result<Patches<'a>> {
        // As the package resamples; with a sharper filter the embeddings move, and are worth less.
        let options = LoadOptions { sample_rate_hz: Some(self.spec.sample_rate_hz), rolloff: Rolloff::Soxr, ..LoadOptions::default() };
        let mut stream = AudioStream::open(path, &options)?;
        let of_file = || path.display().to_string();
        extractor.clear();
        while let Some(block) = stream.next_block()? {
            extractor.push(block).with_context(of_file)?;
        }
        let patches = extractor.finish().with_context(of_file)?;
        ensure!(!is_silent(patches.peak), "{}: {NO_SOUND}", path.display());
        Ok(patches)
    }
}
