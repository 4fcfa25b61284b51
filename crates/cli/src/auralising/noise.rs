//! Sound to start from where there is no track.

use segno_features::{Complex32, FeatureError, InverseStft, StftConfig, Window, random_phases};

/// Mean square of a sample: as loud as music is on average.
const LOUDNESS: f32 = 0.01;

/// Pink noise: as much power in each octave, as music roughly has. The same for a seed, but for rounding.
///
/// # Errors
/// More samples than the longest frame has.
pub fn noise(n_samples: usize, seed: u64) -> Result<Vec<f32>, FeatureError> {
    // One frame over all of it.
    let config = StftConfig { window: Window::Rectangular, ..StftConfig::new(n_samples, n_samples) };
    let mut spectrum = random_phases(config.bins(), seed);
    spectrum[0] = Complex32::default();
    spectrum.iter_mut().enumerate().skip(1).for_each(|(bin, value)| *value /= (bin as f32).sqrt());
    let mut samples = vec![0.0; n_samples];
    InverseStft::new(config)?.inverse(&spectrum, &mut samples)?;
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / n_samples as f32;
    samples.iter_mut().for_each(|sample| *sample *= (LOUDNESS / power).sqrt());
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octave_has_as_much_power_as_the_next() {
        let samples = noise(4096, 1).unwrap();
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / 4096.0;
        assert!((power - LOUDNESS).abs() < 1e-4, "{power}");
        assert!(samples != noise(4096, 2).unwrap());
        let config = StftConfig { window: Window::Rectangular, ..StftConfig::new(4096, 4096) };
        let mut spectrum = vec![Complex32::default(); config.bins()];
        segno_features::Stft::new(config).unwrap().transform(&samples, &mut spectrum).unwrap();
        let octave = |from: usize| spectrum[from..2 * from].iter().map(Complex32::norm_sqr).sum::<f32>();
        for from in [64, 256, 512] {
            assert!((octave(from) / octave(2 * from) - 1.0).abs() < 0.05, "{from}: {} {}", octave(from), octave(2 * from));
        }
    }
}
