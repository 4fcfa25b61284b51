use thiserror::Error;

/// What can be wrong with a specification, a clip, or the room given for the result.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum FeatureError {
    /// A setting lies outside its range. The tables of settings are at
    /// [`StftConfig`](crate::StftConfig), [`MelConfig`](crate::MelConfig) and each representation.
    #[error("`{setting}` is {found}, expected {expected}: {advice}")]
    Setting {
        /// The field, as it is written in TOML and JSON.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The range that the value has to lie in.
        expected: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// There are no samples, or fewer than a frame without padding needs.
    #[error(
        "{found} samples give no frame of `n_fft` = {n_fft}: \
         take more samples, lower `n_fft`, or set `padding` where there are any"
    )]
    ShorterThanFrame {
        /// The number of samples.
        found: usize,
        /// The number of samples in a frame.
        n_fft: usize,
    },
    /// The window is zero at every sample, so that every spectrum would be zero as well.
    #[error(
        "a symmetric {window} window of `win_length` = {win_length} is zero everywhere: \
         raise `win_length` or make the window periodic"
    )]
    EmptyWindow {
        /// The window's name.
        window: &'static str,
        /// Its length in samples.
        win_length: usize,
    },
    /// The samples are of another rate than the specification.
    #[error("the samples are of {found} Hz, expected `sample_rate_hz` = {expected}: resample them, or write their rate")]
    SampleRate {
        /// The samples' rate.
        found: u32,
        /// The rate specified.
        expected: u32,
    },
    /// The clip is not as long as the specification says.
    #[error(
        "the clip has {found} samples, expected `clip_samples` = {expected}: \
         cut the track into whole clips and leave the rest out"
    )]
    ClipLength {
        /// The samples given.
        found: usize,
        /// The samples specified.
        expected: usize,
    },
    /// A whole track is too short for its summary, or for a frame of its first patch; neither is padded.
    #[error("the track has {found} samples, expected at least {expected}: too short to be heard, for it is never padded with silence")]
    ShortTrack {
        /// The samples of the track.
        found: usize,
        /// Those of a frame, and of as many frames as a delta is taken over.
        expected: usize,
    },
    /// A whole track is too long for the values of its frames to be held.
    #[error(
        "the track has {frames} frames of {width} values to be held, more than {} values: \
         cut it into clips, or raise `hop`",
        crate::MAX_HELD_VALUES
    )]
    LongTrack {
        /// The frames so far.
        frames: usize,
        /// Values that are held of each.
        width: usize,
    },
    /// The slice for the result has another length than the result.
    #[error("the output has room for {found} values, expected {rows} rows of {columns}: size it by the shape")]
    OutputLength {
        /// The values there is room for.
        found: usize,
        /// The frames of the result.
        rows: usize,
        /// The values in a frame of the result.
        columns: usize,
    },
    /// The values of a transform are not as many as the samples asked for give.
    #[error(
        "{found} values of frames are given for {samples} samples, expected {frames} frames of {bins}: \
         size them by the transform's `frames` and `bins`"
    )]
    Frames {
        /// The values given.
        found: usize,
        /// The samples asked for.
        samples: usize,
        /// The frames that these give.
        frames: usize,
        /// The values in a frame.
        bins: usize,
    },
    /// A sample is infinite, not a number, or so large that its power would overflow.
    #[error(
        "sample {index} is {value}, expected a number within ±{}: \
         decode the audio again, or leave this clip out",
        crate::MAX_SAMPLE
    )]
    Sample {
        /// Where it is, counted from the start of the samples given.
        index: usize,
        /// What it is.
        value: f32,
    },
}

/// A [`FeatureError::Setting`], with the values written as text.
pub(crate) fn setting(setting: &'static str, found: impl ToString, expected: impl ToString, advice: &'static str) -> FeatureError {
    FeatureError::Setting { setting, found: found.to_string(), expected: expected.to_string(), advice }
}
