//! Facts about GTZAN's artists, from the index alone: what the public fault-filtered split lets through, and what the
//! protocol `artist` makes of the corpus.

use std::{collections::BTreeMap, fs, path::Path};

use segno_dataset::{CorpusFile, Fractions, IndexOptions, Manifest, Part, Protocol, Split, SplitPlan, index};

use crate::world;

/// The whole index, as if every file were there.
pub fn gtzan() -> Manifest {
    let declared = segno_corpora::GTZAN;
    let corpus = CorpusFile::parse(declared.declaration, Path::new("corpus.toml")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("genres/blues")).unwrap();
    fs::write(dir.path().join("genres/blues/blues.00000.wav"), "a file to be found").unwrap();
    let options = IndexOptions { extensions: &["wav"], accept_foreign_bytes: true };
    let mut manifest = index(&corpus, dir.path(), declared.facts, &options).unwrap();
    manifest.tracks.iter_mut().for_each(|track| track.left_out = None);
    manifest
}

fn draw(folds: u32, seed: u64, manifest: &Manifest) -> Vec<Split> {
    let plan = SplitPlan { protocol: Protocol::Artist, seed, fractions: Fractions::default(), stratify_by: "genre" };
    Split::draw_folds(&plan, folds, None, manifest, &world::clips(manifest, 6)).unwrap()
}

#[test]
fn the_fault_filtered_split_puts_artists_on_two_sides() {
    let manifest = gtzan();
    let split = world::draw(Protocol::FaultFiltered, 1, &manifest, &world::clips(&manifest, 6)).unwrap();
    assert_eq!(Part::ALL.map(|part| split.part(part).count() / 6), [443, 197, 290]);
    let shared = |part, with| split.shared_artists(&manifest, part, with);
    let expect = |artists: &[(&str, usize)]| artists.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<BTreeMap<_, _>>();
    let test_train = expect(&[
        ("Burning Spear", 7),
        ("Anthrax", 2),
        ("Boney M.", 2),
        ("Danzig", 1),
        ("Earth, Wind & Fire", 1),
        ("KC and the Sunshine Band", 1),
    ]);
    let test_valid = expect(&[("Metallica", 8), ("Burning Spear", 7), ("Dark Tranquillity", 4), ("Peter Tosh", 1)]);
    let valid_train = expect(&[("Slayer", 6), ("Burning Spear", 1)]);
    for (part, with, expected, n) in
        [(Part::Test, Part::Train, test_train, 14), (Part::Test, Part::Valid, test_valid, 20), (Part::Valid, Part::Train, valid_train, 7)]
    {
        let found = shared(part, with);
        assert_eq!((&found, found.values().sum::<usize>()), (&expected, n), "{part} with {with}");
    }
    assert_eq!(split.shared_groups, 6);
}

#[test]
fn nine_artists_of_blues_to_sixty_two_of_disco() {
    let manifest = gtzan();
    let counts = [9, 23, 47, 62, 27, 22, 35, 24, 22, 20];
    assert!(manifest.artists_per_label("genre", None).into_iter().eq(world::GENRES.into_iter().zip(counts)));
}

#[test]
fn under_artist_none_are_shared_and_every_track_is_tested_once() {
    let manifest = gtzan();
    for seed in 1..=3 {
        let splits = draw(5, seed, &manifest);
        let mut tested = BTreeMap::<&str, usize>::new();
        for split in &splits {
            assert!(split.folding.as_ref().unwrap().left_out.is_empty());
            assert_eq!((split.rows.len(), split.shared_groups, split.shared_recordings(&manifest)), (6000, 0, 0));
            for (part, with) in [(Part::Test, Part::Train), (Part::Test, Part::Valid), (Part::Valid, Part::Train)] {
                assert!(split.shared_artists(&manifest, part, with).is_empty());
            }
            let [train, valid, test] = Part::ALL.map(|part| split.part(part).count() / 6);
            // Blues has nine artists, the largest of 17 tracks; reggae's Bob Marley has 35.
            assert!((190..=210).contains(&test) && (95..=110).contains(&valid), "seed {seed}: {train} / {valid} / {test}");
            assert!(Part::ALL.iter().all(|part| split.classes_missing(*part, &manifest, "genre").is_empty()), "seed {seed}");
            for row in split.part(Part::Test) {
                *tested.entry(&row.track_id).or_default() += 1;
            }
        }
        assert_eq!((tested.len(), tested.values().all(|clips| *clips == 6)), (1000, true));
    }
}

#[test]
fn of_the_first_hundred_files_six_genres_are_left_out() {
    let mut manifest = gtzan();
    manifest.tracks.retain(|track| track.track_id.ends_with(|c: char| c.is_ascii_digit()) && track.track_id.contains(".0000"));
    assert_eq!(manifest.tracks.len(), 100);
    let left_out = |folds| {
        let splits = draw(folds, 1, &manifest);
        let folding = splits[0].folding.clone().unwrap();
        folding.left_out.into_iter().map(|label| (label.label, label.artists)).collect::<Vec<_>>()
    };
    let one = ["blues", "reggae", "rock"].map(|label| (label.to_owned(), 1));
    assert_eq!(left_out(2), one);
    let five = [("blues", 1), ("classical", 2), ("jazz", 2), ("pop", 4), ("reggae", 1), ("rock", 1)];
    assert_eq!(left_out(5), five.map(|(label, artists)| (label.to_owned(), artists)));
}
