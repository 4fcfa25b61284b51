//! What has no sound has no answer: a file, or a moment of one.

/// One step of 16-bit samples: what never exceeds it is silence.
const STEP: f32 = 1.0 / 32_768.0;

/// Why what is silent by its samples has no answer.
pub const NO_SOUND: &str = "silence: no sample is louder than one step of 16 bits, so there is no answer";

/// Why what is silent by its summary has no answer.
pub const NO_CHANGE: &str = "silence: nothing in it changes, so there is no answer";

/// Whether the largest absolute sample is one of silence.
pub fn is_silent(peak: f32) -> bool {
    peak <= STEP
}

/// Whether a summary of mean, deviation and the delta's deviation is of silence or a constant: both deviations are 0 then.
pub fn never_changes(summary: &[f32]) -> bool {
    summary[summary.len() / 3..].iter().all(|deviation| *deviation == 0.0)
}
