//! Every setting against the textbook: the discrete Fourier transform written out in f64.

mod common;

use std::f64::consts::TAU;

use common::test_signal;
use proptest::prelude::*;
use proptest::sample::select;
use segno_features::{
    Complex32, Detrend, FeatureSpec, Output, Padding, Representation, Scaling, SpectrogramSpec, Stft, StftConfig, Symmetry, Window,
};

/// Largest error as a part of the largest value.
const RELATIVE: f64 = 1e-5;

/// The samples with the padding written out, one step of numpy's `pad` at a time.
fn padded(samples: &[f32], config: &StftConfig) -> Vec<f64> {
    let mut out: std::collections::VecDeque<f64> = samples.iter().map(|&x| f64::from(x)).collect();
    for step in 0..config.padding.pad_samples(config.n_fft) {
        // After `step` steps at both ends, samples[0] stands at `step`, and the next one mirrors
        // samples[step + 1].
        let (before, after) = match config.padding {
            Padding::None => unreachable!("nothing is added"),
            Padding::Zero => (0.0, 0.0),
            Padding::Edge => (out[0], out[out.len() - 1]),
            Padding::Reflect if samples.len() == 1 => (out[0], out[0]),
            Padding::Reflect => (out[2 * step + 1], out[out.len() - 2 * step - 2]),
        };
        out.push_front(before);
        out.push_back(after);
    }
    out.into()
}

/// `[frames][bins]` of real and imaginary part.
fn textbook(samples: &[f32], config: &StftConfig) -> Vec<Vec<(f64, f64)>> {
    let StftConfig { n_fft, hop, win_length, .. } = *config;
    let window = config.window.coefficients(win_length, config.symmetry);
    let before = (n_fft - win_length) / 2;
    padded(samples, config)
        .windows(n_fft)
        .step_by(hop)
        .map(|frame| {
            let segment = &frame[before..before + win_length];
            let mean = match config.detrend {
                Detrend::None => 0.0,
                Detrend::Constant => segment.iter().sum::<f64>() / win_length as f64,
            };
            (0..=n_fft / 2)
                .map(|bin| {
                    segment.iter().zip(&window).enumerate().fold((0.0, 0.0), |(re, im), (i, (x, w))| {
                        let angle = TAU * ((bin * (before + i)) % n_fft) as f64 / n_fft as f64;
                        (re + (x - mean) * w * angle.cos(), im - (x - mean) * w * angle.sin())
                    })
                })
                .collect()
        })
        .collect()
}

fn a_window() -> impl Strategy<Value = Window> {
    use Window::*;
    prop_oneof![
        6 => select(vec![Hann, Hamming, Blackman, Bartlett, Triangular, Rectangular]),
        2 => (0.0..=1.0).prop_map(|alpha| Tukey { alpha }),
    ]
}

prop_compose! {
    /// A configuration and a number of samples that give at least one frame and not too many.
    fn a_config()(n_fft in 1_usize..200)(
        n_fft in Just(n_fft),
        hop in 1..2 * n_fft + 2,
        win_length in prop_oneof![Just(n_fft), 1..=n_fft],
        window in a_window(),
        symmetry in select(vec![Symmetry::Periodic, Symmetry::Symmetric]),
        padding in select(vec![Padding::None, Padding::Zero, Padding::Reflect, Padding::Edge]),
        detrend in select(vec![Detrend::None, Detrend::Constant]),
        more_frames in 0_usize..6,
        left_over in 0_usize..100,
    ) -> (StftConfig, usize) {
        let config = StftConfig { n_fft, hop, win_length, window, symmetry, padding, detrend };
        let shortest = if padding == Padding::None { n_fft } else { 1 };
        (config, shortest + more_frames * hop + left_over.min(hop - 1))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_configuration_gives_the_textbooks_spectra((config, n_samples) in a_config()) {
        // A window that is zero everywhere is refused; the unit tests of `check` cover it.
        prop_assume!(config.check().is_ok());
        let samples = test_signal(n_samples);
        let expected = textbook(&samples, &config);
        prop_assert_eq!(config.frames(n_samples), expected.len());

        let mut found = vec![Complex32::default(); expected.len() * config.bins()];
        Stft::new(config).unwrap().transform(&samples, &mut found).unwrap();
        // Where detrending leaves next to nothing, what it took away is the measure.
        let largest = samples.iter().map(|x| f64::from(x.abs())).fold(0.0, f64::max);
        for (found, (re, im)) in found.iter().zip(expected.iter().flatten()) {
            let error = (f64::from(found.re) - re).hypot(f64::from(found.im) - im);
            prop_assert!(error <= RELATIVE * largest, "{} against {} {}", found, re, im);
        }
    }

    #[test]
    fn scaling_and_output_follow_their_formulas(
        (config, n_samples) in a_config(),
        scaling in select(vec![Scaling::None, Scaling::Density, Scaling::Spectrum]),
        output in select(vec![
            Output::Power, Output::Magnitude, Output::LogMagnitude { floor: 1e-2 }, Output::LogPower { floor: 1e-3 },
        ]),
        sample_rate_hz in 1_u32..200_000,
    ) {
        prop_assume!(config.check().is_ok());
        let StftConfig { n_fft, win_length, window, symmetry, .. } = config;
        let representation = Representation::Spectrogram(SpectrogramSpec { stft: config, scaling, output });
        let spec = FeatureSpec::new(sample_rate_hz, n_samples, representation);
        let samples = test_signal(n_samples);
        let mut found = vec![f32::NAN; spec.shape().iter().product()];
        spec.extractor().unwrap().extract(&samples, &mut found).unwrap();

        let w = window.coefficients(win_length, symmetry);
        let factor = match scaling {
            Scaling::None => 1.0,
            Scaling::Density => 1.0 / (f64::from(sample_rate_hz) * w.iter().map(|w| w * w).sum::<f64>()),
            Scaling::Spectrum => 1.0 / w.iter().sum::<f64>().powi(2),
        };
        // The bins at 0 Hz and at half the rate are their own mirror images.
        let sides = |bin: usize| if scaling == Scaling::None || (2 * bin).is_multiple_of(n_fft) { 1.0 } else { 2.0 };
        let power: Vec<f64> = textbook(&samples, &config)
            .iter()
            .flat_map(|frame| frame.iter().enumerate().map(|(bin, (re, im))| (re * re + im * im) * factor * sides(bin)))
            .collect();
        // What is left of a detrended frame may be rounding alone, so the samples' size takes part.
        let largest = samples.iter().map(|x| f64::from(x * x) * 2.0 * factor).chain(power.clone()).fold(0.0, f64::max);
        for (found, power) in found.iter().zip(power) {
            let found = f64::from(*found);
            let (expected, tolerance) = match output {
                Output::Power => (power, RELATIVE * largest),
                Output::Magnitude => (power.sqrt(), RELATIVE * largest.sqrt()),
                Output::LogMagnitude { floor } => (power.sqrt().max(floor).ln(), RELATIVE * largest.sqrt().max(1.0) / floor),
                Output::LogPower { floor } => (power.max(floor).ln(), RELATIVE * largest.max(1.0) / floor),
            };
            prop_assert!((found - expected).abs() <= tolerance, "{} against {}", found, expected);
        }
    }
}

/// One frame of a sine of amplitude 0.5, as power.
fn power_of_sine(frequency_hz: f64, scaling: Scaling) -> Vec<f32> {
    let sine: Vec<f32> = (0..1000).map(|i| (0.5 * (TAU * frequency_hz * f64::from(i) / 4000.0).sin()) as f32).collect();
    let spectrogram = SpectrogramSpec { scaling, output: Output::Power, ..SpectrogramSpec::new(1000, 1000) };
    let representation = Representation::Spectrogram(spectrogram);
    let spec = FeatureSpec::new(4000, 1000, representation);
    let mut power = vec![0.0; 501];
    spec.extractor().unwrap().extract(&sine, &mut power).unwrap();
    power
}

#[test]
fn density_sums_to_the_mean_square_of_a_sine() {
    // A bin is 4 Hz wide; 402 Hz lie between two bins.
    let mean_square: f32 = power_of_sine(402.0, Scaling::Density).iter().map(|density| density * 4.0).sum();
    assert!((mean_square - 0.125).abs() < 1e-4, "{mean_square}");
}

#[test]
fn spectrum_shows_half_the_squared_amplitude_of_a_sine() {
    let power = power_of_sine(400.0, Scaling::Spectrum);
    assert!((power[100] - 0.125).abs() < 1e-6, "{}", power[100]);
}

#[test]
fn an_impulse_is_flat_and_silence_is_zero() {
    let mut impulse = vec![0.0; 37];
    impulse[0] = 1.0;
    let config = StftConfig { window: Window::Rectangular, ..StftConfig::new(37, 1) };
    let mut spectrum = vec![Complex32::default(); 19];
    let mut stft = Stft::new(config).unwrap();
    stft.transform(&impulse, &mut spectrum).unwrap();
    assert!(spectrum.iter().all(|bin| (bin - Complex32::new(1.0, 0.0)).norm() < 1e-6));
    stft.transform(&[0.0; 37], &mut spectrum).unwrap();
    assert!(spectrum.iter().all(|bin| bin.norm() == 0.0));
}
