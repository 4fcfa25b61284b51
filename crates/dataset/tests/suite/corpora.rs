//! Corpora as they are declared in `datasets/`, and as they lie on a disk.

use std::{collections::BTreeMap, fs, path::Path};

use segno_dataset::{CorpusFile, CorpusKind, DatasetError, IndexOptions, Manifest, Part, Protocol, digest_bytes, index};

use crate::world;

const GTZAN: &str = segno_corpora::GTZAN.declaration;
const GTZAN_TRACKS: Option<&str> = segno_corpora::GTZAN.facts;
const FOUR_Q: &str = segno_corpora::FOUR_Q.declaration;
const SYNTHETIC: &str = segno_corpora::SYNTHETIC.declaration;

const OPTIONS: IndexOptions<'_> = IndexOptions { extensions: &["wav", "mp3"], accept_foreign_bytes: false };
const ANY_BYTES: IndexOptions<'_> = IndexOptions { accept_foreign_bytes: true, ..OPTIONS };

fn corpus(text: &str) -> CorpusFile {
    CorpusFile::parse(text, Path::new("corpus.toml")).unwrap()
}

fn put(root: &Path, path: &str, bytes: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn reason<'a>(manifest: &'a Manifest, track_id: &str) -> &'a str {
    manifest.track(track_id).unwrap().left_out.as_deref().unwrap_or("takes part")
}

#[test]
fn gtzan_facts() {
    let corpus = corpus(GTZAN);
    assert_eq!((corpus.kind, corpus.expected_tracks), (CorpusKind::Gtzan, Some(1000)));
    assert_eq!(corpus.archives.iter().filter(|archive| archive.original && archive.md5.is_some()).count(), 1);
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "genres/blues/blues.00000.wav", "not it");
    let manifest = index(&corpus, dir.path(), GTZAN_TRACKS, &ANY_BYTES).unwrap();
    assert_eq!(manifest.tracks.len(), 1000);
    assert_eq!((manifest.present().count(), manifest.left_out().count()), (1, 999));
    assert!(manifest.track("blues.00000").unwrap().note.as_ref().unwrap().starts_with("checksum differs: found md5:"));
    assert_eq!(reason(&manifest, "rock.00099"), "missing: no file genres/rock/rock.00099.wav");

    let count = |part| manifest.tracks.iter().filter(|track| track.public_split == part).count();
    assert_eq!([Some(Part::Train), Some(Part::Valid), Some(Part::Test), None].map(count), [443, 197, 290, 70]);
    assert_eq!(manifest.tracks.iter().filter(|track| track.artist.is_none()).count(), 17);
    let copies: Vec<_> = manifest.tracks.iter().filter(|track| track.duplicate_of.is_some()).collect();
    assert_eq!(copies.len(), 14);
    for copy in copies {
        let of = manifest.track(copy.duplicate_of.as_ref().unwrap()).unwrap();
        assert_eq!(of.duplicate_of, None, "{} is a copy of a copy", copy.track_id);
    }
    let mut per_genre = BTreeMap::<&str, usize>::new();
    for track in &manifest.tracks {
        *per_genre.entry(&track.labels["genre"]).or_default() += 1;
    }
    assert!(per_genre.into_iter().eq(world::GENRES.map(|genre| (genre, 100))));
}

#[test]
fn gtzan_fault_filtered_is_443_197_290_tracks_for_every_seed() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "genres/blues/blues.00000.wav", "not it");
    let mut manifest = index(&corpus(GTZAN), dir.path(), GTZAN_TRACKS, &ANY_BYTES).unwrap();
    manifest.tracks.iter_mut().for_each(|track| track.left_out = None);
    let clips = world::clips(&manifest, 6);
    assert_eq!(clips.len(), 6000);
    let draw = |protocol, seed| world::draw(protocol, seed, &manifest, &clips).unwrap();
    let split = draw(Protocol::FaultFiltered, 1);
    assert_eq!(Part::ALL.map(|part| split.part(part).count()), [443, 197, 290].map(|tracks| 6 * tracks));
    assert_eq!(split.rows, draw(Protocol::FaultFiltered, 2).rows);
    assert_eq!((split.shared_tracks(), split.shared_recordings(&manifest)), (0, 0));
    // With the fourteen copies kept together, the shares of the tracks hold to the track.
    let split = draw(Protocol::Track, 1);
    assert_eq!(Part::ALL.map(|part| split.part(part).count()), [4200, 600, 1200]);
    assert_eq!(split.shared_recordings(&manifest), 0);
    let split = draw(Protocol::Published, 1);
    assert_eq!(Part::ALL.map(|part| split.part(part).count()), [4200, 600, 1200]);
}

#[test]
fn gtzan_on_disk() {
    // RFC 1321's MD5 of "abc", and FIPS 180-2's SHA-256 of it.
    let facts = "track_id,genre,artist,title,wav_md5,au_sha256,fault_filtered,duplicate_of\n\
        a.0,a,Somebody,\"One, two\",900150983cd24fb0d6963f7d28e17f72,,train,\n\
        a.1,a,,,,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad,,a.0\n\
        a.2,a,,,00000000000000000000000000000000,,,\n\
        a.3,a,,,900150983cd24fb0d6963f7d28e17f72,,,\n";
    for folder in ["genres/", "genres_original/", ""] {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), &format!("{folder}a/a.0.wav"), "abc");
        put(dir.path(), &format!("{folder}a/a.0.au"), "the .wav is preferred");
        put(dir.path(), &format!("{folder}a/a.1.au"), "abc");
        put(dir.path(), &format!("{folder}a/a.2.wav"), "abc");
        let manifest = index(&corpus(GTZAN), dir.path(), Some(facts), &OPTIONS).unwrap();
        let present: Vec<&str> = manifest.present().map(|track| track.path.as_str()).collect();
        assert_eq!(present, [format!("{folder}a/a.0.wav"), format!("{folder}a/a.1.au")]);
        assert_eq!(
            reason(&manifest, "a.2"),
            "checksum differs: found md5:900150983cd24fb0d6963f7d28e17f72, expected md5:00000000000000000000000000000000"
        );
        assert_eq!(reason(&manifest, "a.3"), "missing: no file genres/a/a.3.wav");
        let track = manifest.track("a.0").unwrap();
        assert_eq!(track.title.as_deref(), Some("One, two"));
        assert_eq!(track.checksum.as_deref(), Some("md5:900150983cd24fb0d6963f7d28e17f72"));
        let foreign = index(&corpus(GTZAN), dir.path(), Some(facts), &ANY_BYTES).unwrap();
        assert_eq!(reason(&foreign, "a.2"), "takes part");
        assert_ne!(foreign.digest(), manifest.digest());
    }
    let dir = tempfile::tempdir().unwrap();
    let error = index(&corpus(GTZAN), dir.path(), Some(facts), &OPTIONS).unwrap_err();
    assert!(matches!(error, DatasetError::NoAudio { .. }), "{error}");
    assert!(error.to_string().contains("expected genres/blues/blues.00000.wav"), "{error}");
    let error = index(&corpus(GTZAN), dir.path(), None, &OPTIONS).unwrap_err().to_string();
    assert!(error.contains("expected the text of tracks.csv"), "{error}");
    let error = index(&corpus(GTZAN), dir.path(), Some("track_id,genre\n"), &OPTIONS).unwrap_err().to_string();
    assert_eq!(error, "track table of corpus gtzan, line 1: found the columns track_id, genre, expected a column 'artist'");
}

#[test]
fn class_folders() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    put(root, "rock/z.wav", "one");
    put(root, "rock/disc 1/a.MP3", "two");
    put(root, "rock/cover.jpg", "no audio");
    put(root, "jazz/ä.wav", "one");
    put(root, "rock/.hidden.wav", "hidden");
    put(root, ".trash/b.wav", "hidden");
    put(root, "loose.wav", "in no class");
    let manifest = index(&CorpusFile::folders("mine"), root, None, &OPTIONS).unwrap();
    let tracks: Vec<(&str, &str)> = manifest.tracks.iter().map(|t| (t.path.as_str(), t.labels["genre"].as_str())).collect();
    assert_eq!(tracks, [("jazz/ä.wav", "jazz"), ("rock/disc 1/a.MP3", "rock"), ("rock/z.wav", "rock")]);
    assert_eq!(manifest.tracks[2].duplicate_of.as_deref(), Some("jazz/ä.wav"));
    assert_eq!(manifest.tracks[1].checksum, Some(format!("sha256:{}", digest_bytes(b"two"))));
    let empty = tempfile::tempdir().unwrap();
    let error = index(&CorpusFile::folders("mine"), empty.path(), None, &OPTIONS).unwrap_err().to_string();
    assert!(error.contains("found no audio of corpus mine, expected <class>/…/<name>.{wav,mp3}"), "{error}");
}

#[test]
fn csv_table() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "audio/1.wav", "one");
    put(dir.path(), "audio/2.wav", "two");
    let table = "track_id,path,genre,mood,artist,title,duplicate_of\n\
        t1,audio/1.wav,waltz,,The Band,\"Two\nlines, \"\"quoted\"\"\",\n\
        t2,audio/2.wav,march,sad,,,t1\n\
        t3,audio/3.wav,march,sad,,,\n";
    put(dir.path(), "tracks.csv", &format!("\u{feff}{table}"));
    let corpus = corpus(SYNTHETIC);
    let manifest = index(&corpus, dir.path(), None, &OPTIONS).unwrap();
    assert_eq!(manifest, index(&corpus, dir.path(), Some(table), &OPTIONS).unwrap());
    let track = manifest.track("t1").unwrap();
    assert_eq!(track.title.as_deref(), Some("Two\nlines, \"quoted\""));
    assert_eq!(track.labels, [("genre".to_owned(), "waltz".to_owned())].into());
    assert_eq!(manifest.track("t2").unwrap().duplicate_of.as_deref(), Some("t1"));
    assert_eq!(reason(&manifest, "t3"), "missing: no file audio/3.wav");
    let complaint = |row: &str| {
        let table = format!("track_id,path,genre,mood,artist,title,duplicate_of\n{row}\n");
        index(&corpus, dir.path(), Some(&table), &OPTIONS).unwrap_err().to_string()
    };
    assert!(complaint("t1,../1.wav,,,,,").contains("line 2: found path '../1.wav', expected one inside the corpus root"));
    assert!(complaint("t1,/etc/1.wav,,,,,").contains("expected one inside the corpus root"));
    assert!(complaint(",1.wav,,,,,").contains("line 2: found an empty 'track_id', expected a value"));
    assert!(complaint("t1,1.wav").contains("track table of corpus synthetic: "));
    assert!(complaint("t1,1.wav,,,,,\nt1,2.wav,,,,,").contains("track 't1' is there twice"));
    assert!(complaint("t1,9.wav,,,,,").contains("(t1: missing: no file 9.wav)"));
}

#[test]
fn four_q_table() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["MT1", "MT2", "MT3"] {
        put(dir.path(), &format!("audio/{name}.mp3"), "abc");
    }
    // FIPS 180-2's SHA-256 of "abc" and RFC 1321's MD5 of it, as digits alone and with their kind.
    let (sha256, md5) = ("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "900150983cd24fb0d6963f7d28e17f72");
    let table = |last: &str| {
        format!(
            "track_id,file,artist,title,genre,quadrant,moods,sha256\n\
             MT1,audio/MT1.mp3,Gipsy Kings,\"One, two\",Jazz,Q1,Fiery; Sexy,{sha256}\n\
             MT2,audio/MT2.mp3,gipsy kings ,,Jazz,Q4,,md5:{md5}\n\
             MT3,audio/MT3.mp3,,,Blues,Q3,,{last}\n"
        )
    };
    put(dir.path(), "tracks.csv", &table(md5));
    let corpus = corpus(FOUR_Q);
    let manifest = index(&corpus, dir.path(), None, &OPTIONS).unwrap();
    assert_eq!((manifest.present().count(), manifest.tasks()), (3, vec!["genre".to_owned(), "quadrant".to_owned()]));
    let track = manifest.track("MT1").unwrap();
    assert_eq!(track.labels, [("genre".to_owned(), "Jazz".to_owned()), ("quadrant".to_owned(), "Q1".to_owned())].into());
    assert_eq!(track.checksum, Some(format!("sha256:{}", sha256.to_lowercase())));
    put(dir.path(), "tracks.csv", &table(&"0".repeat(64)));
    let manifest = index(&corpus, dir.path(), None, &OPTIONS).unwrap();
    assert!(reason(&manifest, "MT3").starts_with("checksum differs: found sha256:ba7816bf"));
    put(dir.path(), "tracks.csv", &table("crc:0"));
    let error = index(&corpus, dir.path(), None, &OPTIONS).unwrap_err().to_string();
    assert!(error.contains("line 4: found checksum 'crc:0', expected an md5 or a sha256 in hexadecimal"), "{error}");
}

#[test]
fn corpus_files_are_held_to_their_keys() {
    let complaint = |text: &str| CorpusFile::parse(text, Path::new("my/corpus.toml")).unwrap_err().to_string();
    let base = "name = \"a\"\ntitle = \"\"\ncitation = \"\"\nlicence = \"\"\n";
    assert!(complaint(&format!("{base}kind = \"folders\"\ngenre = 1\n")).contains("unknown field `genre`"));
    assert!(complaint(&format!("{base}kind = \"zip\"\n")).contains("unknown variant `zip`"));
    assert!(complaint(base).contains("missing field `kind`"));
    assert!(complaint(&format!("{base}kind = \"csv\"\n")).contains("my/corpus.toml: key 'csv': found nothing"));
    assert!(complaint(&format!("{}kind = \"folders\"\n", base.replace("\"a\"", "\"a/b\""))).contains("key 'name': found 'a/b'"));
}
