//! Patches of a whole track's frames.

use segno_features::{FeatureError, FeatureSpec, MelOutput, MelSpec, PatchSpec, PowerToDb, Representation};

fn noise(n: usize) -> Vec<f32> {
    (0..n as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32 / 8_388_608.0 - 1.0).collect()
}

fn patches(samples: &[f32], block: usize) -> (Vec<f32>, bool) {
    let mut extractor = PatchSpec::musicnn().extractor().unwrap();
    samples.chunks(block).for_each(|block| extractor.push(block).unwrap());
    let patches = extractor.finish().unwrap();
    (patches.values.to_vec(), patches.is_repeated)
}

/// The frames are those of the whole track as one clip, whatever the blocks, and what is left of the last patch belongs to none.
#[test]
fn frames_are_those_of_the_whole() {
    let PatchSpec { sample_rate_hz, frames, representation } = PatchSpec::musicnn();
    let samples = noise(2 * frames * 256 + 12_345);
    let whole = FeatureSpec::new(sample_rate_hz, samples.len(), representation);
    let [rows, bands] = whole.shape();
    let mut expected = vec![0.0; rows * bands];
    whole.extractor().unwrap().extract(&samples, &mut expected).unwrap();
    for block in [1, 500, 512, 7001, samples.len()] {
        let (found, is_repeated) = patches(&samples, block);
        assert!(found == expected[..2 * frames * bands] && !is_repeated, "blocks of {block}");
    }
}

#[test]
fn a_short_track_is_repeated_up_to_a_patch() {
    let samples = noise(16_000);
    let (found, is_repeated) = patches(&samples, 999);
    let frames = 16_000 / 256 + 1;
    assert!(is_repeated && found.len() == 187 * 96);
    for (frame, row) in found.chunks_exact(96).enumerate() {
        assert_eq!(row, &found[frame % frames * 96..][..96], "frame {frame}");
    }
}

#[test]
fn one_track_leaves_nothing_to_the_next() {
    let mut extractor = PatchSpec::musicnn().extractor().unwrap();
    let (long, short) = (noise(100_000), noise(60_000));
    extractor.push(&long).unwrap();
    extractor.finish().unwrap();
    extractor.push(&short).unwrap();
    let found = extractor.finish().unwrap();
    assert_eq!((found.values, found.count()), (&patches(&short, 60_000).0[..], 1));
    assert!((found.peak - short.iter().fold(0.0, |peak: f32, x| peak.max(x.abs()))).abs() < 1e-9);
}

/// The loudest sample of each patch's own time, whatever the blocks; what is left over counts for the track alone.
#[test]
fn each_patch_knows_its_peak() {
    let patch = 187 * 256;
    let mut samples = vec![0.0; 3 * patch + 20_000];
    (samples[patch - 1], samples[2 * patch], samples[3 * patch + 5]) = (-0.5, 0.25, 0.75);
    for block in [999, 512, samples.len()] {
        let mut extractor = PatchSpec::musicnn().extractor().unwrap();
        samples.chunks(block).for_each(|block| extractor.push(block).unwrap());
        let found = extractor.finish().unwrap();
        assert_eq!((found.peaks, found.peak), (&[0.5, 0.0, 0.25][..], 0.75), "blocks of {block}");
    }
    let mut extractor = PatchSpec::musicnn().extractor().unwrap();
    extractor.push(&samples[patch - 1000..patch]).unwrap();
    let found = extractor.finish().unwrap();
    assert_eq!((found.peaks, found.is_repeated), (&[0.5][..], true));
}

#[test]
fn what_has_no_patches_says_so() {
    let mut extractor = PatchSpec::musicnn().extractor().unwrap();
    extractor.push(&[0.0; 511]).unwrap();
    assert!(matches!(extractor.finish(), Err(FeatureError::ShortTrack { found: 511, expected: 512 })));
    extractor.push(&[0.0; 600]).unwrap();
    assert!(matches!(extractor.push(&[0.0, f32::NAN]), Err(FeatureError::Sample { index: 601, .. })));
    let db = Representation::Mel(MelSpec { output: MelOutput::Db(PowerToDb::default()), ..MelSpec::librosa(512, 256) });
    let refused = PatchSpec { representation: db, ..PatchSpec::musicnn() }.extractor().unwrap_err().to_string();
    assert!(refused.contains("relative to the whole clip"), "{refused}");
    assert!(PatchSpec { frames: 0, ..PatchSpec::musicnn() }.extractor().is_err());
}
