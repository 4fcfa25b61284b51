//! From the sums of bands to the numbers a network reads: decibels and other logarithms.

use serde::{Deserialize, Serialize};

use crate::error::{FeatureError, setting};
use crate::ln::ln_normal;

/// What is kept of a band.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum MelOutput {
    /// The sum as it is.
    #[default]
    Linear,
    /// Decibels, as `librosa.power_to_db` makes them.
    Db(PowerToDb),
    /// `log10(1 + scale · sum)`.
    LogCompressed {
        /// What the sum is multiplied by, from 1.18e-38: the larger, the more quiet sounds count.
        scale: f64,
    },
}

/// What 0 dB are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reference {
    /// The largest value of the clip: nothing lies above 0 dB (librosa's `ref=np.max`).
    Max,
    /// This value (librosa's `ref=1.0`).
    Value(f64),
}

/// Decibels of a whole clip: `10 · log10(max(x, amin) / max(reference, amin))`, and nothing more
/// than `top_db` below the clip's largest.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `reference` | `{ value = 1.0 }` | `"max"`, `{ value }`; value from 1.18e-38 | what 0 dB are |
/// | `amin` | 1e-10 | from 1.18e-38 | the smallest value told from silence |
/// | `top_db` | 80 | 0 to 10000 | what is kept below the clip's largest; with 1000, everything |
///
/// The values are taken for power, whatever the exponent they were made with. A silent clip is 0 dB
/// everywhere where the reference is the largest value.
///
/// # References
/// librosa 0.11, `librosa.power_to_db`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct PowerToDb {
    pub reference: Reference,
    pub amin: f64,
    pub top_db: f64,
}

impl Default for PowerToDb {
    fn default() -> Self {
        Self { reference: Reference::Value(1.0), amin: 1e-10, top_db: 80.0 }
    }
}

impl MelOutput {
    pub(crate) fn check(self) -> Result<(), FeatureError> {
        match self {
            MelOutput::Linear => Ok(()),
            MelOutput::Db(db) => db.check(),
            MelOutput::LogCompressed { scale } => normal("output.log-compressed.scale", scale, "10000 is usual"),
        }
    }

    /// Turns the bands of a whole clip, of finite values from 0, into what is kept of them.
    pub(crate) fn apply(self, bands: &mut [f32]) {
        match self {
            MelOutput::Linear => {}
            MelOutput::Db(db) => db.apply(bands),
            MelOutput::LogCompressed { scale } => {
                let scale = scale as f32;
                for value in bands {
                    let sum = (1.0 + scale * *value).min(f32::MAX);
                    *value = ln_normal(sum) * std::f32::consts::LOG10_E;
                }
            }
        }
    }
}

impl PowerToDb {
    /// Whether decibels can be made.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] for the first setting out of its range.
    pub fn check(self) -> Result<(), FeatureError> {
        if let Reference::Value(value) = self.reference {
            normal("reference.value", value, "1 is librosa's default; write \"max\" for the largest value")?;
        }
        normal("amin", self.amin, "1e-10 is librosa's default")?;
        if !(0.0..=1e4).contains(&self.top_db) {
            return Err(setting("top_db", self.top_db, "0 to 10000", "80 is librosa's default; 1000 keeps everything"));
        }
        Ok(())
    }

    /// Turns the power of a whole clip, of finite values from 0, into decibels in place. Without
    /// meaning for settings that [`PowerToDb::check`] refuses.
    pub fn apply(self, power: &mut [f32]) {
        let amin = self.amin as f32;
        let loudest = largest(power);
        let reference = match self.reference {
            Reference::Max => loudest,
            Reference::Value(value) => value as f32,
        };
        let zero = decibels(reference.max(amin));
        let floor = decibels(loudest.max(amin)) - zero - self.top_db as f32;
        for value in power {
            *value = (decibels(value.max(amin)) - zero).max(floor);
        }
    }
}

/// `10 · log10(x)` of a normal, positive, finite `x`.
#[inline]
fn decibels(x: f32) -> f32 {
    ln_normal(x) * (10.0 * std::f32::consts::LOG10_E)
}

/// The largest of values from 0; several side by side, so that the comparison vectorises.
fn largest(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut lanes = [0.0_f32; 8];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    lanes.iter().chain(rest).fold(0.0, |largest, value| largest.max(*value))
}

/// Whether a setting, as f32, is a number whose logarithm exists.
fn normal(name: &'static str, value: f64, advice: &'static str) -> Result<(), FeatureError> {
    let range = f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX);
    if range.contains(&value) {
        return Ok(());
    }
    Err(setting(name, format!("{value:e}"), format!("{:e} to {:e}", range.start(), range.end()), advice))
}
