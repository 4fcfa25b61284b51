//! Decode → extract → write: the loop over a corpus, on every core.

use std::path::Path;

use anyhow::{Context, Result};
use segno_audio_io::{AudioError, AudioStream, LoadOptions};
use segno_dataset::{Clip, ClipRef, DatasetError, Manifest, ShardWriter, Track, write_shards};
use segno_features::{Extractor, FeatureError, FeatureSpec};

use crate::layout::shard_header;

/// Tracks of one shard part: some 4 MB of Irvin's features, and enough parts for every core.
const TRACKS_PER_PART: usize = 16;

/// Why a track has no features; the run goes on without it.
#[derive(Debug)]
enum Fault {
    Audio(AudioError),
    Features(FeatureError),
}

/// A thread's own tools.
struct Worker {
    extractor: Extractor,
    clip: Vec<f32>,
    /// The features of a track's clips, one after the other: a track is written whole or not at all.
    features: Vec<f32>,
}

/// Extracts the features of every track of the manifest that takes part; returns how many parts were written new.
///
/// A track is streamed; what is kept of it are its features (270 kB of a 30 s track), so that one that breaks off
/// half-way leaves no clips behind. Such a track is noted in the shards with its reason.
///
/// # Errors
/// The specification is wrong, or the disk refuses.
pub fn preprocess(manifest: &Manifest, root: &Path, spec: &FeatureSpec, out: &Path, on_done: impl Fn(usize) + Sync) -> Result<usize> {
    let extractor = spec.extractor()?;
    let header = shard_header(spec, &manifest.corpus, &manifest.digest())?;
    let tracks: Vec<&Track> = manifest.present().collect();
    let worker = || Worker { extractor: extractor.clone(), clip: Vec::with_capacity(spec.clip_samples), features: Vec::new() };
    let fill = |worker: &mut Worker, track: &Track, writer: &mut ShardWriter| match worker.extract(root, track, spec, header.n_values()) {
        Ok(()) if worker.features.is_empty() => {
            let seconds = spec.clip_samples as f64 / f64::from(spec.sample_rate_hz);
            writer.fail(&track.track_id, format!("{}: shorter than one clip of {seconds} s", track.path));
            Ok(())
        }
        Ok(()) => worker.write(&manifest.corpus, track, spec, header.n_values(), writer),
        Err(fault) => {
            let reason = match fault {
                Fault::Audio(error) => relative(&error.to_string(), root),
                Fault::Features(error) => format!("{}: {error}", track.path),
            };
            writer.fail(&track.track_id, reason);
            Ok(())
        }
    };
    write_shards(out, &header, &tracks, TRACKS_PER_PART, worker, fill, on_done)
        .with_context(|| format!("feature shards in {}", out.display()))
}

/// A reason without the corpus's place on this machine, so that shards are the same everywhere.
fn relative(reason: &str, root: &Path) -> String {
    // Joined with nothing, a path ends in exactly one separator.
    let prefix = root.join("").display().to_string();
    reason.replace(&prefix, "")
}

impl Worker {
    /// Fills `self.features` with the whole clips of one track.
    fn extract(&mut self, root: &Path, track: &Track, spec: &FeatureSpec, n_values: usize) -> Result<(), Fault> {
        let options = LoadOptions { sample_rate_hz: Some(spec.sample_rate_hz), ..LoadOptions::default() };
        let mut stream = AudioStream::open(&root.join(&track.path), &options).map_err(Fault::Audio)?;
        self.clip.clear();
        self.features.clear();
        while let Some(mut block) = stream.next_block().map_err(Fault::Audio)? {
            while !block.is_empty() {
                let missing = spec.clip_samples - self.clip.len();
                let (taken, rest) = block.split_at(missing.min(block.len()));
                self.clip.extend_from_slice(taken);
                block = rest;
                if self.clip.len() == spec.clip_samples {
                    let start = self.features.len();
                    self.features.resize(start + n_values, 0.0);
                    self.extractor.extract(&self.clip, &mut self.features[start..]).map_err(Fault::Features)?;
                    self.clip.clear();
                    // What lies behind the last clip wanted is not decoded.
                    if spec.max_clips == Some(self.features.len() / n_values) {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn write(
        &self,
        corpus: &str,
        track: &Track,
        spec: &FeatureSpec,
        n_values: usize,
        writer: &mut ShardWriter,
    ) -> Result<(), DatasetError> {
        for (index, features) in self.features.chunks_exact(n_values).enumerate() {
            writer.push(Clip {
                clip_id: ClipRef::new(corpus, &track.track_id, index).clip_id,
                track_id: &track.track_id,
                start_sample: (index * spec.clip_samples) as u64,
                features,
            })?;
        }
        Ok(())
    }
}
