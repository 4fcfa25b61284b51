//! FMA's tables, in the form they are published in, made by hand: `tests/data/fma`.

use std::{collections::BTreeMap, fs, path::Path};

use segno_dataset::{CorpusFile, CorpusKind, DatasetError, Holds, IndexOptions, Manifest, index, needed_files};

const FMA: &str = segno_corpora::FMA.declaration;
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/fma");
const FILES: [&str; 3] = ["tracks.csv", "genres.csv", "echonest.csv"];
const OPTIONS: IndexOptions<'_> = IndexOptions { extensions: &["mp3"], accept_foreign_bytes: false };

/// The corpus as published, but for the checksums of its tables.
fn corpus(per_genre: usize, seed: u64) -> CorpusFile {
    let mut corpus = CorpusFile::parse(FMA, Path::new("corpus.toml")).unwrap();
    let fma = corpus.fma.as_mut().unwrap();
    fma.sha1.clear();
    (fma.per_genre, fma.seed) = (per_genre, seed);
    corpus
}

/// A copy of the tables, with some audio.
fn place(tracks: &[u32]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("fma_metadata")).unwrap();
    for name in FILES {
        fs::copy(Path::new(DATA).join("fma_metadata").join(name), dir.path().join("fma_metadata").join(name)).unwrap();
    }
    for track in tracks {
        let name = format!("{track:06}");
        let folder = dir.path().join("fma_large").join(&name[..3]);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name + ".mp3"), track.to_string()).unwrap();
    }
    dir
}

const ALL: [u32; 9] = [140, 141, 148, 200, 201, 207, 208, 98565, 203];

fn manifest(per_genre: usize, seed: u64) -> Manifest {
    index(&corpus(per_genre, seed), place(&ALL).path(), None, &OPTIONS).unwrap()
}

#[test]
fn songs_genres_and_moods() {
    let manifest = manifest(75, 1);
    let found: Vec<(&str, &str, &str, f64)> = manifest
        .present()
        .map(|track| (track.track_id.as_str(), track.labels["genre"].as_str(), track.labels["mood"].as_str(), track.values["valence"]))
        .collect();
    let expected = [
        ("000140", "Blues", "Sad", 0.2),
        ("000141", "Blues", "Neutral", 0.3),
        ("000148", "Blues", "Neutral", 0.5999),
        ("000200", "Metal", "Sad", 0.05),
        ("000201", "Rock", "Happy", 0.6),
        ("000207", "Disco", "Happy", 0.95),
        ("000208", "Reggae", "Happy", 1.0),
        ("098565", "Pop", "Sad", 0.0),
    ];
    assert_eq!(found, expected);
    let track = manifest.track("000148").unwrap();
    assert_eq!(track.path, "fma_large/000/000148.mp3");
    assert_eq!((track.artist.as_deref(), track.title.as_deref()), (Some("Old Ferry"), Some("He said \"no\", then\nleft")));
    assert_eq!(track.licence.as_deref(), Some("Attribution-NonCommercial-ShareAlike 3.0 International"));
    assert_eq!(manifest.track("000208").unwrap().artist, None);
    assert_eq!(manifest.track("098565").unwrap().note.as_deref(), Some("known to be short or empty"));
    let left_out: Vec<(&str, &str)> = manifest.left_out().map(|(track, reason)| (track.track_id.as_str(), reason)).collect();
    let expected = [
        ("000210", "genre 999 (line 20 of tracks.csv) is not in genres.csv"),
        ("000211", "in echonest.csv, but not in tracks.csv; is tracks.csv whole?"),
    ];
    assert_eq!(left_out, expected);
}

#[test]
fn each_genre_says_what_it_had() {
    let manifest = manifest(2, 1);
    let selection = manifest.selection.as_ref().unwrap();
    let counts: BTreeMap<&str, [usize; 5]> =
        selection.classes.iter().map(|c| (c.label.as_str(), [c.carried, c.with_value, c.ambiguous, c.eligible, c.drawn])).collect();
    assert_eq!(counts["Blues"], [4, 4, 1, 3, 2]);
    assert_eq!(counts["Rock"], [3, 3, 1, 1, 1], "Metal, Noise-Rock and Punk lie below Rock; Punk with Blues is of both");
    assert_eq!(counts["Metal"], [1, 1, 0, 1, 1]);
    assert_eq!(counts["Disco"], [3, 1, 0, 1, 1], "one has no row in echonest.csv, one an empty valence");
    assert_eq!(counts["Jazz"], [1, 1, 1, 0, 0]);
    assert_eq!(counts["Country"], [0; 5]);
    assert_eq!(selection.short().count(), 9);
    assert!(
        selection.to_string().contains("of several classes,     1 to draw from,    1 drawn: fewer than the 2 asked for\n"),
        "{selection}"
    );
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tracks.parquet");
    manifest.write(&path).unwrap();
    assert_eq!(Manifest::read(&path).unwrap(), manifest);
}

#[test]
fn the_seed_draws_and_the_subset_bounds() {
    let drawn = |seed| -> Vec<String> {
        let manifest = manifest(2, seed);
        manifest.present().filter(|t| t.labels["genre"] == "Blues").map(|t| t.track_id.clone()).collect()
    };
    assert_eq!(drawn(1), drawn(1));
    let draws: std::collections::BTreeSet<Vec<String>> = (0..20).map(drawn).collect();
    assert_eq!(draws.len(), 3, "every two of three blues songs");
    let mut small = corpus(75, 1);
    for (subset, expected) in [("small", 2), ("medium", 3), ("large", 8)] {
        small.fma.as_mut().unwrap().subset = toml::from_str::<BTreeMap<String, _>>(&format!("s = '{subset}'")).unwrap()["s"];
        assert_eq!(index(&small, place(&ALL).path(), None, &OPTIONS).unwrap().present().count(), expected, "{subset}");
    }
}

#[test]
fn files_needed_of_the_archives() {
    let dir = place(&[]);
    let corpus = corpus(75, 1);
    let needed = |holds| needed_files(&corpus, dir.path(), holds).unwrap().unwrap();
    assert_eq!(needed(Holds::Metadata), FILES.map(|name| format!("fma_metadata/{name}")));
    let audio = needed(Holds::Audio);
    assert_eq!((audio.len(), audio[0].as_str(), audio[7].as_str()), (8, "fma_large/000/000140.mp3", "fma_large/098/098565.mp3"));
    let error = index(&corpus, dir.path(), None, &OPTIONS).unwrap_err();
    assert!(matches!(error, DatasetError::NoAudio { .. }), "{error}");
    let dir = place(&[140]);
    let manifest = index(&corpus, dir.path(), None, &OPTIONS).unwrap();
    assert_eq!(manifest.present().count(), 1);
    assert_eq!(manifest.track("000141").unwrap().left_out.as_deref(), Some("missing: no file fma_large/000/000141.mp3"));
    assert_eq!(needed_files(&CorpusFile::folders("a"), dir.path(), Holds::Audio).unwrap(), None);
}

#[test]
fn published_tables_are_known_by_their_checksums() {
    let corpus = CorpusFile::parse(FMA, Path::new("corpus.toml")).unwrap();
    assert_eq!((corpus.kind, corpus.expected_tracks), (CorpusKind::Fma, Some(750)));
    let sizes: Vec<Option<u64>> = corpus.archives.iter().map(|archive| archive.expected_bytes()).collect();
    assert_eq!(sizes, [Some(358_412_441), Some(93 << 30)]);
    let dir = place(&ALL);
    let error = index(&corpus, dir.path(), None, &OPTIONS).unwrap_err().to_string();
    assert!(error.contains("echonest.csv: found sha1:") && error.contains("expected sha1:d02a25fb1279"), "{error}");
    let foreign = IndexOptions { accept_foreign_bytes: true, ..OPTIONS };
    assert_eq!(index(&corpus, dir.path(), None, &foreign).unwrap().present().count(), 8);
}

/// What `index` says of a table in which `from` was changed to `to`.
fn complaint(file: &str, from: &str, to: &str) -> String {
    let dir = place(&ALL);
    let path = dir.path().join("fma_metadata").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let error = index(&corpus(75, 1), dir.path(), None, &OPTIONS).unwrap_err().to_string();
    assert!(error.contains(&format!("fma_metadata/{file}: ")), "{error}");
    error
}

#[test]
fn wrong_tables_are_told_by_file_line_and_column() {
    let cases = [
        ("echonest.csv", "\n200,", "\n2oo,", "column 'track_id': found '2oo', expected a track's number"),
        ("echonest.csv", ",0.6,", ",1.6,", "line 13, column 'echonest/audio_features/valence': found '1.6', expected a number from 0 to 1"),
        ("echonest.csv", ",0.6,", ",NaN,", "found 'NaN', expected a number from 0 to 1"),
        ("echonest.csv", "\n141,", "\n140,", "line 7, column 'track_id': found '140', expected each track once"),
        ("echonest.csv", "valence,", "valency,", "column 'echonest/audio_features/valence': found no such column among 29"),
        ("echonest.csv", "track_id", "140", "line 4, column '': found '140', expected 'track_id' below 3 rows of names"),
        ("tracks.csv", "track_id", "id", "line 3, column '': found 'id', expected 'track_id' below 2 rows of names"),
        (
            "tracks.csv",
            "\"[12, 45, 53]\"",
            "\"[12, 45\"",
            "line 12, column 'track/genres_all': found '[12, 45', expected genre ids as '[21, 5]'",
        ),
        ("tracks.csv", "large", "huge", "column 'set/subset': found 'huge', expected small, medium, large or nothing"),
        ("tracks.csv", "\n141,", "\n140,", "column 'track_id': found '140', expected each track once"),
        ("tracks.csv", ",license,", ",licence,", "column 'track/license': found no such column among 53"),
        ("genres.csv", "Reggae - Dub", "Reggae", "column 'title': found 'Reggae' for genre 79, expected 'Reggae - Dub'"),
        ("genres.csv", "\n31,", "\n32,", "column 'genre_id': found no genre 31, expected 'Metal'; correct the corpus file's entry Metal"),
        ("genres.csv", "31,1,12,", "31,1,13,", "found genre 31 below genre 13, which is not in the file"),
        ("genres.csv", "12,3,0,", "12,3,31,", "below itself, expected a tree"),
        ("genres.csv", "\n31,", "\nx,", "is the file whole?"),
        ("genres.csv", "parent", "above", "missing field `parent`"),
    ];
    for (file, from, to, expected) in cases {
        let found = complaint(file, from, to);
        assert!(found.contains(expected), "{found}\n{expected}");
    }
}

#[test]
fn missing_and_torn_tables() {
    for file in FILES {
        let dir = place(&ALL);
        let path = dir.path().join("fma_metadata").join(file);
        let text = fs::read_to_string(&path).unwrap();
        let complaint = || index(&corpus(75, 1), dir.path(), None, &OPTIONS).unwrap_err().to_string();
        // In the middle of the last row, of the header, and before it.
        for cut in [text.trim_end().rfind('\n').unwrap() + 4, text.find('\n').unwrap() / 2, 0] {
            fs::write(&path, &text[..cut]).unwrap();
            let error = complaint();
            assert!(error.contains(file), "{file} cut at {cut}: {error}");
        }
        fs::write(&path, [b'a', 0xff, b'\n']).unwrap();
        assert!(complaint().contains(file));
        fs::remove_file(&path).unwrap();
        assert!(complaint().ends_with("unpack the metadata archive under the corpus root"), "{}", complaint());
    }
}

#[test]
fn a_corpus_file_that_cannot_be() {
    let complaint = |from: &str, to: &str| {
        assert!(FMA.contains(from), "{from}");
        CorpusFile::parse(&FMA.replacen(from, to, 1), Path::new("corpus.toml")).unwrap_err().to_string()
    };
    assert!(complaint("per_genre = 75", "per_genre = 0").contains("key 'fma.per_genre': found 0, expected at least 1"));
    assert!(complaint("happy_from = 0.6", "happy_from = 0.3").contains("expected 0 < sad_below < happy_from <= 1"));
    assert!(complaint("id = 5,", "id = 3,").contains("key 'fma.genres': found Classical (3) twice"));
    assert!(complaint("\"fma_large\"", "\"../fma_large\"").contains("expected folders inside the corpus root"));
    assert!(complaint("e65cfe", "e65cf").contains("expected 40 hexadecimal digits"));
    assert!(complaint("kind = \"fma\"", "kind = \"folders\"").contains("key 'fma': found a table, expected none"));
    assert!(complaint("subset = \"large\"", "subset = \"full\"").contains("unknown variant `full`"));
}
