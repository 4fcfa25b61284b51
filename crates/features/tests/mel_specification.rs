//! How specifications of mel spectrograms and MFCC are written, read and checked.

use segno_features::{FeatureError, FeatureSpec, MelConfig, MelOutput, MelSpec, MfccSpec, PowerToDb, Reference, Representation};
use serde_json::json;

#[test]
fn the_canonical_json_of_mel_slices_is_pinned() {
    assert_eq!(
        serde_json::to_string(&FeatureSpec::li()).unwrap(),
        concat!(
            r#"{"sample_rate_hz":22050,"clip_samples":65024,"max_clips":10,"representation":{"mel":{"#,
            r#""n_fft":2048,"hop":512,"win_length":2048,"window":"hann","symmetry":"periodic","padding":"zero","detrend":"none","#,
            r#""n_mels":128,"mel_scale":"slaney","mel_norm":"slaney","fmin_hz":0.0,"power":2.0,"#,
            r#""output":{"db":{"reference":"max","amin":1e-10,"top_db":80.0}}}}}"#
        )
    );
}

#[test]
fn mel_and_mfcc_have_librosas_defaults_but_for_the_padding() {
    let read = |representation| {
        let text = json!({"sample_rate_hz": 16_000, "clip_samples": 48_000, "representation": representation});
        serde_json::from_value::<FeatureSpec>(text).unwrap().representation
    };
    let mel = json!({"mel": {"n_fft": 512, "hop": 256, "padding": "zero"}});
    assert_eq!(read(mel), Representation::Mel(MelSpec::librosa(512, 256)));
    let mfcc = json!({"mfcc": {"n_fft": 512, "hop": 256, "padding": "zero"}});
    assert_eq!(read(mfcc), Representation::Mfcc(MfccSpec::librosa(512, 256)));
    let all = serde_json::to_value(MfccSpec::librosa(512, 256)).unwrap();
    let db = json!({"reference": {"value": 1.0}, "amin": 1e-10, "top_db": 80.0});
    assert_eq!((&all["db"], &all["n_mfcc"], &all["lifter"], &all["n_mels"]), (&db, &json!(20), &json!(0.0), &json!(128)));
    // What another network will want; whole numbers are as good as others.
    let musicnn = json!({"mel": {"n_fft": 512, "hop": 256, "padding": "zero", "n_mels": 96, "fmax_hz": 7600,
        "output": {"log-compressed": {"scale": 10000}}}});
    let Representation::Mel(musicnn) = read(musicnn) else { panic!() };
    assert_eq!((musicnn.output, musicnn.mel.fmax_hz), (MelOutput::LogCompressed { scale: 1e4 }, Some(7600.0)));
}

#[test]
fn unknown_fields_of_mel_and_mfcc_are_refused() {
    let li = serde_json::to_value(FeatureSpec::li()).unwrap();
    let mfcc = Representation::Mfcc(MfccSpec::librosa(2048, 512));
    let mfcc = serde_json::to_value(FeatureSpec { representation: mfcc, ..FeatureSpec::li() }).unwrap();
    let refusal = |good: &serde_json::Value, parent: &str, key: &str, value| {
        let mut bad = good.clone();
        bad.pointer_mut(&format!("/representation/{parent}")).unwrap()[key] = value;
        serde_json::from_value::<FeatureSpec>(bad).unwrap_err().to_string()
    };
    for (good, kind) in [(&li, "mel"), (&mfcc, "mfcc")] {
        assert!(refusal(good, kind, "n_mel", json!(64)).contains("unknown field `n_mel`"));
        assert!(refusal(good, kind, "scaling", json!("density")).contains("unknown field `scaling`"));
        assert!(refusal(good, kind, "mel_scale", json!("bark")).contains("unknown variant `bark`"));
        assert!(refusal(good, kind, "hop", json!(-1)).contains("-1"));
    }
    assert!(refusal(&li, "mel", "n_mfcc", json!(20)).contains("unknown field `n_mfcc`"));
    assert!(refusal(&li, "mel/output/db", "top", json!(80)).contains("unknown field `top`"));
    assert!(refusal(&mfcc, "mfcc/db", "ref", json!("max")).contains("unknown field `ref`"));
    assert!(refusal(&mfcc, "mfcc", "output", json!("linear")).contains("unknown field `output`"));
}

#[test]
fn mel_settings_out_of_range_are_named() {
    let setting_of = |representation| match FeatureSpec::new(8000, 4000, representation).check().unwrap_err() {
        FeatureError::Setting { setting, .. } => setting,
        other => panic!("{other:?}"),
    };
    let mel = |change: fn(&mut MelSpec)| {
        let mut mel = MelSpec::librosa(512, 128);
        change(&mut mel);
        setting_of(Representation::Mel(mel))
    };
    assert_eq!(mel(|s| s.stft.hop = 0), "hop");
    assert_eq!(mel(|s| s.mel.n_mels = 0), "n_mels");
    assert_eq!(mel(|s| s.mel.n_mels = (1 << 16) + 1), "n_mels");
    assert_eq!(mel(|s| s.mel.fmin_hz = -1.0), "fmin_hz");
    assert_eq!(mel(|s| s.mel.fmin_hz = 4001.0), "fmin_hz");
    assert_eq!(mel(|s| s.mel.fmax_hz = Some(4000.1)), "fmax_hz");
    assert_eq!(mel(|s| (s.mel.fmin_hz, s.mel.fmax_hz) = (500.0, Some(500.0))), "fmax_hz");
    assert_eq!(mel(|s| s.mel.fmax_hz = Some(f64::NAN)), "fmax_hz");
    for power in [0.0, -1.0, 2.5] {
        let spec = MelSpec { mel: MelConfig { power, ..MelConfig::default() }, ..MelSpec::librosa(512, 128) };
        assert_eq!(setting_of(Representation::Mel(spec)), "power");
    }
    assert_eq!(mel(|s| s.output = MelOutput::LogCompressed { scale: 0.0 }), "output.log-compressed.scale");
    assert_eq!(mel(|s| s.output = MelOutput::Db(PowerToDb { amin: 0.0, ..PowerToDb::default() })), "amin");
    assert_eq!(mel(|s| s.output = MelOutput::Db(PowerToDb { top_db: -1.0, ..PowerToDb::default() })), "top_db");

    let mfcc = |change: fn(&mut MfccSpec)| {
        let mut mfcc = MfccSpec::librosa(512, 128);
        change(&mut mfcc);
        setting_of(Representation::Mfcc(mfcc))
    };
    assert_eq!(mfcc(|s| s.db.reference = Reference::Value(-1.0)), "reference.value");
    assert_eq!(mfcc(|s| s.mel.power = f64::NAN), "power");
    assert_eq!(mfcc(|s| s.n_mfcc = 0), "n_mfcc");
    assert_eq!(mfcc(|s| s.n_mfcc = 129), "n_mfcc");
    let all = |n| MelConfig { n_mels: n, ..MelConfig::default() };
    let spec = MfccSpec { n_mfcc: 1 << 16, mel: all(1 << 16), ..MfccSpec::librosa(512, 128) };
    assert_eq!(setting_of(Representation::Mfcc(spec)), "n_mfcc", "their cosine transform would take 16 GiB");
    let spec = MfccSpec { n_mfcc: 1 << 12, mel: all(1 << 12), ..MfccSpec::librosa(512, 128) };
    FeatureSpec::new(8000, 4000, Representation::Mfcc(spec)).check().unwrap();
    assert_eq!(mfcc(|s| s.lifter = -1.0), "lifter");
    // The coefficients alone would fit; the bands they are made of would not.
    let many = MfccSpec { n_mfcc: 1, mel: MelConfig { n_mels: 1 << 16, ..MelConfig::default() }, ..MfccSpec::librosa(512, 1) };
    let spec = FeatureSpec::new(8000, 40_000, Representation::Mfcc(many));
    assert!(matches!(spec.check(), Err(FeatureError::Setting { setting: "clip_samples", .. })));
}
