//! Windows and spectra against scipy and librosa; goldens.json names their versions and the script
//! that wrote it.

mod common;

use common::test_signal;
use segno_features::{Complex32, FeatureSpec, Representation, Stft, Symmetry, Window};
use serde::Deserialize;

/// Largest error as a part of the largest value, and of every value that is not tiny.
const RELATIVE: f64 = 1e-5;
/// What is not tiny, as a part of the largest value. Rounding in f32 is relative to the whole
/// frame's energy.
const NOT_TINY: f64 = 0.02;

#[derive(Deserialize)]
struct Goldens {
    signal: Vec<i32>,
    signal_sum: i64,
    windows: Vec<WindowCase>,
    spectrograms: Vec<Case>,
}

#[derive(Deserialize)]
struct WindowCase {
    window: Window,
    symmetry: Symmetry,
    n: usize,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    shape: [usize; 2],
    rows: Vec<usize>,
    columns: Vec<usize>,
    max: f64,
    spec: FeatureSpec,
    re: Vec<f64>,
    /// There for librosa's complex spectra, not for scipy's powers.
    im: Option<Vec<f64>>,
}

impl Case {
    /// The positions of the values that are kept, in a row-major matrix.
    fn picked(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().flat_map(move |row| self.columns.iter().map(move |column| row * self.shape[1] + column))
    }

    fn assert_close(&self, ours: f64, theirs: f64, position: usize, part: &str) {
        let error = (ours - theirs).abs();
        let [row, column] = [position / self.shape[1], position % self.shape[1]];
        assert!(
            error <= RELATIVE * self.max && (theirs.abs() < NOT_TINY * self.max || error <= RELATIVE * theirs.abs()),
            "{}: {part} of frame {row}, bin {column} is {ours:e}, expected {theirs:e} (largest {:e})",
            self.name,
            self.max
        );
    }
}

fn goldens() -> Goldens {
    serde_json::from_str(include_str!("golden/goldens.json")).unwrap()
}

#[test]
fn the_signal_is_the_one_the_script_made() {
    let goldens = goldens();
    let signal: Vec<i64> = test_signal(20_000).iter().map(|x| (x * 32_768.0) as i64).collect();
    assert!(signal.iter().zip(&goldens.signal).all(|(&ours, &theirs)| ours == i64::from(theirs)));
    assert_eq!(signal.iter().sum::<i64>(), goldens.signal_sum);
}

#[test]
fn windows_are_scipys() {
    let goldens = goldens();
    assert_eq!(goldens.windows.len(), 100);
    for case in goldens.windows {
        let ours = case.window.coefficients(case.n, case.symmetry);
        assert_eq!(ours.len(), case.values.len());
        for (ours, theirs) in ours.iter().zip(&case.values) {
            // The script writes nine digits.
            assert!((ours - theirs).abs() < 1e-8, "{:?} {:?} {}: {ours} {theirs}", case.window, case.symmetry, case.n);
        }
    }
}

#[test]
fn features_are_scipys_powers_and_librosas_magnitudes() {
    for case in goldens().spectrograms {
        let mut extractor = case.spec.extractor().unwrap();
        assert_eq!((extractor.shape(), case.spec.shape()), (case.shape, case.shape), "{}", case.name);
        let mut features = vec![0.0; case.shape[0] * case.shape[1]];
        extractor.extract(&test_signal(case.spec.clip_samples().unwrap()), &mut features).unwrap();
        for (i, position) in case.picked().enumerate() {
            let theirs = case.im.as_ref().map_or(case.re[i], |im| case.re[i].hypot(im[i]));
            case.assert_close(f64::from(features[position]), theirs, position, "value");
        }
    }
}

#[test]
fn complex_spectra_are_librosas() {
    let cases: Vec<Case> = goldens().spectrograms.into_iter().filter(|case| case.im.is_some()).collect();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let Representation::Spectrogram(spectrogram) = &case.spec.representation else { unreachable!() };
        let mut spectra = vec![Complex32::default(); case.shape[0] * case.shape[1]];
        let samples = test_signal(case.spec.clip_samples().unwrap());
        Stft::new(spectrogram.stft).unwrap().transform(&samples, &mut spectra).unwrap();
        let im = case.im.as_ref().unwrap();
        for (i, position) in case.picked().enumerate() {
            case.assert_close(f64::from(spectra[position].re), case.re[i], position, "real part");
            case.assert_close(f64::from(spectra[position].im), im[i], position, "imaginary part");
        }
    }
}
