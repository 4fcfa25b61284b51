//! The specification of a summary.

use serde::{Deserialize, Serialize};

use crate::error::{FeatureError, setting};
use crate::{MfccSpec, Representation};

/// What is taken of one value over all frames of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// The mean.
    Mean,
    /// The standard deviation, of the population: divided by the number of frames (numpy's default).
    Sd,
    /// The mean of the delta: of the slope of a line through `delta_width` frames, per frame.
    DeltaMean,
    /// The standard deviation of the delta, of the population.
    DeltaSd,
}

impl Statistic {
    /// Whether it is of the delta.
    #[must_use]
    pub fn of_delta(self) -> bool {
        matches!(self, Statistic::DeltaMean | Statistic::DeltaSd)
    }
}

/// Statistics over the frames of another representation: one row, whatever the clip's length.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `of` | – | `{ spectrogram = … }`, `{ mel = … }`, `{ mfcc = … }` | the frames |
/// | `statistics` | `["mean", "sd", "delta-sd"]` | each of [`Statistic`] once at most | what is taken of each value, in this order |
/// | `delta_width` | 9 | odd, 3 to 1023 | frames that the delta's line is laid through |
///
/// The delta of frame `t` is the slope of the least-squares line through the frames around it; at the
/// ends, where the frames do not reach, that of the first or last `delta_width` frames: librosa's
/// `mode="interp"`. A clip with fewer frames than that has none, and is refused where one is asked for.
///
/// Decibels are relative to the loudest cell of the whole clip (`top_db`), so the bands of all frames
/// are held until the last has come: 512 bytes a frame of 128 bands, 13 MB for ten minutes in steps
/// of 512 samples at 22 050 Hz. Sums are f64.
///
/// # Shapes
/// `[1, statistics · values]`: the first statistic of every value, then the second
///
/// # References
/// librosa 0.11, `librosa.feature.delta`; numpy, `mean` and `std`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct SummarySpec {
    pub of: Box<Representation>,
    #[serde(default = "default_statistics")]
    pub statistics: Vec<Statistic>,
    #[serde(default = "default_delta_width")]
    pub delta_width: usize,
}

fn default_statistics() -> Vec<Statistic> {
    vec![Statistic::Mean, Statistic::Sd, Statistic::DeltaSd]
}

fn default_delta_width() -> usize {
    9
}

impl SummarySpec {
    /// Mean, standard deviation and that of the delta over nine frames: the defaults of the table.
    #[must_use]
    pub fn new(of: Representation) -> Self {
        Self { of: Box::new(of), statistics: default_statistics(), delta_width: default_delta_width() }
    }

    /// The sixty numbers that librosa's users begin with: of `librosa.feature.mfcc(y)` with its defaults.
    #[must_use]
    pub fn mfcc() -> Self {
        Self::new(Representation::Mfcc(MfccSpec::librosa(2048, 512)))
    }

    /// The fewest frames that a clip has to have.
    #[must_use]
    pub fn min_frames(&self) -> usize {
        if self.statistics.iter().any(|statistic| statistic.of_delta()) { self.delta_width } else { 1 }
    }

    /// The fewest samples: of that many frames, and never fewer than one frame has without padding.
    #[must_use]
    pub fn min_samples(&self) -> usize {
        let stft = self.of.stft();
        let padded = stft.n_fft.saturating_add((self.min_frames() - 1).saturating_mul(stft.hop));
        padded.saturating_sub(2 * stft.padding.pad_samples(stft.n_fft)).max(stft.n_fft)
    }

    pub(crate) fn check(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        let Self { of, statistics, delta_width } = self;
        if matches!(**of, Representation::Summary(_)) {
            return Err(setting("summary.of", "a summary", "a representation of frames", "write spectrogram, mel or mfcc"));
        }
        of.check(sample_rate_hz)?;
        let repeated = statistics.iter().enumerate().any(|(index, statistic)| statistics[..index].contains(statistic));
        if statistics.is_empty() || repeated {
            let expected = "at least one, and each once";
            return Err(setting("summary.statistics", format!("{statistics:?}"), expected, "leave it out for mean, sd and delta-sd"));
        }
        if !(3..=1023).contains(delta_width) || delta_width.is_multiple_of(2) {
            return Err(setting("summary.delta_width", delta_width, "an odd number from 3 to 1023", "9 is librosa's default"));
        }
        Ok(())
    }
}
