//! Between the samples of clips and their features, both ways.

use anyhow::{Context, Result};
use segno_features::{Complex32, Extractor, FeatureError, FeatureSpec, GriffinLim, InverseStft, Inverter, Stft};

/// Of Griffin and Lim's iteration, which goes on from the phases that a clip has.
const BACK: GriffinLim = GriffinLim { iterations: 12, momentum: 0.99, floor: 1e-2 };

/// The loudest sample that is written.
const PEAK: f32 = 0.99;

/// Makes features of the samples of clips, and samples of features.
pub struct Clips {
    extractor: Extractor,
    inverter: Inverter,
    forward: Stft,
    backward: InverseStft,
    /// Samples of a clip.
    pub samples: usize,
    n_values: usize,
}

impl Clips {
    /// Tools for one specification.
    ///
    /// # Errors
    /// No sound can be made of such features.
    pub fn new(spec: &FeatureSpec) -> Result<Self, FeatureError> {
        let inverter = Inverter::new(spec)?;
        let [frames, columns] = spec.shape();
        let config = *inverter.config();
        Ok(Self {
            extractor: spec.extractor()?,
            forward: Stft::new(config)?,
            backward: InverseStft::new(config)?.with_floor(BACK.floor),
            samples: spec.clip_samples().expect("an inverter is of clips"),
            n_values: frames * columns,
            inverter,
        })
    }

    /// The features of clip after clip.
    ///
    /// # Shapes
    /// [clips · samples] → [clips, frames, values]
    ///
    /// # Errors
    /// A sample is no number.
    pub fn features(&mut self, samples: &[f32]) -> Result<Vec<f32>, FeatureError> {
        let mut features = vec![0.0; samples.len() / self.samples * self.n_values];
        for (clip, row) in samples.chunks_exact(self.samples).zip(features.chunks_exact_mut(self.n_values)) {
            self.extractor.extract(clip, row)?;
        }
        Ok(features)
    }

    /// Samples whose features are nearly these, no louder than full scale, and the consistency error: how far their magnitudes are from
    /// those of the features, the mean over the clips. Phases are looked for from those of `near` on.
    ///
    /// # Shapes
    /// `features` [clips, frames, values], `near` [clips · samples] → [clips · samples]
    ///
    /// # Errors
    /// The features are beyond what samples can be.
    pub fn sound(&mut self, features: &[f32], near: &[f32]) -> Result<(Vec<f32>, f64)> {
        let (mut samples, mut errors) = (Vec::with_capacity(near.len()), 0.0);
        for (clip, near) in features.chunks_exact(self.n_values).zip(near.chunks_exact(self.samples)) {
            let phases: Vec<Complex32> = self.spectra(near)?.into_iter().map(|bin| bin / (bin.norm() + f32::MIN_POSITIVE)).collect();
            let sound = self.inverter.invert(clip, &phases, &BACK).context("the features are those of no sound")?;
            errors += sound.inverted.convergence;
            samples.extend(sound.inverted.samples);
        }
        bring_down(&mut samples);
        Ok((samples, errors / (features.len() / self.n_values) as f64))
    }

    /// A clip with a weight on each cell of its features, by its own spectra and phases; and how far the magnitudes of what comes out
    /// are from the weighted ones.
    ///
    /// # Shapes
    /// `clip` [samples], `weights` [frames, values] → [samples]
    ///
    /// # Errors
    /// A sample is no number.
    pub fn weighted(&mut self, clip: &[f32], weights: &[f32]) -> Result<(Vec<f32>, f64), FeatureError> {
        let mut spectra = self.spectra(clip)?;
        spectra.iter_mut().zip(self.inverter.of_bins(weights)).for_each(|(bin, weight)| *bin *= weight);
        let mut samples = vec![0.0; clip.len()];
        self.backward.inverse(&spectra, &mut samples)?;
        let wanted: Vec<f32> = spectra.iter().map(|bin| bin.norm()).collect();
        let found = self.spectra(&samples)?;
        Ok((samples, segno_features::spectral_convergence(&wanted, found.into_iter().map(|bin| bin.norm()))))
    }

    fn spectra(&mut self, clip: &[f32]) -> Result<Vec<Complex32>, FeatureError> {
        let [frames, bins] = self.inverter.spectra();
        let mut spectra = vec![Complex32::default(); frames * bins];
        self.forward.transform(clip, &mut spectra)?;
        Ok(spectra)
    }
}

/// Makes all of it as much quieter as the loudest sample asks for.
fn bring_down(samples: &mut [f32]) {
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    if peak > PEAK {
        samples.iter_mut().for_each(|sample| *sample *= PEAK / peak);
    }
}

/// Samples as a file of sixteen bits holds them, and as they come back from it.
pub fn quantised(samples: &[f32]) -> (Vec<i16>, Vec<f32>) {
    let steps: Vec<i16> = samples.iter().map(|sample| (sample * 32_768.0).round() as i16).collect();
    let back = steps.iter().map(|step| f32::from(*step) / 32_768.0).collect();
    (steps, back)
}
