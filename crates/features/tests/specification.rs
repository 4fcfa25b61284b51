//! How a specification is written, read and checked, and how an extractor refuses what it cannot
//! use.

mod common;

use common::test_signal;
use segno_features::{
    ClipLength, Detrend, Extractor, FeatureError, FeatureSpec, MAX_SAMPLE, MfccSpec, Output, Padding, Representation, Scaling,
    SpectrogramSpec, Stft, StftConfig, Symmetry, Window,
};
use serde_json::json;

fn spec(spectrogram: SpectrogramSpec) -> FeatureSpec {
    FeatureSpec::new(8000, 4000, Representation::Spectrogram(spectrogram))
}

#[test]
fn the_canonical_json_is_pinned() {
    // Digests in shards and model files are taken of this text: a change here makes every one of
    // them stale.
    assert_eq!(
        serde_json::to_string(&FeatureSpec::irvin()).unwrap(),
        concat!(
            r#"{"sample_rate_hz":4000,"clip_samples":20000,"representation":{"spectrogram":{"#,
            r#""n_fft":1024,"hop":896,"win_length":1024,"window":{"tukey":{"alpha":0.25}},"symmetry":"periodic","#,
            r#""padding":"none","detrend":"constant","scaling":"density","#,
            r#""output":{"log-magnitude":{"floor":5e-8}}}}}"#
        )
    );
}

#[test]
fn what_is_left_out_has_the_documented_default_and_is_written_out() {
    let short = json!({"sample_rate_hz": 8000, "clip_samples": 4000,
        "representation": {"spectrogram": {"n_fft": 512, "hop": 128}}});
    let read: FeatureSpec = serde_json::from_value(short).unwrap();
    assert_eq!(read, spec(SpectrogramSpec::new(512, 128)));
    let written = serde_json::to_value(&read).unwrap();
    let all = json!({"n_fft": 512, "hop": 128, "win_length": 512, "window": "hann", "symmetry": "periodic",
        "padding": "none", "detrend": "none", "scaling": "none", "output": "magnitude"});
    assert_eq!(written["representation"]["spectrogram"], all);
}

#[test]
fn every_variant_survives_writing_and_reading() {
    let windows = [
        Window::Hann,
        Window::Hamming,
        Window::Blackman,
        Window::Bartlett,
        Window::Triangular,
        Window::Tukey { alpha: 0.1 },
        Window::Rectangular,
    ];
    let outputs = [Output::Power, Output::Magnitude, Output::LogMagnitude { floor: 1e-6 }, Output::LogPower { floor: 1e-10 }];
    for (i, window) in windows.into_iter().enumerate() {
        let stft = StftConfig {
            win_length: 400 + i,
            window,
            symmetry: [Symmetry::Periodic, Symmetry::Symmetric][i % 2],
            padding: [Padding::None, Padding::Zero, Padding::Reflect, Padding::Edge][i % 4],
            detrend: [Detrend::None, Detrend::Constant][i % 2],
            ..StftConfig::new(512, 128)
        };
        let scaling = [Scaling::None, Scaling::Density, Scaling::Spectrum][i % 3];
        let there = spec(SpectrogramSpec { stft, scaling, output: outputs[i % 4] });
        let text = serde_json::to_string(&there).unwrap();
        let back: FeatureSpec = serde_json::from_str(&text).unwrap();
        assert_eq!((&back, serde_json::to_string(&back).unwrap()), (&there, text.clone()));
        assert!(text.contains(&format!("\"{}\"", window.name())), "{text}");
    }
}

#[test]
fn unknown_fields_and_names_are_refused() {
    let good = serde_json::to_value(FeatureSpec::irvin()).unwrap();
    let refusal = |pointer: &str, value| {
        let mut bad = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        bad.pointer_mut(parent).unwrap()[key] = value;
        serde_json::from_value::<FeatureSpec>(bad).unwrap_err().to_string()
    };
    let s = "/representation/spectrogram";
    assert!(refusal("/hopp", json!(1)).contains("unknown field `hopp`"));
    assert!(refusal(&format!("{s}/overlap"), json!(1)).contains("unknown field `overlap`"));
    assert!(refusal(&format!("{s}/window/tukey/beta"), json!(1)).contains("unknown field `beta`"));
    assert!(refusal(&format!("{s}/output/log-magnitude/top"), json!(1)).contains("unknown field `top`"));
    assert!(refusal(&format!("{s}/window"), json!("kaiser")).contains("unknown variant `kaiser`"));
    assert!(refusal(&format!("{s}/padding"), json!("wrap")).contains("unknown variant `wrap`"));
    assert!(refusal(&format!("{s}/hop"), json!(-1)).contains("-1"));
}

/// The error of a spectrogram of 512 samples a frame that was changed, from `check` and from
/// `extractor`.
fn refused(change: impl FnOnce(&mut SpectrogramSpec)) -> FeatureError {
    let mut spectrogram = SpectrogramSpec::new(512, 128);
    change(&mut spectrogram);
    let spec = spec(spectrogram);
    let error = spec.check().unwrap_err();
    assert_eq!(spec.extractor().unwrap_err(), error);
    error
}

#[test]
fn settings_out_of_range_are_named() {
    let setting_of = |error| match error {
        FeatureError::Setting { setting, .. } => setting,
        other => panic!("{other:?}"),
    };
    assert_eq!(setting_of(refused(|s| s.stft.n_fft = 0)), "n_fft");
    assert_eq!(setting_of(refused(|s| s.stft.n_fft = (1 << 24) + 1)), "n_fft");
    assert_eq!(setting_of(refused(|s| s.stft.hop = 0)), "hop");
    assert_eq!(setting_of(refused(|s| s.stft.win_length = 513)), "win_length");
    assert_eq!(setting_of(refused(|s| s.stft.win_length = 0)), "win_length");
    for alpha in [-0.1, 1.1, f64::NAN] {
        assert_eq!(setting_of(refused(|s| s.stft.window = Window::Tukey { alpha })), "window.tukey.alpha");
    }
    for floor in [0.0, -1.0, 1e-39, f64::INFINITY, f64::NAN] {
        assert_eq!(setting_of(refused(|s| s.output = Output::LogMagnitude { floor })), "output floor");
        assert_eq!(setting_of(refused(|s| s.output = Output::LogPower { floor })), "output floor");
    }
    let whole = FeatureSpec::irvin();
    let of = |change: fn(&mut FeatureSpec)| {
        let mut spec = whole.clone();
        change(&mut spec);
        setting_of(spec.check().unwrap_err())
    };
    assert_eq!(of(|spec| spec.sample_rate_hz = 0), "sample_rate_hz");
    assert_eq!(of(|spec| spec.clip = ClipLength::Samples(0)), "clip_samples");
    assert_eq!(of(|spec| spec.clip = ClipLength::Samples(usize::MAX)), "clip_samples");
    assert_eq!(of(|spec| spec.max_clips = Some(0)), "max_clips");
    assert_eq!(whole.check(), Ok(()));

    assert_eq!(refused(|s| s.stft.hop = 0).to_string(), "`hop` is 0, expected at least 1: a quarter of `n_fft` is usual");
}

#[test]
fn clips_and_windows_too_short_are_refused() {
    assert_eq!(refused(|s| (s.stft.n_fft, s.stft.win_length) = (4001, 4001)), FeatureError::ShorterThanFrame { found: 4000, n_fft: 4001 });
    assert_eq!(
        refused(|s| (s.stft.win_length, s.stft.symmetry, s.stft.window) = (2, Symmetry::Symmetric, Window::Blackman)),
        FeatureError::EmptyWindow { window: "blackman", win_length: 2 }
    );
    // Padding gives the long frame what it lacks, and a periodic window has no second zero.
    let padded = spec(StftConfig { padding: Padding::Reflect, ..StftConfig::new(4001, 128) }.into());
    assert_eq!((padded.check(), padded.shape()), (Ok(()), [32, 2001]));
    assert_eq!(spec(StftConfig { win_length: 2, ..StftConfig::new(512, 128) }.into()).check(), Ok(()));
}

#[test]
fn shapes_are_those_of_scipy_and_librosa() {
    assert_eq!(FeatureSpec::irvin().shape(), [22, 513]);
    // 1 + 65024 / 512 frames
    assert_eq!(FeatureSpec::li().shape(), [128, 128]);
    let magnitudes = Representation::Spectrogram(SpectrogramSpec::librosa(2048));
    assert_eq!(FeatureSpec { representation: magnitudes, ..FeatureSpec::li() }.shape(), [128, 1025]);
    let mfcc = Representation::Mfcc(MfccSpec::librosa(2048, 512));
    assert_eq!(FeatureSpec { representation: mfcc, ..FeatureSpec::li() }.shape(), [128, 20]);
}

#[test]
fn clips_are_whole() {
    let spec = FeatureSpec::irvin();
    assert_eq!([0, 19_999, 20_000, 119_999, 120_000].map(|n| spec.clips(n)), [0, 0, 1, 5, 6]);
    // A track of thirty seconds has ten slices to the sample; a shorter one has fewer, a longer one no more.
    let li = FeatureSpec::li();
    assert_eq!([65_023, 65_024, 650_239, 650_240, 5_000_000].map(|n| li.clips(n)), [0, 1, 9, 10, 10]);
}

#[test]
fn lengths_are_checked_before_anything_is_written() {
    let mut extractor = FeatureSpec::irvin().extractor().unwrap();
    let mut out = vec![7.0; 22 * 513];
    assert_eq!(extractor.extract(&[0.0; 19_999], &mut out), Err(FeatureError::ClipLength { found: 19_999, expected: 20_000 }));
    assert_eq!(
        extractor.extract(&[0.0; 20_000], &mut out[1..]),
        Err(FeatureError::OutputLength { found: 22 * 513 - 1, rows: 22, columns: 513 })
    );
    for (index, value) in [(0, f32::NAN), (19_999, f32::INFINITY), (1024, f32::NEG_INFINITY), (5000, 1.1e9)] {
        let mut clip = test_signal(20_000);
        clip[index] = value;
        let error = extractor.extract(&clip, &mut out).unwrap_err();
        let FeatureError::Sample { index: found, value: what } = error else { panic!("{error:?}") };
        assert_eq!((found, what.to_bits()), (index, value.to_bits()));
    }
    assert!(out.iter().all(|&x| x == 7.0));

    let mut stft = Stft::new(StftConfig::new(64, 16)).unwrap();
    let nothing = stft.for_each_frame(&[0.0; 63], |_, _| panic!("there is no frame"));
    assert_eq!(nothing, Err(FeatureError::ShorterThanFrame { found: 63, n_fft: 64 }));
}

#[test]
fn silence_lies_at_the_floor_and_the_loudest_samples_stay_finite() {
    let mut extractor = FeatureSpec::irvin().extractor().unwrap();
    let mut out = vec![f32::NAN; 22 * 513];
    extractor.extract(&[0.0; 20_000], &mut out).unwrap();
    assert!(out.iter().all(|&x| x == 5e-8_f32.ln()));
    // The detrending takes an offset away: what is left is rounding, below the floor.
    extractor.extract(&[0.25; 20_000], &mut out).unwrap();
    assert!(out.iter().all(|&x| x == 5e-8_f32.ln()));

    let loudest: Vec<f32> = (0..20_000).map(|i| if i % 2 == 0 { MAX_SAMPLE } else { -MAX_SAMPLE }).collect();
    extractor.extract(&loudest, &mut out).unwrap();
    assert!(out.iter().all(|x| x.is_finite()));
}

#[test]
fn an_extractor_goes_to_another_thread_and_its_clone_gives_the_same_bits() {
    fn goes_to_a_thread<T: Send>(_: &T) {}
    let mut extractor = FeatureSpec::irvin().extractor().unwrap();
    goes_to_a_thread(&extractor);
    let clip = test_signal(20_000);
    let features_of = |extractor: &mut Extractor| {
        let mut out = vec![0.0_f32; 22 * 513];
        extractor.extract(&clip, &mut out).unwrap();
        out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    let here = features_of(&mut extractor);
    let mut clone = extractor.clone();
    let there = std::thread::scope(|scope| scope.spawn(|| features_of(&mut clone)).join().unwrap());
    // The second clip on one extractor does not see the first.
    assert!(here == there && here == features_of(&mut extractor));
}
