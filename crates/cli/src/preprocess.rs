//! Decode → extract → write: the loop over a corpus, on every core.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use segno_audio_io::{AudioError, AudioStream, LoadOptions};
use segno_dataset::{Clip, ClipRef, DatasetError, Manifest, Parts, ShardWriter, Share, Track, write_shards};
use segno_features::{ClipLength, Extractor, FeatureError, FeatureSpec, TrackExtractor};
use segno_store::Store;

use crate::{FeatureSet, silence::is_silent};

/// Tracks of one shard part: some 4 MB of Irvin's features, and enough parts for every core.
const TRACKS_PER_PART: usize = 16;

/// Why a track has no features; the run goes on without it.
#[derive(Debug)]
enum Fault {
    Audio(AudioError),
    Features(FeatureError),
}

/// Decodes files one after another and extracts their clips' features: a thread's own tools.
#[derive(Clone)]
pub struct Worker {
    cutter: Cutter,
    spec: FeatureSpec,
    n_values: usize,
    /// The features of a track's clips, one after the other: a track is written whole or not at all.
    features: Vec<f32>,
    /// The largest absolute sample of each of those clips.
    peaks: Vec<f32>,
}

/// What makes clips of a track's samples.
#[derive(Clone)]
enum Cutter {
    /// Clips of one length, one after the other.
    Clips { extractor: Box<Extractor>, clip: Vec<f32>, samples: usize, most: Option<usize> },
    /// The track as one clip.
    Whole(Box<TrackExtractor>),
}

/// Extracts the features of every track of the manifest that takes part and is of the share; returns how many parts were
/// written new.
///
/// A track is streamed; what is kept of it are its features (270 kB of a 30 s track) or, where it is one clip, the values
/// of its frames (0.7 MB of 30 s of MFCC), so that one that breaks off half-way leaves no clips behind. Such a track, and
/// one too short for a clip, is noted in the shards with its reason.
///
/// # Errors
/// The specification is wrong, the disk refuses, or `on_done` broke off ([`DatasetError::Stopped`]).
pub fn preprocess(
    manifest: &Manifest,
    root: &Path,
    features: FeatureSet<'_>,
    out: impl Into<Store>,
    share: Share,
    on_done: impl Fn(usize) -> ControlFlow<()> + Sync,
) -> Result<usize> {
    let spec = features.spec;
    let worker = Worker::new(spec)?;
    let header = features.header(manifest)?;
    let tracks: Vec<&Track> = manifest.present().collect();
    let fill = |worker: &mut Worker, track: &Track, writer: &mut ShardWriter| match worker.extract(&root.join(&track.path)) {
        Ok(()) if worker.features.is_empty() => {
            let seconds = spec.clip_samples().unwrap_or(0) as f64 / f64::from(spec.sample_rate_hz);
            writer.fail(&track.track_id, format!("{}: shorter than one clip of {seconds} s", track.path));
            Ok(())
        }
        Ok(()) => worker.write(&manifest.corpus, track, spec, writer),
        Err(fault) => {
            let reason = match fault {
                Fault::Audio(error) => relative(&error.to_string(), root),
                Fault::Features(error) => format!("{}: {error}", track.path),
            };
            writer.fail(&track.track_id, reason);
            Ok(())
        }
    };
    let out = out.into();
    write_shards(&out, &header, &tracks, Parts { tracks: TRACKS_PER_PART, share }, || worker.clone(), fill, on_done)
        .with_context(|| format!("feature shards in {out}"))
}

/// A reason without the place on this machine of corpus or work folder, so that tables and pages are the same everywhere.
pub(crate) fn relative(reason: &str, root: &Path) -> String {
    // Joined with nothing, a path ends in exactly one separator.
    let prefix = root.join("").display().to_string();
    reason.replace(&prefix, "")
}

impl Worker {
    /// Tools for one specification.
    ///
    /// # Errors
    /// The specification is wrong.
    pub fn new(spec: &FeatureSpec) -> Result<Self, FeatureError> {
        let cutter = match spec.clip {
            ClipLength::Samples(samples) => {
                Cutter::Clips { extractor: Box::new(spec.extractor()?), clip: Vec::new(), samples, most: spec.max_clips }
            }
            ClipLength::Whole => Cutter::Whole(Box::new(spec.track_extractor()?)),
        };
        let [frames, bins] = spec.shape();
        Ok(Self { cutter, spec: spec.clone(), n_values: frames * bins, features: Vec::new(), peaks: Vec::new() })
    }

    /// The features of one file's clips, [clips, frames, bins], row-major; empty where it is shorter than a clip.
    ///
    /// # Errors
    /// It cannot be decoded, or a clip has no features (it is not a number, for instance).
    pub fn features_of(&mut self, path: &Path) -> Result<&[f32]> {
        match self.extract(path) {
            Ok(()) => Ok(&self.features),
            Err(Fault::Audio(error)) => Err(error.into()),
            Err(Fault::Features(error)) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// Which of the clips of the file heard last are silent; none where a whole track is one clip.
    pub fn silent_clips(&self) -> Vec<bool> {
        self.peaks.iter().map(|peak| is_silent(*peak)).collect()
    }

    /// The features of stretches of a file, of so many seconds each, as if each were a track of its own; what is left over belongs
    /// to none. They are those of a specification of whole tracks.
    ///
    /// # Errors
    /// As [`Worker::features_of`].
    ///
    /// # Panics
    /// The specification is of clips.
    pub fn stretches_of(&mut self, path: &Path, seconds: f64) -> Result<Vec<Vec<f32>>> {
        let Cutter::Whole(extractor) = &mut self.cutter else { panic!("stretches are of what hears whole tracks") };
        let of_file = || path.display().to_string();
        let whole = (seconds * f64::from(self.spec.sample_rate_hz)).round() as usize;
        let options = LoadOptions { sample_rate_hz: Some(self.spec.sample_rate_hz), ..LoadOptions::default() };
        let mut stream = AudioStream::open(path, &options)?;
        let mut left = whole;
        let mut stretches = vec![];
        extractor.clear();
        while let Some(mut block) = stream.next_block()? {
            while !block.is_empty() {
                let (taken, rest) = block.split_at(block.len().min(left));
                extractor.push(taken).with_context(of_file)?;
                (block, left) = (rest, left - taken.len());
                if left == 0 {
                    let mut row = vec![0.0; self.n_values];
                    extractor.finish(&mut row).with_context(of_file)?;
                    stretches.push(row);
                    left = whole;
                }
            }
        }
        Ok(stretches)
    }

    /// Fills `self.features` with the clips of one file.
    fn extract(&mut self, path: &Path) -> Result<(), Fault> {
        let n_values = self.n_values;
        let options = LoadOptions { sample_rate_hz: Some(self.spec.sample_rate_hz), ..LoadOptions::default() };
        let mut stream = AudioStream::open(path, &options).map_err(Fault::Audio)?;
        self.spec.check_rate(stream.sample_rate_hz()).map_err(Fault::Features)?;
        self.features.clear();
        self.peaks.clear();
        self.cutter.clear();
        while let Some(block) = stream.next_block().map_err(Fault::Audio)? {
            if self.cutter.push(block, n_values, (&mut self.features, &mut self.peaks)).map_err(Fault::Features)? == Wants::Nothing {
                break;
            }
        }
        self.cutter.finish(n_values, &mut self.features).map_err(Fault::Features)
    }

    fn write(&self, corpus: &str, track: &Track, spec: &FeatureSpec, writer: &mut ShardWriter) -> Result<(), DatasetError> {
        for (index, features) in self.features.chunks_exact(self.n_values).enumerate() {
            writer.push(Clip {
                clip_id: ClipRef::new(corpus, &track.track_id, index).clip_id,
                track_id: &track.track_id,
                start_sample: (index * spec.clip_samples().unwrap_or(0)) as u64,
                features,
            })?;
        }
        Ok(())
    }
}

/// Whether more of a track is to be decoded.
#[derive(PartialEq, Eq)]
enum Wants {
    More,
    Nothing,
}

impl Cutter {
    /// Forgets the track before, which may have broken off.
    fn clear(&mut self) {
        match self {
            Self::Clips { clip, .. } => clip.clear(),
            Self::Whole(extractor) => extractor.clear(),
        }
    }

    /// Takes a block; appends the features of the clips that it completes, and their peaks.
    fn push(
        &mut self,
        mut block: &[f32],
        n_values: usize,
        (features, peaks): (&mut Vec<f32>, &mut Vec<f32>),
    ) -> Result<Wants, FeatureError> {
        let (extractor, clip, samples, most) = match self {
            Self::Whole(extractor) => return extractor.push(block).map(|()| Wants::More),
            Self::Clips { extractor, clip, samples, most } => (extractor, clip, *samples, *most),
        };
        while !block.is_empty() {
            let (taken, rest) = block.split_at(block.len().min(samples - clip.len()));
            clip.extend_from_slice(taken);
            block = rest;
            if clip.len() == samples {
                extractor.extract(clip, grown(features, n_values))?;
                peaks.push(clip.iter().fold(0.0, |peak, sample| sample.abs().max(peak)));
                clip.clear();
                // What lies behind the last clip wanted is not decoded.
                if most == Some(features.len() / n_values) {
                    return Ok(Wants::Nothing);
                }
            }
        }
        Ok(Wants::More)
    }

    /// Takes the end of the track: what is left of it is a clip where the whole is one, and else belongs to none.
    fn finish(&mut self, n_values: usize, features: &mut Vec<f32>) -> Result<(), FeatureError> {
        match self {
            Self::Clips { .. } => Ok(()),
            Self::Whole(extractor) => extractor.finish(grown(features, n_values)),
        }
    }
}

/// Room for one more clip.
fn grown(features: &mut Vec<f32>, n_values: usize) -> &mut [f32] {
    let start = features.len();
    features.resize(start + n_values, 0.0);
    &mut features[start..]
}
