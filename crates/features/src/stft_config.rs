//! How samples become frames: the settings of the short-time Fourier transform, in the one place
//! where they stand.

use serde::{Deserialize, Serialize};

use crate::error::{FeatureError, setting};
use crate::{MAX_N_FFT, Padding, Symmetry, Window};

/// What is taken from the samples under the window before the window is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detrend {
    /// Nothing (librosa; scipy's `detrend=False`).
    #[default]
    None,
    /// Their mean (scipy's default, `detrend="constant"`).
    Constant,
}

/// How samples are cut into frames and transformed: the fields that every representation shares,
/// written beside its own.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `n_fft` | – | 1 to 2²⁴, any length | samples in a frame; gives `n_fft / 2 + 1` bins |
/// | `hop` | – | from 1 | samples from one frame to the next |
/// | `win_length` | `n_fft` | 1 to `n_fft` | samples under the window, amid the frame between zeros |
/// | `window` | `"hann"` | `"hann"`, `"hamming"`, `"blackman"`, `"bartlett"`, `"triangular"`, `{ tukey = { alpha = 0 to 1 } }`, `"rectangular"` | leakage against width of a peak |
/// | `symmetry` | `"periodic"` | `"periodic"`, `"symmetric"` | where the window's period ends |
/// | `padding` | `"none"` | `"none"`, `"zero"`, `"reflect"`, `"edge"` | whether frames are centred, and on what they reach out |
/// | `detrend` | `"none"` | `"none"`, `"constant"` | whether the mean under the window is taken away |
///
/// A number out of its range is a [`FeatureError::Setting`] that names the field. A clip too short
/// for one frame is a [`FeatureError::ShorterThanFrame`]; a symmetric window so short that it holds
/// its zero ends alone, a [`FeatureError::EmptyWindow`]. A field or a name that is not in the table
/// is refused when the text is read.
///
/// With a `win_length` below `n_fft` frames are counted and centred by `n_fft`, as librosa does;
/// scipy counts them by the window (`nperseg`) and sets the zeros behind it. The powers of a frame
/// on the same samples agree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "StftText")]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct StftConfig {
    pub n_fft: usize,
    pub hop: usize,
    pub win_length: usize,
    pub window: Window,
    pub symmetry: Symmetry,
    pub padding: Padding,
    pub detrend: Detrend,
}

/// [`StftConfig`] as it is written: with fields left out that have a default, one of which depends
/// on `n_fft`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StftText {
    n_fft: usize,
    hop: usize,
    win_length: Option<usize>,
    #[serde(default)]
    window: Window,
    #[serde(default)]
    symmetry: Symmetry,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    detrend: Detrend,
}

impl From<StftText> for StftConfig {
    fn from(text: StftText) -> Self {
        let StftText { n_fft, hop, win_length, window, symmetry, padding, detrend } = text;
        Self { n_fft, hop, win_length: win_length.unwrap_or(n_fft), window, symmetry, padding, detrend }
    }
}

impl StftConfig {
    /// A periodic Hann window as long as the frame; no padding, nothing taken away.
    #[must_use]
    pub fn new(n_fft: usize, hop: usize) -> Self {
        Self {
            n_fft,
            hop,
            win_length: n_fft,
            window: Window::default(),
            symmetry: Symmetry::default(),
            padding: Padding::default(),
            detrend: Detrend::default(),
        }
    }

    /// Bins in a frame's spectrum, from 0 Hz to half the sample rate: `n_fft / 2 + 1`.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// Frames that so many samples give: 0 where they do not fill one, or where the configuration
    /// does not hold.
    #[must_use]
    pub fn frames(&self, n_samples: usize) -> usize {
        if n_samples == 0 || self.hop == 0 {
            return 0;
        }
        let padded = n_samples.saturating_add(2 * self.padding.pad_samples(self.n_fft));
        padded.checked_sub(self.n_fft).map_or(0, |after_first| after_first / self.hop + 1)
    }

    /// Whether an [`Stft`](crate::Stft) can be made.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] for the first setting out of its range,
    /// [`FeatureError::EmptyWindow`].
    pub fn check(&self) -> Result<(), FeatureError> {
        self.checked_window().map(drop)
    }

    /// The window, once every setting has been found in its range.
    pub(crate) fn checked_window(&self) -> Result<Vec<f64>, FeatureError> {
        let Self { n_fft, hop, win_length, window, symmetry, .. } = *self;
        if !(1..=MAX_N_FFT).contains(&n_fft) {
            let expected = format!("1 to {MAX_N_FFT}");
            return Err(setting("n_fft", n_fft, expected, "a frame of some 20 to 250 ms of audio is usual"));
        }
        if hop == 0 {
            return Err(setting("hop", hop, "at least 1", "a quarter of `n_fft` is usual"));
        }
        if !(1..=n_fft).contains(&win_length) {
            let expected = format!("1 to `n_fft` = {n_fft}");
            return Err(setting("win_length", win_length, expected, "leave it out for a window as long as the frame"));
        }
        window.check()?;
        let coefficients = window.coefficients(win_length, symmetry);
        // The ends of a Blackman window are zero but for rounding.
        if coefficients.iter().all(|w| w.abs() < 1e-9) {
            return Err(FeatureError::EmptyWindow { window: window.name(), win_length });
        }
        Ok(coefficients)
    }
}
