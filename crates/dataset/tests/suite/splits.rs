//! What each protocol promises of a split.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use segno_dataset::{ClipRef, DatasetError, Fractions, Manifest, Part, Protocol, Split, SplitPlan, Track};

use crate::world;

fn sizes(split: &Split) -> [usize; 3] {
    Part::ALL.map(|part| split.part(part).count())
}

#[test]
fn published_is_4200_600_1200_and_leaks() {
    let manifest = world::manifest(100);
    let clips = world::clips(&manifest, 6);
    let split = world::draw(Protocol::Published, 1, &manifest, &clips).unwrap();
    assert_eq!(sizes(&split), [4200, 600, 1200]);
    // A test clip's track has five others, of which .7 each are trained on: all but .2 % of the tracks are shared.
    assert!(split.shared_tracks() > 650, "{}", split.shared_tracks());
}

#[test]
fn track_is_70_10_20_of_each_genre_and_does_not_leak() {
    let manifest = world::manifest(100);
    let clips = world::clips(&manifest, 6);
    let split = world::draw(Protocol::Track, 1, &manifest, &clips).unwrap();
    assert_eq!(sizes(&split), [4200, 600, 1200]);
    assert_eq!(split.shared_tracks(), 0);
    for genre in world::GENRES {
        let of = |part| split.part(part).filter(|row| row.track_id.starts_with(genre)).count();
        assert_eq!(Part::ALL.map(of), [420, 60, 120], "{genre}");
    }
}

#[test]
fn clips_of_another_length_take_their_tracks_part() {
    let manifest = world::manifest(10);
    let (fine, coarse) = (world::clips(&manifest, 6), world::clips(&manifest, 2));
    let split = world::draw(Protocol::Track, 1, &manifest, &fine).unwrap();
    let recut = split.recut(&coarse).unwrap();
    assert_eq!(sizes(&recut), sizes(&split).map(|clips| clips / 3));
    let part = |split: &Split, track: &str| split.rows.iter().find(|row| row.track_id == track).unwrap().part;
    assert!(recut.rows.iter().all(|row| row.part == part(&split, &row.track_id)));
    assert!(recut.rows.is_sorted_by_key(|row| &row.clip_id));
    assert_eq!(split.recut(&fine).unwrap(), split, "clips of the split's own length stay where they are");
    assert!(split.clip_unknown(&fine).is_none());
    let finer = world::clips(&manifest, 7);
    assert!(split.clip_unknown(&finer).is_some_and(|clip| clip.clip_id.ends_with("#6")), "a seventh clip is none of six");
    let short = split.part(Part::Test).next().unwrap().track_id.clone();
    let shorter: Vec<ClipRef> = coarse.iter().filter(|clip| clip.track_id != short).cloned().collect();
    let without = split.recut(&shorter).unwrap();
    assert!(
        split.tracks_lost(&without, Part::Test).into_iter().eq([short.as_str()]) && split.tracks_lost(&without, Part::Train).is_empty()
    );
    let of_one: Vec<ClipRef> = coarse.iter().filter(|clip| clip.track_id != coarse[0].track_id).cloned().collect();
    let lost = world::draw(Protocol::Track, 1, &manifest, &of_one).unwrap().recut(&coarse).unwrap();
    assert!(lost.rows.iter().all(|row| row.track_id != coarse[0].track_id), "a track that the draw has not has no part");

    let torn = world::draw(Protocol::Published, 1, &manifest, &fine).unwrap().recut(&coarse).unwrap_err();
    assert!(matches!(torn, DatasetError::SharedTrack { protocol: Protocol::Published, .. }), "{torn}");
}

/// Against an implementation of the documented draw in Python, `tests/golden/draw.py`.
#[test]
fn anyone_can_draw_the_same() {
    let mut manifest = world::manifest(10);
    for (n, track) in manifest.tracks.iter_mut().enumerate() {
        // Artists of two, two, two, three and one tracks a genre, written in two ways.
        let artist = [0, 0, 1, 1, 2, 2, 3, 3, 3, 4][n % 10];
        track.artist = Some(format!("{} {artist}", if n % 2 == 0 { " the band" } else { "The BAND" }) + &track.labels["genre"]);
    }
    let clips = world::clips(&manifest, 6);
    let mut n_checked = 0;
    for seed in [1, 2] {
        for protocol in [Protocol::Track, Protocol::Published, Protocol::ArtistOnce] {
            let split = world::draw(protocol, seed, &manifest, &clips).unwrap();
            let head = format!("{protocol} {seed} ");
            let golden = include_str!("../golden/draw.txt").lines().filter_map(|line| line.strip_prefix(&head)?.split_once(' '));
            let golden: BTreeMap<&str, &str> = golden.collect();
            for row in &split.rows {
                let name = if protocol == Protocol::Published { &row.clip_id } else { &row.track_id };
                assert_eq!(*golden.get(name.as_str()).unwrap_or(&"train"), row.part.name(), "{head}{name}");
            }
            n_checked += golden.len();
        }
    }
    for seed in [1, 2] {
        let plan = SplitPlan { protocol: Protocol::Artist, seed, fractions: Fractions::default(), stratify_by: "genre" };
        for split in Split::draw_folds(&plan, 3, None, &manifest, &clips).unwrap() {
            let head = format!("artist {seed} {} ", split.fold().unwrap());
            let golden = include_str!("../golden/draw.txt").lines().filter_map(|line| line.strip_prefix(&head)?.split_once(' '));
            let golden: BTreeMap<&str, &str> = golden.collect();
            assert!(split.rows.iter().all(|row| golden[row.track_id.as_str()] == row.part.name()), "{head}");
            n_checked += golden.len();
        }
    }
    assert_eq!(n_checked, 2 * (100 + 180 + 100 + 3 * 100));
}

#[test]
fn a_track_more_in_one_genre_leaves_the_others_as_they_are() {
    let manifest = world::manifest(10);
    let mut larger = manifest.clone();
    larger.tracks.push(Track { track_id: "zydeco.00000".into(), labels: [("genre".into(), "zydeco".into())].into(), ..Track::default() });
    let [a, b] = [&manifest, &larger].map(|m| world::draw(Protocol::Track, 1, m, &world::clips(m, 6)).unwrap().rows);
    assert_eq!(a, b[..600]);
}

#[test]
fn copies_stay_together_even_across_genres() {
    let mut manifest = world::manifest(10);
    let copies = [("rock.00003", "metal.00008"), ("pop.00004", "pop.00001"), ("pop.00009", "pop.00004")];
    for (copy, of) in copies {
        let track = manifest.tracks.iter_mut().find(|track| track.track_id == copy).unwrap();
        track.duplicate_of = Some(of.into());
    }
    let clips = world::clips(&manifest, 2);
    for seed in 0..50 {
        let split = world::draw(Protocol::Track, seed, &manifest, &clips).unwrap();
        let side: BTreeMap<&str, Part> = split.rows.iter().map(|row| (row.track_id.as_str(), row.part)).collect();
        for (copy, of) in copies {
            assert_eq!(side[copy], side[of], "seed {seed}");
        }
        assert_eq!(split.shared_recordings(&manifest), 0);
    }
    let leaks = |seed| {
        let split = world::draw(Protocol::Published, seed, &manifest, &clips).unwrap();
        split.shared_recordings(&manifest) > split.shared_tracks()
    };
    assert!((0..50).any(leaks), "a copy in training of a track in test counts as shared");
}

#[test]
fn classes_that_training_never_sees_are_named() {
    let manifest = world::manifest(1);
    let split = world::draw(Protocol::Track, 3, &manifest, &world::clips(&manifest, 1)).unwrap();
    assert!(split.classes_missing_from_train(&manifest, "genre").is_empty(), "the only track of a genre is trained on");
    let mut split = split;
    split.rows.retain(|row| !row.track_id.starts_with("jazz"));
    assert_eq!(split.classes_missing_from_train(&manifest, "genre"), ["jazz"]);
}

#[test]
fn errors_say_what_to_do() {
    let manifest = world::manifest(2);
    let clips = world::clips(&manifest, 1);
    let error = |protocol, clips: &[ClipRef]| world::draw(protocol, 1, &manifest, clips).unwrap_err().to_string();
    assert_eq!(
        error(Protocol::FaultFiltered, &clips),
        "split 'fault-filtered' of corpus toy: found no track with a public split, expected a corpus that has one; choose the protocol 'track' for others"
    );
    assert!(error(Protocol::Track, &[]).contains("found no clips"));
    assert!(error(Protocol::Track, &[ClipRef::new("toy", "polka.00001", 0)]).contains("holds no track 'polka.00001'"));
    assert_eq!(
        "artists".parse::<Protocol>().unwrap_err().to_string(),
        "unknown protocol 'artists'; known are published, track, artist-once, artist, fault-filtered"
    );
    assert_eq!("dev".parse::<Part>().unwrap_err().to_string(), "unknown part 'dev'; known are train, valid, test");
}

/// Tracks of up to four genres (some without one), with clips and copies at random.
fn corpus() -> impl Strategy<Value = (Manifest, Vec<ClipRef>)> {
    let track = (0..5usize, 0..4usize, prop::option::weighted(0.2, any::<prop::sample::Index>()));
    prop::collection::vec(track, 1..60).prop_map(|specs| {
        let name = |n: usize| format!("t{n:03}");
        let tracks = specs.iter().enumerate().map(|(n, (genre, _, copy))| Track {
            track_id: name(n),
            labels: (*genre > 0).then(|| ("genre".to_owned(), format!("g{genre}"))).into_iter().collect(),
            duplicate_of: copy.map(|copy| name(copy.index(specs.len()))).filter(|of| *of != name(n)),
            ..Track::default()
        });
        let manifest = Manifest::new("random", tracks.collect()).unwrap();
        let clips =
            specs.iter().enumerate().flat_map(|(n, (_, clips, _))| (0..clips + 1).map(move |i| ClipRef::new("random", &name(n), i)));
        (manifest, clips.collect())
    })
}

/// As [`corpus`], with artists, some of them written in two ways.
pub fn corpus_of_artists() -> impl Strategy<Value = (Manifest, Vec<ClipRef>)> {
    let artists = prop::collection::vec(prop::option::of((0..12usize, any::<bool>())), 60);
    (corpus(), artists).prop_map(|((mut manifest, clips), artists)| {
        for (track, artist) in manifest.tracks.iter_mut().zip(artists) {
            track.artist = artist.map(|(n, loud)| if loud { format!(" BAND Ä{n} ") } else { format!("Band ä{n}") });
        }
        manifest.tracks[0].artist = Some("band ä0".into());
        (manifest, clips)
    })
}

#[test]
fn artist_once_keeps_the_shares_where_artists_are_small() {
    let mut manifest = world::manifest(75);
    for (n, track) in manifest.tracks.iter_mut().enumerate() {
        track.artist = (n % 5 > 0).then(|| format!("artist {}", n / 3));
    }
    let clips = world::clips(&manifest, 10);
    let fractions = Fractions::new(0.9, 0.05, 0.05).unwrap();
    let plan = SplitPlan { protocol: Protocol::ArtistOnce, seed: 1, fractions, stratify_by: "genre" };
    let split = Split::draw(&plan, &manifest, &clips).unwrap();
    // 67, 4 and 4 tracks of each of ten genres.
    assert_eq!(sizes(&split), [6700, 400, 400]);
    assert_eq!(split.shared_groups, 0);
    assert!(Part::ALL.iter().all(|part| split.classes_missing(*part, &manifest, "genre").is_empty()));
    let leaky = Split::draw(&SplitPlan { protocol: Protocol::Track, ..plan }, &manifest, &clips).unwrap();
    assert!(leaky.shared_groups > 10 && leaky.shared_tracks() == 0, "{}", leaky.shared_groups);
    let published = Split::draw(&SplitPlan { protocol: Protocol::Published, ..plan }, &manifest, &clips).unwrap();
    assert_eq!(sizes(&published), [6750, 375, 375]);
}

#[test]
fn an_artist_of_a_whole_genre_is_trained_on_and_named() {
    let mut manifest = world::manifest(10);
    manifest.tracks.iter_mut().for_each(|track| track.artist = Some(track.track_id.clone()));
    manifest.tracks[..10].iter_mut().for_each(|track| track.artist = Some("John Lee Hooker".into()));
    let split = world::draw(Protocol::ArtistOnce, 1, &manifest, &world::clips(&manifest, 2)).unwrap();
    assert_eq!(split.classes_missing(Part::Test, &manifest, "genre"), ["blues"]);
    assert!(split.classes_missing(Part::Train, &manifest, "genre").is_empty());
    // The other genres make up for it.
    assert_eq!(sizes(&split), [140, 20, 40]);
    manifest.tracks.iter_mut().for_each(|track| track.artist = Some(" ".into()));
    let error = world::draw(Protocol::ArtistOnce, 1, &manifest, &world::clips(&manifest, 2)).unwrap_err().to_string();
    assert!(error.contains("found no track with an artist, expected a corpus that names artists"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_clip_is_on_one_side((manifest, clips) in corpus(), seed: u64, track: bool) {
        let protocol = if track { Protocol::Track } else { Protocol::Published };
        let split = world::draw(protocol, seed, &manifest, &clips).unwrap();
        let rows: Vec<ClipRef> = split.rows.iter().map(|row| ClipRef { clip_id: row.clip_id.clone(), track_id: row.track_id.clone() }).collect();
        let mut expected = clips.clone();
        expected.sort();
        prop_assert_eq!(rows, expected);
        if protocol == Protocol::Published {
            let exact = clips.len() as f64 * 0.7;
            prop_assert!((sizes(&split)[0] as f64 - exact).abs() < 1.0);
        }
    }

    #[test]
    fn no_recording_is_on_two_sides((manifest, clips) in corpus(), seed: u64) {
        let split = world::draw(Protocol::Track, seed, &manifest, &clips).unwrap();
        let side: BTreeMap<&str, BTreeSet<Part>> = split.rows.iter().fold(BTreeMap::new(), |mut sides, row| {
            sides.entry(row.track_id.as_str()).or_default().insert(row.part);
            sides
        });
        for track in &manifest.tracks {
            prop_assert_eq!(side[track.track_id.as_str()].len(), 1);
            if let Some(of) = &track.duplicate_of {
                prop_assert_eq!(&side[track.track_id.as_str()], &side[of.as_str()]);
            }
        }
        prop_assert_eq!(split.shared_recordings(&manifest), 0);
    }

    #[test]
    fn no_artist_is_on_two_sides((manifest, clips) in corpus_of_artists(), seed: u64) {
        let split = world::draw(Protocol::ArtistOnce, seed, &manifest, &clips).unwrap();
        prop_assert_eq!(split.rows.len(), clips.len());
        let mut sides: BTreeMap<String, BTreeSet<Part>> = BTreeMap::new();
        for row in &split.rows {
            let track = manifest.track(&row.track_id).unwrap();
            let artist = track.artist.as_ref().map_or(track.track_id.clone(), |artist| artist.trim().to_lowercase());
            sides.entry(artist).or_default().insert(row.part);
            let copies = manifest.tracks.iter().filter(|other| other.duplicate_of.as_deref() == Some(&row.track_id));
            for copy in copies {
                let of_copy = split.rows.iter().find(|other| other.track_id == copy.track_id).unwrap();
                prop_assert_eq!(of_copy.part, row.part);
            }
        }
        prop_assert!(sides.values().all(|sides| sides.len() == 1));
        prop_assert_eq!((split.shared_groups, split.shared_recordings(&manifest)), (0, 0));
    }

    #[test]
    fn each_genre_is_shared_out_as_the_whole_is(per_genre in prop::collection::vec(1..40usize, 1..5), seed: u64) {
        let tracks = per_genre.iter().enumerate().flat_map(|(genre, &n)| (0..n).map(move |i| Track {
            track_id: format!("{genre}.{i:03}"),
            labels: [("genre".to_owned(), genre.to_string())].into(),
            ..Track::default()
        }));
        let manifest = Manifest::new("random", tracks.collect()).unwrap();
        let split = world::draw(Protocol::Track, seed, &manifest, &world::clips(&manifest, 2)).unwrap();
        for (genre, &n) in per_genre.iter().enumerate() {
            for (part, share) in Part::ALL.into_iter().zip([0.7, 0.1, 0.2]) {
                let found = split.part(part).filter(|row| row.track_id.starts_with(&format!("{genre}."))).count() as f64 / 2.0;
                prop_assert!((found - share * n as f64).abs() < 1.0, "{} of {} in {}", found, n, part);
            }
        }
    }

    #[test]
    fn the_seed_and_nothing_else_decides((manifest, mut clips) in corpus(), seed: u64) {
        let draw = |seed, clips: &[ClipRef]| world::draw(Protocol::Published, seed, &manifest, clips).unwrap();
        let split = draw(seed, &clips);
        clips.reverse();
        prop_assert_eq!(&split, &draw(seed, &clips));
        // Of 30 clips and more, two draws agree less often than once in 10^9.
        if clips.len() >= 30 {
            prop_assert_ne!(split.rows, draw(seed ^ 1, &clips).rows);
        }
    }
}
