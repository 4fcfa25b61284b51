//! Samples become a matrix of features: spectrograms, mel spectrograms and MFCC with the conventions
//! of scipy and librosa.
//!
//! A [`FeatureSpec`] says what is made of a clip; it is read from TOML, recorded as JSON, and
//! checked once. An [`Extractor`] is the specification planned, with its buffers: one for each
//! thread, and nothing is allocated from clip to clip. A [`TrackExtractor`] takes whole tracks instead,
//! in blocks, and a [`PatchExtractor`] cuts their frames into patches, for pre-trained networks. Every representation is a matrix of frames by
//! values, row-major: time comes first, where librosa has frequency. Below them, [`Stft`] hands out
//! complex spectra frame by frame, [`MelBank`] holds the filters, and [`window`] makes windows. The way back
//! goes by [`InverseStft`], [`GriffinLim`] and [`MelInverse`]; an [`Inverter`] makes sound of a specification's features.
//!
//! ```
//! use segno_features::FeatureSpec;
//!
//! let spec = FeatureSpec::irvin();
//! assert_eq!(spec.shape(), [22, 513]);
//!
//! // A tone of 1000 Hz at 4000 Hz lies in the middle of the spectrum.
//! let clip: Vec<f32> = (0..20_000).map(|i| [0.0, 0.5, 0.0, -0.5][i % 4]).collect();
//! let mut features = vec![0.0; 22 * 513];
//! spec.extractor()?.extract(&clip, &mut features)?;
//!
//! let first_frame = &features[..513];
//! let loudest = (0..513).max_by(|&a, &b| first_frame[a].total_cmp(&first_frame[b]));
//! assert_eq!(loudest, Some(256));
//! # Ok::<(), segno_features::FeatureError>(())
//! ```
//!
//! A specification in TOML, as experiments hold it; what is left out has the default of the tables
//! at [`StftConfig`] and [`SpectrogramSpec`], [`MelSpec`] or [`MfccSpec`]:
//!
//! ```toml
//! [features]
//! sample_rate_hz = 4000
//! clip_samples = 20000
//!
//! [features.representation.spectrogram]
//! n_fft = 1024
//! hop = 896
//! window = { tukey = { alpha = 0.25 } }
//! detrend = "constant"
//! scaling = "density"
//! output = { log-magnitude = { floor = 5e-8 } }
//! ```
//!
//! ```toml
//! [mel]
//! sample_rate_hz = 22050
//! clip_samples = 65024
//! max_clips = 10
//!
//! [mel.representation.mel]
//! n_fft = 2048
//! hop = 512
//! padding = "zero"
//! n_mels = 128
//! output = { db = { reference = "max" } }
//! ```
//!
//! A whole track as one clip, of which statistics over its frames are kept:
//!
//! ```toml
//! [mfcc]
//! sample_rate_hz = 22050
//! clip = "whole"
//!
//! [mfcc.representation.summary]
//! of = { mfcc = { n_fft = 2048, hop = 512, padding = "zero" } }
//! statistics = ["mean", "sd", "delta-sd"]
//! ```
//!
//! The arithmetic is f32, with windows, means and mel weights in f64. Against a textbook transform in
//! f64, scipy and librosa the largest error stays below 1e-5 of the largest value; the tests hold it
//! there. `tests/parity.py` holds mel spectrograms, decibels and MFCC against librosa on any audio,
//! down to 80 dB below the loudest cell; far beneath that the rounding of f32 shows, where librosa,
//! whose transform is f64 within, still resolves.
//!
//! It does not know where samples come from: no file, no format, no resampling, no label.

mod clip_length;
mod dot;
mod error;
mod extractor;
mod inverse;
mod ln;
mod mel;
mod padding;
mod patches;
mod presets;
mod scaling;
mod spec;
mod spectrogram;
mod stage;
mod stft;
mod stft_config;
mod summary;
pub mod window;

pub use clip_length::ClipLength;
pub use error::FeatureError;
pub use extractor::Extractor;
pub use inverse::{GriffinLim, InverseStft, Inverted, Inverter, MelFit, MelInverse, Sound, random_phases, spectral_convergence};
pub use mel::{MelBank, MelConfig, MelNorm, MelOutput, MelScale, MelSpec, MfccSpec, PowerToDb, Reference};
pub use padding::Padding;
pub use patches::{PatchExtractor, PatchSpec, Patches};
/// A bin of a spectrum.
pub use realfft::num_complex::Complex32;
pub use scaling::{Output, Scaling};
pub use spec::{FeatureSpec, Representation};
pub use spectrogram::SpectrogramSpec;
pub use stft::Stft;
pub use stft_config::{Detrend, StftConfig};
pub use summary::{Statistic, SummarySpec, TrackExtractor};
pub use window::{Symmetry, Window};

/// Changes whenever the same specification and samples give other numbers than before, so that
/// shards of either side are never mixed.
pub const EXTRACTOR_VERSION: &str = "1";

/// The longest frame, in samples.
pub const MAX_N_FFT: usize = 1 << 24;

/// The most values in one clip's features: the longest row that the lists of Arrow and Parquet
/// count in 32 bits.
pub const MAX_VALUES: usize = i32::MAX as usize;

/// The most values that are held of a whole track's frames, 1 GiB: thirteen hours of 128 bands in steps
/// of 512 samples at 22 050 Hz.
pub const MAX_HELD_VALUES: usize = 1 << 28;

/// The largest absolute sample. Audio lies within ±1; up to here even the longest frame's power is
/// a finite f32.
pub const MAX_SAMPLE: f32 = 1e9;
