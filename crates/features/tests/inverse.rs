//! The way back from spectra and features; inverse_goldens.json names librosa's version and the script that wrote it.

mod common;

use common::test_signal;
use segno_features::{
    Complex32, FeatureSpec, GriffinLim, InverseStft, Inverter, MelInverse, MelSpec, Representation, Stft, StftConfig, random_phases,
    spectral_convergence,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Goldens {
    cases: Vec<Case>,
    mel_cases: Vec<MelCase>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    samples: usize,
    stft: StftConfig,
    picked: Vec<usize>,
    largest: f32,
    values: Vec<f32>,
    griffin_lim: Vec<Convergence>,
}

#[derive(Deserialize)]
struct Convergence {
    iterations: usize,
    momentum: f32,
    convergence: f64,
}

#[derive(Deserialize)]
struct MelCase {
    name: String,
    samples: usize,
    sample_rate_hz: u32,
    mel: MelSpec,
    residual: f64,
    mean_decibels: f64,
}

fn goldens() -> Goldens {
    serde_json::from_str(include_str!("golden/inverse_goldens.json")).unwrap()
}

fn spectra(config: StftConfig, samples: &[f32]) -> Vec<Complex32> {
    let mut spectra = vec![Complex32::default(); config.frames(samples.len()) * config.bins()];
    Stft::new(config).unwrap().transform(samples, &mut spectra).unwrap();
    spectra
}

/// What no signal has: every third bin and every second frame louder, as in the script.
fn altered(config: StftConfig, samples: &[f32]) -> Vec<Complex32> {
    let bins = config.bins();
    spectra(config, samples).into_iter().enumerate().map(|(i, x)| x * ((1 + i % bins % 3) * (1 + i / bins % 2)) as f32).collect()
}

#[test]
fn the_inverse_is_librosas() {
    for case in goldens().cases {
        let given = altered(case.stft, &test_signal(case.samples));
        let mut back = vec![0.0; case.samples];
        InverseStft::new(case.stft).unwrap().inverse(&given, &mut back).unwrap();
        for (position, theirs) in case.picked.iter().zip(&case.values) {
            let error = (back[*position] - theirs).abs();
            assert!(error <= 1e-5 * case.largest, "{}: sample {position} is {}, expected {theirs}", case.name, back[*position]);
        }
    }
}

#[test]
fn spectra_of_samples_give_the_samples_back_wherever_a_window_reaches() {
    for case in goldens().cases {
        let samples = test_signal(case.samples);
        let mut back = vec![0.0; case.samples];
        InverseStft::new(case.stft).unwrap().inverse(&spectra(case.stft, &samples), &mut back).unwrap();
        // Without padding the window's foot stands on the first samples alone, and the last belong to no frame.
        let reached = if case.stft.padding.pad_samples(2) == 0 { 40..case.samples - case.stft.hop } else { 0..case.samples };
        for position in reached {
            assert!((back[position] - samples[position]).abs() < 2e-4, "{}: sample {position}", case.name);
        }
    }
}

#[test]
fn griffin_lim_converges_as_librosas_does_from_the_same_phases() {
    let mut checked = 0;
    for case in goldens().cases {
        let magnitudes: Vec<f32> = altered(case.stft, &test_signal(case.samples)).iter().map(|x| x.norm()).collect();
        let flat = vec![Complex32::new(1.0, 0.0); magnitudes.len()];
        for Convergence { iterations, momentum, convergence } in &case.griffin_lim {
            let by = GriffinLim { iterations: *iterations, momentum: *momentum, floor: 0.0 };
            let found = by.invert(case.stft, &magnitudes, &flat, case.samples).unwrap().convergence;
            // The paths part by rounding (theirs is f64, ours f32), the ends hardly: a part in a hundred.
            let tolerance = if *iterations == 1 { 1e-4 } else { 0.01 } * convergence.max(0.05);
            let what = format!("{}: {iterations} iterations, momentum {momentum}", case.name);
            assert!((found - convergence).abs() <= tolerance, "{what}: {found}, expected {convergence}");
            checked += 1;
        }
    }
    assert_eq!(checked, 30);
}

#[test]
fn bands_are_met_better_than_by_librosa_in_squares_and_in_decibels() {
    for case in goldens().mel_cases {
        let spec = FeatureSpec::new(case.sample_rate_hz, case.samples, Representation::Mel(case.mel.clone()));
        let mut bands = vec![0.0; spec.shape().iter().product()];
        spec.extractor().unwrap().extract(&test_signal(case.samples), &mut bands).unwrap();
        let mut inverse = MelInverse::new(&case.mel.mel, case.mel.stft.n_fft, case.sample_rate_hz).unwrap();
        let fit = inverse.magnitudes(&bands).unwrap();
        assert!(fit.magnitudes.iter().all(|value| *value >= 0.0 && value.is_finite()), "{}", case.name);

        let bank = segno_features::MelBank::new(&case.mel.mel, case.mel.stft.n_fft, case.sample_rate_hz).unwrap();
        let mut found = vec![0.0; bands.len()];
        for (spectrum, found) in fit.magnitudes.chunks_exact(case.mel.stft.bins()).zip(found.chunks_exact_mut(case.mel.mel.n_mels)) {
            let power: Vec<f32> = spectrum.iter().map(|magnitude| magnitude * magnitude).collect();
            bank.apply(&power, found);
        }
        let residual = spectral_convergence(&bands, found.iter().copied());
        assert!((residual - fit.residual).abs() < 1e-6 && residual < case.residual, "{}: {residual} > {}", case.name, case.residual);
        let decibels = |power: f32| 10.0 * f64::from(power.max(1e-10)).log10();
        let apart = bands.iter().zip(&found).map(|(a, b)| (decibels(*a) - decibels(*b)).abs()).sum::<f64>() / bands.len() as f64;
        assert!(apart < case.mean_decibels, "{}: {apart} dB > {} dB", case.name, case.mean_decibels);
    }
}

/// The features of what was inverted, and of what it was inverted from.
fn there_and_back(spec: &FeatureSpec) -> (f64, Vec<f32>, Vec<f32>) {
    let samples = test_signal(spec.clip_samples().unwrap());
    let mut extractor = spec.extractor().unwrap();
    let mut wanted = vec![0.0; spec.shape().iter().product()];
    extractor.extract(&samples, &mut wanted).unwrap();
    let mut inverter = Inverter::new(spec).unwrap();
    let [frames, bins] = inverter.spectra();
    let by = GriffinLim { iterations: 100, momentum: 0.99, floor: 1e-2 };
    let sound = inverter.invert(&wanted, &random_phases(frames * bins, 1), &by).unwrap();
    let mut found = vec![0.0; wanted.len()];
    extractor.extract(&sound.inverted.samples, &mut found).unwrap();
    (sound.inverted.convergence_db(), wanted, found)
}

fn mean_apart(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>() / a.len() as f64
}

#[test]
fn features_of_both_papers_become_sound_with_nearly_these_features() {
    let (error, wanted, found) = there_and_back(&FeatureSpec::irvin());
    // Nepers: half of one is 4.3 dB.
    assert!(error < -30.0 && mean_apart(&wanted, &found) < 0.5, "{error} dB, {} nepers", mean_apart(&wanted, &found));
    let (error, wanted, found) = there_and_back(&FeatureSpec::li());
    assert!(error < -15.0 && mean_apart(&wanted, &found) < 3.0, "{error} dB, {} dB", mean_apart(&wanted, &found));
}

#[test]
fn a_number_beside_bands_reaches_the_bins_of_these_bands_and_no_others() {
    let spec = FeatureSpec::li();
    let inverter = Inverter::new(&spec).unwrap();
    let [frames, bands] = spec.shape();
    let [_, bins] = inverter.spectra();
    // The same everywhere stays the same, but for 0 Hz and half the rate, which no band has.
    let even = inverter.of_bins(&vec![0.5; frames * bands]);
    assert_eq!(even.len(), frames * bins);
    assert!(even[1..bins - 1].iter().all(|value| (value - 0.5).abs() < 1e-6), "{:?}", &even[..4]);
    let mut one = vec![0.0; frames * bands];
    one[bands + 64] = 1.0;
    let spread = inverter.of_bins(&one);
    let reached: Vec<usize> = (0..spread.len()).filter(|at| spread[*at] > 0.0).collect();
    assert!(reached.iter().all(|at| at / bins == 1) && reached.len() < 60 && !reached.is_empty(), "{reached:?}");
    assert_eq!(Inverter::new(&FeatureSpec::irvin()).unwrap().of_bins(&[1.0, 2.0]), [1.0, 2.0]);
}

#[test]
fn a_floor_takes_the_click_where_one_window_stands_alone() {
    let Representation::Spectrogram(irvin) = FeatureSpec::irvin().representation else { unreachable!() };
    let given = altered(irvin.stft, &test_signal(20_000));
    let peak = |floor| {
        let mut back = vec![0.0; 20_000];
        InverseStft::new(irvin.stft).unwrap().with_floor(floor).inverse(&given, &mut back).unwrap();
        back.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()))
    };
    assert!(peak(0.0) > 100.0 && peak(1e-2) < 4.0, "{} and {}", peak(0.0), peak(1e-2));
}

#[test]
fn what_does_not_fit_is_refused() {
    let config = StftConfig::new(64, 16);
    let refused = InverseStft::new(config).unwrap().inverse(&[Complex32::default(); 33], &mut [0.0; 100]).unwrap_err();
    assert!(refused.to_string().contains("expected 3 frames of 33"), "{refused}");
    let summary = Inverter::new(&FeatureSpec::mfcc_summary()).unwrap_err();
    assert!(summary.to_string().contains("spectrogram or of mel bands"), "{summary}");
    let phases = random_phases(99, 1);
    let momentum = GriffinLim { momentum: f32::NAN, ..GriffinLim::default() }.invert(config, &[1.0; 99], &phases, 100).unwrap_err();
    assert!(momentum.to_string().contains("`momentum`"), "{momentum}");
    let short = GriffinLim::default().invert(config, &[1.0; 99], &phases[..98], 100).unwrap_err();
    assert!(short.to_string().contains("98 values"), "{short}");
}

#[test]
fn phases_are_the_same_for_a_seed_and_spread_over_the_circle() {
    let phases = random_phases(10_000, 7);
    assert_eq!(phases, random_phases(10_000, 7));
    assert_ne!(phases, random_phases(10_000, 8));
    assert!(phases.iter().all(|phase| (phase.norm() - 1.0).abs() < 1e-6));
    assert!(phases.iter().sum::<Complex32>().norm() < 300.0);
}
