//! Mel banks, mel spectrograms, decibels and MFCC: against librosa (mel_goldens.json names the
//! versions and the script that wrote it), and against their formulas in f64.

mod common;

use common::test_signal;
use segno_features::{FeatureSpec, MelBank, MelConfig, MelOutput, MelSpec, MfccSpec, PowerToDb, Reference, Representation};
use serde::Deserialize;

/// Largest error as a part of the matrix's largest absolute value.
const RELATIVE: f64 = 1e-5;

#[derive(Deserialize)]
struct Goldens {
    banks: Vec<BankCase>,
    features: Vec<Case>,
}

#[derive(Deserialize)]
struct BankCase {
    mel: MelConfig,
    sr: u32,
    n_fft: usize,
    rows: Vec<usize>,
    columns: Vec<usize>,
    weights: Vec<f64>,
    sums: Vec<f64>,
    empty: usize,
}

#[derive(Deserialize)]
struct Case {
    spec: FeatureSpec,
    shape: [usize; 2],
    rows: Vec<usize>,
    columns: Vec<usize>,
    largest: f64,
    sum: f64,
    values: Vec<f64>,
}

fn goldens() -> Goldens {
    serde_json::from_str(include_str!("golden/mel_goldens.json")).unwrap()
}

fn features(spec: &FeatureSpec, samples: &[f32]) -> Vec<f32> {
    let mut out = vec![f32::NAN; spec.shape().iter().product()];
    spec.extractor().unwrap().extract(samples, &mut out).unwrap();
    out
}

/// Decibels as the definition has them, in f64.
fn textbook_db(power: &[f32], db: PowerToDb) -> Vec<f64> {
    let loudest = power.iter().copied().fold(0.0, f32::max).into();
    let reference = match db.reference {
        Reference::Max => loudest,
        Reference::Value(value) => value,
    };
    let decibels = |x: f64| 10.0 * (x.max(db.amin) / f64::max(reference, db.amin)).log10();
    power.iter().map(|&x| decibels(x.into()).max(decibels(loudest) - db.top_db)).collect()
}

fn assert_close(ours: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), expected.len());
    for (position, (ours, expected)) in ours.iter().zip(expected).enumerate() {
        assert!((f64::from(*ours) - expected).abs() <= tolerance, "{position}: {ours} against {expected}");
    }
}

#[test]
fn banks_are_librosas() {
    for case in goldens().banks {
        let bank = MelBank::new(&case.mel, case.n_fft, case.sr).unwrap();
        assert_eq!((bank.n_mels(), bank.empty_bands()), (case.mel.n_mels, case.empty), "{:?}", case.mel);
        let close = |ours: f64, theirs: f64| assert!((ours - theirs).abs() <= 1e-6 * theirs.abs() + 1e-9, "{ours} against {theirs}");
        for (band, sum) in case.sums.iter().enumerate() {
            close(bank.filter(band).1.iter().map(|w| f64::from(*w)).sum(), *sum);
        }
        let mut theirs = case.weights.iter();
        for &row in &case.rows {
            let (first, weights) = bank.filter(row);
            for &column in &case.columns {
                let ours = column.checked_sub(first).and_then(|i| weights.get(i)).copied().unwrap_or(0.0);
                close(ours.into(), *theirs.next().unwrap());
            }
        }
    }
}

#[test]
fn features_are_librosas() {
    let cases = goldens().features;
    assert_eq!(cases.len(), 36);
    for case in cases {
        assert_eq!(case.spec.shape(), case.shape);
        let ours = features(&case.spec, &test_signal(case.spec.clip_samples().unwrap()));
        let mut theirs = case.values.iter();
        for &row in &case.rows {
            for &column in &case.columns {
                let (ours, theirs) = (f64::from(ours[row * case.shape[1] + column]), theirs.next().unwrap());
                let error = (ours - theirs).abs() / case.largest;
                assert!(error <= RELATIVE, "{:?}: {ours} against {theirs} at {row}, {column}", case.spec);
            }
        }
        let sum: f64 = ours.iter().map(|x| f64::from(*x)).sum();
        let error = (sum - case.sum).abs() / (case.largest * ours.len() as f64);
        assert!(error <= RELATIVE / 10.0, "{:?}: {sum} against {}", case.spec, case.sum);
    }
}

#[test]
fn li_is_the_first_of_them() {
    let li = Representation::Mel(MelSpec {
        output: MelOutput::Db(PowerToDb { reference: Reference::Max, ..PowerToDb::default() }),
        ..MelSpec::librosa(2048, 512)
    });
    assert_eq!(FeatureSpec::li(), FeatureSpec { max_clips: Some(10), ..FeatureSpec::new(22_050, 65_024, li) });
    let first = &goldens().features[1].spec;
    assert_eq!(FeatureSpec { max_clips: None, ..FeatureSpec::li() }, *first);
}

#[test]
fn decibels_are_those_of_the_formula() {
    // Every scale that a bank gives, with a silent cell.
    let power: Vec<f32> = (0..4003).map(|i| if i == 7 { 0.0 } else { 10_f32.powf(i as f32 / 100.0 - 25.0) }).collect();
    for reference in [Reference::Max, Reference::Value(1.0), Reference::Value(1e-12), Reference::Value(30.0)] {
        for (amin, top_db) in [(1e-10, 80.0), (1.2e-38, 1000.0), (1e-3, 0.0), (1.0, 25.0)] {
            let db = PowerToDb { reference, amin, top_db };
            assert_eq!(db.check(), Ok(()));
            let mut ours = power.clone();
            db.apply(&mut ours);
            // Two units in the last place of either logarithm, of up to 400 dB.
            assert_close(&ours, &textbook_db(&power, db), 1e-4);
        }
    }
}

#[test]
fn a_slice_is_cut_below_its_own_loudest_cell_and_silence_is_0_db() {
    let li = FeatureSpec::li();
    let mut quiet_end = test_signal(65_024);
    quiet_end[40_000..].fill(0.0);
    let db = features(&li, &quiet_end);
    let largest = db.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    assert_eq!((largest, db[127 * 128]), (0.0, -80.0));
    assert!(features(&li, &vec![0.0; 65_024]).iter().all(|&x| x == 0.0));
    // Decibels below the loudest cell do not depend on the level.
    let half: Vec<f32> = quiet_end.iter().map(|x| x * 0.5).collect();
    let expected: Vec<f64> = db.iter().map(|x| f64::from(*x)).collect();
    assert_close(&features(&li, &half), &expected, 1e-4);
}

#[test]
fn logarithms_and_coefficients_are_made_of_the_linear_bands() {
    let samples = test_signal(6000);
    let mel = MelSpec::librosa(512, 128);
    let of = |representation| features(&FeatureSpec::new(16_000, 6000, representation), &samples);
    let linear = of(Representation::Mel(mel.clone()));

    let compressed = of(Representation::Mel(MelSpec { output: MelOutput::LogCompressed { scale: 1e4 }, ..mel }));
    let expected: Vec<f64> = linear.iter().map(|x| (1.0 + 1e4 * f64::from(*x)).log10()).collect();
    assert_close(&compressed, &expected, 2e-6);

    let n_mfcc = 40;
    let mfcc = MfccSpec { n_mfcc, ..MfccSpec::librosa(512, 128) };
    let lifted = of(Representation::Mfcc(MfccSpec { lifter: 22.0, ..mfcc.clone() }));
    let coefficients = of(Representation::Mfcc(mfcc.clone()));
    let db = textbook_db(&linear, mfcc.db);
    let mut expected = [Vec::new(), Vec::new()];
    for bands in db.chunks_exact(128) {
        for k in 0..n_mfcc {
            let angle = |i: usize| std::f64::consts::PI * k as f64 * (2 * i + 1) as f64 / 256.0;
            let sum: f64 = bands.iter().enumerate().map(|(i, x)| x * angle(i).cos()).sum();
            let value = sum * if k == 0 { 1.0 / 128.0_f64 } else { 2.0 / 128.0 }.sqrt();
            expected[0].push(value);
            expected[1].push(value * (1.0 + 11.0 * (std::f64::consts::PI * (k + 1) as f64 / 22.0).sin()));
        }
    }
    assert_close(&coefficients, &expected[0], 1e-3);
    assert_close(&lifted, &expected[1], 1e-2);

    // All of them are a rotation of the bands.
    let all = of(Representation::Mfcc(MfccSpec { n_mfcc: 128, ..mfcc }));
    let energy: f64 = all.iter().map(|x| f64::from(*x).powi(2)).sum();
    let bands: f64 = db.iter().map(|x| x * x).sum();
    assert!((energy - bands).abs() <= 1e-5 * bands, "{energy} against {bands}");
}

#[test]
fn the_loudest_samples_stay_finite_in_the_narrowest_bands() {
    let loudest = vec![segno_features::MAX_SAMPLE; 4096];
    let mel = MelConfig { n_mels: 1 << 16, fmin_hz: 2.5, fmax_hz: Some(3.5), ..MelConfig::default() };
    for output in [MelOutput::Linear, MelOutput::Db(PowerToDb::default()), MelOutput::LogCompressed { scale: 3e38 }] {
        let spec = MelSpec { mel, output, ..MelSpec::librosa(4096, 4096) };
        let ours = features(&FeatureSpec::new(4096, 4096, Representation::Mel(spec)), &loudest);
        assert!(ours.iter().all(|x| x.is_finite()), "{output:?}");
    }
}
