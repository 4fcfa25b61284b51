//! What the protocol `artist` promises of its folds.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use segno_dataset::{
    ClipRef, DatasetError, DuplicatePair, Duplicates, Fold, Fractions, LeftOutLabel, Manifest, NearDuplicates, Part, Protocol, Split,
    SplitPlan, Track, digest_bytes,
};

use crate::{splits::corpus_of_artists, world};

fn plan(seed: u64) -> SplitPlan<'static> {
    SplitPlan { protocol: Protocol::Artist, seed, fractions: Fractions::default(), stratify_by: "genre" }
}

fn draw(seed: u64, folds: u32, near: Option<&Duplicates>, manifest: &Manifest) -> Result<Vec<Split>, DatasetError> {
    Split::draw_folds(&plan(seed), folds, near, manifest, &world::clips(manifest, 2))
}

fn near(manifest: &Manifest, pairs: &[(&str, &str)]) -> Duplicates {
    let pair = |(track, other): &(&str, &str)| DuplicatePair {
        track_id: (*track).into(),
        other_track_id: (*other).into(),
        kind: "near".into(),
        score: 0.9,
    };
    Duplicates::new(manifest, pairs.iter().map(pair).collect()).unwrap()
}

/// Tracks of each label in a part.
fn labels(split: &Split, manifest: &Manifest, part: Part) -> BTreeMap<String, usize> {
    let tracks: BTreeSet<&str> = split.part(part).map(|row| row.track_id.as_str()).collect();
    tracks.into_iter().fold(BTreeMap::new(), |mut labels, track| {
        *labels.entry(manifest.label(track, "genre").unwrap_or("").to_owned()).or_default() += 1;
        labels
    })
}

/// Labels of 5 to 20 artists of one to eight tracks, all drawn from the seed.
fn many_artists(seed: u64) -> (Manifest, BTreeMap<String, usize>) {
    let digits = |text: String| usize::from_str_radix(&digest_bytes(text.as_bytes())[..8], 16).unwrap();
    let mut tracks = vec![];
    let mut largest = BTreeMap::<String, usize>::new();
    for label in 0..2 + digits(format!("{seed}")) % 5 {
        for artist in 0..5 + digits(format!("{seed} {label}")) % 16 {
            let size = 1 + digits(format!("{seed} {label} {artist}")) % 8;
            let most = largest.entry(format!("l{label}")).or_default();
            *most = size.max(*most);
            tracks.extend((0..size).map(|n| Track {
                track_id: format!("l{label}.a{artist}.{n}"),
                artist: Some(format!("{label} {artist}")),
                labels: [("genre".into(), format!("l{label}"))].into(),
                ..Track::default()
            }));
        }
    }
    (Manifest::new("many", tracks).unwrap(), largest)
}

#[test]
fn folds_and_labels_are_even_to_the_largest_artist() {
    for seed in 0..150 {
        let (manifest, largest) = many_artists(seed);
        let folds = 2 + (seed % 4) as u32;
        let splits = draw(seed, folds, None, &manifest).unwrap();
        let largest_of_all = *largest.values().max().unwrap();
        let tests: Vec<_> = splits.iter().map(|split| labels(split, &manifest, Part::Test)).collect();
        let spread = |sizes: Vec<usize>| sizes.iter().max().unwrap() - sizes.iter().min().unwrap();
        let sizes = tests.iter().map(|test| test.values().sum()).collect();
        assert!(spread(sizes) <= largest_of_all, "seed {seed}: {tests:?}");
        for (label, largest) in &largest {
            let sizes = tests.iter().map(|test| test.get(label).copied().unwrap_or(0)).collect();
            assert!(spread(sizes) <= *largest, "seed {seed}, {label}: {tests:?}");
        }
        for split in &splits {
            let [train, valid] = [Part::Train, Part::Valid].map(|part| labels(split, &manifest, part));
            for (label, largest) in &largest {
                let [train, valid] = [&train, &valid].map(|part| part.get(label).copied().unwrap_or(0) as f64);
                let off = (valid - (train + valid) / 8.0).abs();
                assert!(off <= *largest as f64, "seed {seed}, {label}: {valid} of {} in validation", train + valid);
            }
        }
    }
}

#[test]
fn labels_with_too_few_artists_are_left_out_and_named() {
    let mut manifest = world::manifest(6);
    for (n, track) in manifest.tracks.iter_mut().enumerate() {
        // One artist of blues, two of classical, six of each other genre.
        let artist = match n {
            0..6 => 0,
            6..12 => 6 + n % 2,
            _ => n,
        };
        track.artist = Some(format!("artist {artist}"));
        track.labels.insert("mood".into(), if n < 6 { "blue" } else { "other" }.into());
    }
    let left_out = |label: &str, artists| LeftOutLabel { task: "genre".into(), label: label.into(), artists };
    for (folds, expected) in [(2, vec![left_out("blues", 1)]), (3, vec![left_out("blues", 1), left_out("classical", 2)])] {
        for split in draw(1, folds, None, &manifest).unwrap() {
            let folding = split.folding.as_ref().unwrap();
            assert_eq!((&folding.left_out, &folding.near_duplicates), (&expected, &None));
            assert!(split.rows.iter().all(|row| expected.iter().all(|label| !row.track_id.starts_with(&label.label))));
            assert_eq!(split.classes(&manifest, "genre"), world::GENRES[expected.len()..]);
            assert_eq!(split.classes(&manifest, "mood"), ["other"], "a class of another task that went with its tracks");
            assert!(split.classes_missing_from_train(&manifest, "genre").is_empty());
        }
    }
    let error = draw(1, 7, None, &manifest).unwrap_err().to_string();
    assert!(error.starts_with("split 'artist' of corpus toy: found artists a genre: blues 1, classical 2, country 6,"), "{error}");
    assert!(error.contains("expected at least two with 7 artists, one a fold; ask for fewer folds"), "{error}");
    let counts = manifest.artists_per_label("genre", None);
    assert_eq!((counts["blues"], counts["classical"], counts["rock"]), (1, 2, 6));
}

#[test]
fn near_duplicates_join_artists_and_are_recorded() {
    let mut manifest = world::manifest(6);
    manifest.tracks.iter_mut().for_each(|track| track.artist = Some(track.track_id.clone()));
    let pairs = [("blues.00000", "blues.00001"), ("rock.00003", "metal.00002"), ("pop.00001", "rock.00003")];
    let table = near(&manifest, &pairs);
    let mut moved = false;
    for seed in 0..20 {
        let (with, without) = (draw(seed, 5, Some(&table), &manifest).unwrap(), draw(seed, 5, None, &manifest).unwrap());
        for split in &with {
            let side: BTreeMap<&str, Part> = split.rows.iter().map(|row| (row.track_id.as_str(), row.part)).collect();
            assert!(pairs.iter().all(|(one, other)| side[one] == side[other]), "seed {seed}");
            let recorded = NearDuplicates { pairs: 3, digest: table.digest() };
            assert_eq!(split.folding.as_ref().unwrap().near_duplicates, Some(recorded));
        }
        moved |= with.iter().zip(&without).any(|(a, b)| a.digest() != b.digest());
    }
    assert!(moved);
    // Two of the six are one artist now.
    assert_eq!(manifest.artists_per_label("genre", Some(&table))["blues"], 5);
    let left_out = draw(1, 6, Some(&table), &manifest).unwrap()[0].folding.clone().unwrap().left_out;
    assert_eq!(left_out, [LeftOutLabel { task: "genre".into(), label: "blues".into(), artists: 5 }]);
    // An audit that moves nothing changes what is recorded, not what is drawn.
    let none = near(&manifest, &[]);
    let (with, without) = (draw(1, 5, Some(&none), &manifest).unwrap(), draw(1, 5, None, &manifest).unwrap());
    assert!(with[0] != without[0] && with[0].digest() == without[0].digest());
    manifest.tracks[0].note = Some("indexed anew".into());
    let error = draw(1, 5, Some(&table), &manifest).unwrap_err().to_string();
    assert!(error.contains("duplicates of another manifest") && error.contains("run the audit again"), "{error}");
}

#[test]
fn errors_say_what_to_do() {
    let mut manifest = world::manifest(6);
    let clips = world::clips(&manifest, 1);
    let error = |error: Result<Vec<Split>, DatasetError>| error.unwrap_err().to_string();
    assert!(error(draw(1, 5, None, &manifest)).contains("found no track with an artist"));
    manifest.tracks.iter_mut().for_each(|track| track.artist = Some(track.track_id.clone()));
    assert_eq!(error(draw(1, 1, None, &manifest)), "found fold 1 of 1, expected one of 2 to 1000 folds, counted from 1, as 'fold-1of5'");
    let track = SplitPlan { protocol: Protocol::Track, ..plan(1) };
    assert!(error(Split::draw_folds(&track, 5, None, &manifest, &clips)).contains("found a protocol without folds"));
    let whole = Split::draw(&plan(1), &manifest, &clips).unwrap_err().to_string();
    assert!(whole.contains("found one split asked for, expected its folds"), "{whole}");
}

#[test]
fn a_fold_comes_back_from_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut manifest = world::manifest(6);
    manifest.tracks.iter_mut().for_each(|track| track.artist = Some(track.track_id.clone()));
    manifest.tracks[1].artist = manifest.tracks[0].artist.clone();
    let table = near(&manifest, &[("rock.00003", "metal.00002")]);
    let splits = draw(3, 6, Some(&table), &manifest).unwrap();
    let digests: BTreeSet<String> = splits.iter().map(Split::digest).collect();
    assert_eq!(digests.len(), 6);
    for split in &splits {
        let name = Split::file_name(split.protocol, split.seed, split.fold());
        assert_eq!(name, format!("artist-3.fold-{}of6.parquet", split.fold().unwrap().index()));
        let path = dir.path().join(name);
        split.write(&path).unwrap();
        assert_eq!(Split::read(&path).unwrap(), *split);
    }
    let mut torn = splits[0].clone();
    torn.folding = None;
    let path = dir.path().join("torn.parquet");
    torn.write(&path).unwrap();
    assert!(Split::read(&path).unwrap_err().to_string().contains("metadata 'segno.folding': found nothing"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_track_is_tested_once_and_no_artist_is_on_two_sides(
        (manifest, clips) in corpus_of_artists(),
        pairs in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..4),
        folds in 2..6u32,
        seed: u64,
    ) {
        let name = |index: &prop::sample::Index| manifest.tracks[index.index(manifest.tracks.len())].track_id.as_str();
        let pairs: BTreeSet<(&str, &str)> = pairs.iter().map(|(a, b)| (name(a).min(name(b)), name(a).max(name(b)))).filter(|(a, b)| a != b).collect();
        let table = near(&manifest, &pairs.iter().copied().collect::<Vec<_>>());
        let artists = manifest.artists_per_label("genre", Some(&table));
        let drawn = Split::draw_folds(&plan(seed), folds, Some(&table), &manifest, &clips);
        let many = |n: &usize| *n >= folds as usize;
        if artists.values().filter(|n| many(n)).count() < 2 {
            prop_assert!(drawn.unwrap_err().to_string().contains("ask for fewer folds"));
            return Ok(());
        }
        let splits = drawn.unwrap();
        prop_assert_eq!(splits.iter().map(|split| split.fold().unwrap()).collect::<Vec<_>>(), Fold::all(folds).unwrap());
        let left_out: BTreeMap<&str, usize> = artists.iter().filter(|(_, n)| !many(n)).map(|(label, n)| (*label, *n)).collect();
        let mut tested = BTreeMap::<&str, usize>::new();
        for split in &splits {
            let found = &split.folding.as_ref().unwrap().left_out;
            prop_assert_eq!(&found.iter().map(|label| (label.label.as_str(), label.artists)).collect::<BTreeMap<_, _>>(), &left_out);
            prop_assert_eq!((split.shared_groups, split.shared_recordings(&manifest)), (0, 0));
            let sides = [(Part::Test, Part::Train), (Part::Test, Part::Valid), (Part::Valid, Part::Train)];
            prop_assert!(sides.iter().all(|(part, with)| split.shared_artists(&manifest, *part, *with).is_empty()));
            let side: BTreeMap<&str, Part> = split.rows.iter().map(|row| (row.track_id.as_str(), row.part)).collect();
            prop_assert!(pairs.iter().all(|(a, b)| !side.contains_key(a) || !side.contains_key(b) || side[a] == side[b]));
            for (track, _) in side.iter().filter(|(_, part)| **part == Part::Test) {
                *tested.entry(track).or_default() += 1;
            }
            let train = labels(split, &manifest, Part::Train);
            prop_assert!(labels(split, &manifest, Part::Valid).keys().all(|label| train.contains_key(label)), "validated but not trained");
            prop_assert!(clips.iter().filter(|clip| side.contains_key(clip.track_id.as_str())).count() == split.rows.len());
        }
        for track in &manifest.tracks {
            let out = track.labels.get("genre").is_some_and(|label| left_out.contains_key(label.as_str()));
            prop_assert_eq!(tested.get(track.track_id.as_str()).copied().unwrap_or(0), usize::from(!out), "{}", track.track_id);
        }
        let mut turned: Vec<ClipRef> = clips.clone();
        turned.reverse();
        prop_assert_eq!(splits, Split::draw_folds(&plan(seed), folds, Some(&table), &manifest, &turned).unwrap());
    }
}
