//! A track weighted by what an answer hangs on.

use anyhow::Result;

use super::{Clips, smooth::smoothed};

/// Cells around each that a map is averaged over, in time and in frequency: gradients are ragged where ears are not.
const AROUND: [usize; 2] = [1, 2];
/// The share of cells that are heard in full or not at all of those that speak for the class.
const LOUDEST: f64 = 0.99;

/// A weighted track.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// [clips · samples]
    pub samples: Vec<f32>,
    /// Relative distance of the magnitudes from the weighted ones, the mean over the clips.
    pub consistency_error: f64,
    /// Part of the track's power that is left.
    pub power: f64,
}

/// Keeps of a track what speaks for a class, each cell by as much as it does.
///
/// # Shapes
/// `samples` [clips · samples], `map` [clips, frames, values]: what each value adds to the class's probability
///
/// # Errors
/// A sample is no number.
pub fn weigh(clips: &mut Clips, samples: &[f32], map: &[f32], shape: [usize; 2]) -> Result<Weighed> {
    let n_values = shape[0] * shape[1];
    let for_it: Vec<f32> = map.chunks_exact(n_values).flat_map(|clip| smoothed(clip, shape, AROUND)).map(|value| value.max(0.0)).collect();
    let full = quantile(&for_it, LOUDEST);
    let mut weighed = Weighed { samples: Vec::with_capacity(samples.len()), consistency_error: 0.0, power: 0.0 };
    let n_clips = map.len() / n_values;
    for (clip, cells) in samples.chunks_exact(clips.samples).zip(for_it.chunks_exact(n_values)) {
        let weights: Vec<f32> = cells.iter().map(|value| if full > 0.0 { (value / full).min(1.0) } else { 0.0 }).collect();
        let (sound, error) = clips.weighted(clip, &weights)?;
        weighed.consistency_error += error / n_clips as f64;
        weighed.samples.extend(sound);
    }
    let power = |samples: &[f32]| samples.iter().map(|sample| f64::from(sample * sample)).sum::<f64>();
    weighed.power = power(&weighed.samples) / power(samples).max(f64::MIN_POSITIVE);
    Ok(weighed)
}

/// The value below which that share of those above 0 lie; 0 where there are none.
fn quantile(values: &[f32], share: f64) -> f32 {
    let mut above: Vec<f32> = values.iter().copied().filter(|value| *value > 0.0).collect();
    above.sort_unstable_by(f32::total_cmp);
    above.get((share * above.len() as f64) as usize).or(above.last()).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_is_of_what_speaks_for_it() {
        assert_eq!(quantile(&[-1.0, 0.0, 2.0, 1.0], 0.5), 2.0);
        assert_eq!(quantile(&[-1.0, 0.0], 0.99), 0.0);
    }
}
