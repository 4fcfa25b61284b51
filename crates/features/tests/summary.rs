//! Summaries: against librosa and numpy (summary_goldens.json names the versions and the script that wrote it), against
//! the textbook in f64, and a whole track in blocks against the same track at once.

mod common;

use common::test_signal;
use segno_features::{
    Detrend, FeatureError, FeatureSpec, MAX_HELD_VALUES, MelOutput, MelSpec, MfccSpec, Padding, PowerToDb, Representation, SpectrogramSpec,
    Statistic, StftConfig, SummarySpec,
};
use serde::Deserialize;

/// Largest error as a part of the largest value of the same statistic.
const RELATIVE: f64 = 1e-5;

#[derive(Deserialize)]
struct Case {
    spec: FeatureSpec,
    samples: usize,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct Goldens {
    cases: Vec<Case>,
}

/// The features of a whole track, given in blocks.
fn whole(spec: &FeatureSpec, samples: &[f32], block: usize) -> Vec<f32> {
    let mut extractor = spec.track_extractor().unwrap();
    samples.chunks(block).for_each(|block| extractor.push(block).unwrap());
    let mut out = vec![f32::NAN; spec.shape()[1]];
    extractor.finish(&mut out).unwrap();
    out
}

/// The matrix of a clip of one length.
fn matrix(spec: &FeatureSpec, samples: &[f32]) -> Vec<f32> {
    let mut out = vec![f32::NAN; spec.shape().iter().product()];
    spec.extractor().unwrap().extract(samples, &mut out).unwrap();
    out
}

/// Statistic by statistic, since a slope is small beside a mean. What never changes has a deviation of 0 here and of
/// some 1e-15 in numpy, which takes the mean as it was rounded.
fn assert_close(ours: &[f32], expected: &[f64], columns: usize) {
    assert_eq!(ours.len(), expected.len());
    for (ours, expected) in ours.chunks(columns).zip(expected.chunks(columns)) {
        let largest = expected.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        for (index, (ours, expected)) in ours.iter().zip(expected).enumerate() {
            assert!(
                (f64::from(*ours) - expected).abs() <= RELATIVE * largest + 1e-12,
                "{index}: {ours} against {expected}, largest {largest}"
            );
        }
    }
}

#[test]
fn whole_tracks_are_librosas_and_numpys() {
    let goldens: Goldens = serde_json::from_str(include_str!("golden/summary_goldens.json")).unwrap();
    assert_eq!(goldens.cases.len(), 5);
    for case in goldens.cases {
        let Representation::Summary(summary) = &case.spec.representation else { panic!("{:?}", case.spec) };
        let columns = case.spec.shape()[1] / summary.statistics.len();
        assert_close(&whole(&case.spec, &test_signal(case.samples), 1152), &case.values, columns);
    }
}

#[test]
fn blocks_of_any_length_give_the_same_bits_whatever_the_padding() {
    let samples = test_signal(9999);
    for padding in [Padding::None, Padding::Zero, Padding::Reflect, Padding::Edge] {
        // Hops below, at and above the frame; even and odd frames; a mean taken away.
        for (n_fft, hop) in [(512, 128), (601, 200), (256, 256), (100, 333), (2, 1), (1, 1)] {
            let stft = StftConfig { padding, detrend: Detrend::Constant, ..StftConfig::new(n_fft, hop) };
            let frames = Representation::Spectrogram(SpectrogramSpec::from(stft));
            let spec = FeatureSpec::whole(8000, SummarySpec::new(frames.clone()));
            // Ends at every place of a hop, and tracks no longer than they must be.
            for n in [9999, 9998, 9871, 5000, SummarySpec::new(frames.clone()).min_samples()] {
                let at_once = whole(&spec, &samples[..n], n);
                // An extractor of clips of that length sees every frame in place.
                let clip = FeatureSpec::new(8000, n, spec.representation.clone());
                assert_eq!(at_once, matrix(&clip, &samples[..n]), "{padding:?} {n_fft} {hop} {n}");
                for block in [1, 7, 600, 4096] {
                    assert!(whole(&spec, &samples[..n], block) == at_once, "{padding:?} {n_fft} {hop} {n} {block}");
                }
            }
        }
    }
}

#[test]
fn statistics_are_the_textbooks() {
    let mel = MelSpec { output: MelOutput::Db(PowerToDb::default()), ..MelSpec::librosa(512, 128) };
    let summary = SummarySpec {
        statistics: vec![Statistic::DeltaSd, Statistic::Mean, Statistic::DeltaMean, Statistic::Sd],
        delta_width: 5,
        ..SummarySpec::new(Representation::Mel(mel.clone()))
    };
    let samples = test_signal(12_345);
    let ours = whole(&FeatureSpec::whole(8000, summary), &samples, 1000);

    let matrix = matrix(&FeatureSpec::new(8000, samples.len(), Representation::Mel(mel)), &samples);
    let frames = matrix.len() / 128;
    let column = |band: usize| (0..frames).map(|t| f64::from(matrix[t * 128 + band])).collect::<Vec<f64>>();
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let sd = |x: &[f64]| (x.iter().map(|v| (v - mean(x)).powi(2)).sum::<f64>() / x.len() as f64).sqrt();
    // The slope of the least-squares line: covariance over variance of the frame's number.
    let delta = |x: &[f64]| -> Vec<f64> {
        let slope = |y: &[f64]| (0..5).map(|k| (k as f64 - 2.0) * (y[k] - mean(y))).sum::<f64>() / 10.0;
        (0..frames).map(|t| slope(&x[t.clamp(2, frames - 3) - 2..][..5])).collect()
    };
    let of = |statistic: &dyn Fn(&[f64]) -> f64| (0..128).map(|band| statistic(&column(band))).collect::<Vec<f64>>();
    let expected = [of(&|x| sd(&delta(x))), of(&mean), of(&|x| mean(&delta(x))), of(&sd)].concat();
    assert_close(&ours, &expected, 128);
}

#[test]
fn silence_has_no_deviation_at_all() {
    let features = whole(&FeatureSpec::mfcc_summary(), &[0.0; 22_050], 1152);
    assert!(features[20..].iter().all(|value| *value == 0.0), "{features:?}");
}

#[test]
fn a_track_shorter_than_its_summary_is_refused_and_never_padded() {
    // Nine frames in steps of 512, centred over zeros.
    let spec = FeatureSpec::mfcc_summary();
    assert_eq!([0, 4095, 4096, 9_999_999].map(|n| spec.clips(n)), [0, 0, 1, 1]);
    let mut extractor = spec.track_extractor().unwrap();
    let mut out = [7.0; 60];
    for n in [0, 1, 4095] {
        extractor.push(&vec![0.1; n]).unwrap();
        assert_eq!(extractor.finish(&mut out), Err(FeatureError::ShortTrack { found: n, expected: 4096 }));
    }
    assert!(out.iter().all(|value| *value == 7.0));
    // The short ones have left nothing behind.
    extractor.push(&test_signal(4096)).unwrap();
    extractor.finish(&mut out).unwrap();
    assert_eq!(out.to_vec(), whole(&spec, &test_signal(4096), 4096));

    // Without a delta a single frame is enough, and it is a full one, padding or not.
    let statistics = vec![Statistic::Mean];
    let mean = FeatureSpec::whole(22_050, SummarySpec { statistics, ..SummarySpec::mfcc() });
    assert_eq!([2047, 2048].map(|n| mean.clips(n)), [0, 1]);
}

#[test]
fn bad_samples_are_counted_from_the_start_of_the_track_which_is_forgotten() {
    let spec = FeatureSpec::mfcc_summary();
    let mut extractor = spec.track_extractor().unwrap();
    extractor.push(&test_signal(5000)).unwrap();
    assert!(matches!(extractor.push(&[0.0, f32::NAN]), Err(FeatureError::Sample { index: 5001, .. })));
    extractor.push(&test_signal(5000)).unwrap();
    let mut out = [0.0; 60];
    assert!(matches!(extractor.finish(&mut out[1..]), Err(FeatureError::OutputLength { found: 59, rows: 1, columns: 60 })));
    extractor.finish(&mut out).unwrap();
    assert_eq!(out.to_vec(), whole(&spec, &test_signal(5000), 5000));
}

#[test]
fn a_track_whose_frames_would_fill_the_memory_is_refused() {
    // Half a GiB of values from one push: refused before it is held.
    let wide = SpectrogramSpec::new(1 << 15, 1);
    let mut extractor = FeatureSpec::whole(8000, SummarySpec::new(Representation::Spectrogram(wide))).track_extractor().unwrap();
    let error = extractor.push(&vec![0.0; 50_000]).unwrap_err();
    assert_eq!(error, FeatureError::LongTrack { frames: 50_000 - (1 << 15) + 1, width: (1 << 14) + 1 });
    assert!(error.to_string().contains(&MAX_HELD_VALUES.to_string()), "{error}");
}

#[test]
fn the_canonical_json_of_whole_tracks_is_pinned_and_read_back() {
    let text = serde_json::to_string(&FeatureSpec::mfcc_summary()).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"sample_rate_hz":22050,"clip":"whole","representation":{"summary":{"of":{"mfcc":{"#,
            r#""n_fft":2048,"hop":512,"win_length":2048,"window":"hann","symmetry":"periodic","padding":"zero","detrend":"none","#,
            r#""n_mels":128,"mel_scale":"slaney","mel_norm":"slaney","fmin_hz":0.0,"power":2.0,"#,
            r#""db":{"reference":{"value":1.0},"amin":1e-10,"top_db":80.0},"n_mfcc":20,"lifter":0.0}},"#,
            r#""statistics":["mean","sd","delta-sd"],"delta_width":9}}}"#
        )
    );
    assert_eq!(serde_json::from_str::<FeatureSpec>(&text).unwrap(), FeatureSpec::mfcc_summary());
    let short = text.replace(r#","statistics":["mean","sd","delta-sd"],"delta_width":9"#, "");
    assert_eq!(serde_json::from_str::<FeatureSpec>(&short).unwrap(), FeatureSpec::mfcc_summary());

    let refusal = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        serde_json::from_str::<FeatureSpec>(&text.replace(from, to)).unwrap_err().to_string()
    };
    assert!(refusal(r#""clip":"whole","#, "").contains("neither `clip_samples` nor `clip = \"whole\"`"));
    assert!(refusal(r#""clip":"whole""#, r#""clip":"whole","clip_samples":9"#).contains("both `clip_samples` and"));
    assert!(refusal(r#""clip":"whole""#, r#""clip":"half""#).contains("unknown variant `half`"));
    assert!(refusal("delta-sd", "median").contains("unknown variant `median`"));
    assert!(refusal("delta_width", "width").contains("unknown field `width`"));
}

#[test]
fn summaries_out_of_range_are_named() {
    let setting_of = |spec: &FeatureSpec| match spec.check().unwrap_err() {
        FeatureError::Setting { setting, .. } => setting,
        other => panic!("{other:?}"),
    };
    let summary = |change: fn(&mut SummarySpec)| {
        let mut summary = SummarySpec::mfcc();
        change(&mut summary);
        setting_of(&FeatureSpec::whole(22_050, summary))
    };
    assert_eq!(summary(|s| s.statistics.clear()), "summary.statistics");
    assert_eq!(summary(|s| s.statistics.push(Statistic::Mean)), "summary.statistics");
    for width in [0, 1, 8, 1025] {
        let spec = FeatureSpec::whole(22_050, SummarySpec { delta_width: width, ..SummarySpec::mfcc() });
        assert_eq!(setting_of(&spec), "summary.delta_width");
    }
    assert_eq!(summary(|s| *s = SummarySpec::new(Representation::Summary(s.clone()))), "summary.of");
    assert_eq!(summary(|s| *s = SummarySpec::new(Representation::Mfcc(MfccSpec { n_mfcc: 0, ..MfccSpec::librosa(512, 128) }))), "n_mfcc");

    let whole = FeatureSpec::mfcc_summary();
    assert_eq!(setting_of(&FeatureSpec { max_clips: Some(1), ..whole.clone() }), "max_clips");
    let frames = Representation::Mfcc(MfccSpec::librosa(2048, 512));
    assert_eq!(setting_of(&FeatureSpec { representation: frames, ..whole.clone() }), "clip");
    // A clip of one length that has no nine frames.
    assert_eq!(setting_of(&FeatureSpec::new(22_050, 4095, whole.representation.clone())), "clip_samples");
    assert_eq!(FeatureSpec::new(22_050, 4096, whole.representation.clone()).check(), Ok(()));

    // Each kind of clip has its own extractor.
    assert!(matches!(whole.extractor(), Err(FeatureError::Setting { setting: "clip", .. })));
    assert!(matches!(FeatureSpec::li().track_extractor(), Err(FeatureError::Setting { setting: "clip", .. })));
}
