//! The corpus as its readers meet it: files, tables, and the promise of the same bytes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use segno_synth::{AudioFormat, PlantedHow, SynthError, SynthSpec, SynthTrack, render};
use sha2::{Digest, Sha256};

fn small() -> SynthSpec {
    SynthSpec { tracks_per_genre: 3, seconds: 1.5, sample_rate_hz: 8000, seed: 7 }
}

/// SHA-256 over the names and bytes of everything below `dir`.
fn digest(dir: &Path, tracks: &[SynthTrack]) -> String {
    let mut paths: Vec<&str> = tracks.iter().map(|track| track.path.as_str()).collect();
    paths.extend(["tracks.csv", "planted.csv", "synth.stamp"]);
    let mut hash = Sha256::new();
    for path in paths {
        hash.update(path.as_bytes());
        hash.update(fs::read(dir.join(path)).unwrap());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn render_on(n_threads: usize, spec: &SynthSpec) -> String {
    let dir = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
    let tracks = pool.install(|| render(dir.path(), spec, |_| {})).unwrap();
    digest(dir.path(), &tracks)
}

#[test]
fn bytes_are_the_same_for_any_number_of_threads_and_on_any_machine() {
    // Changes only with CORPUS_VERSION in src/stamp.rs: old corpora are then rendered anew.
    let expected = "eaaa45c3fa27231eb539d51b20d723d5c5a507896a5ca613a50984ce2945cd64";
    assert_eq!(render_on(1, &small()), expected);
    assert_eq!(render_on(3, &small()), expected);
    assert_ne!(render_on(1, &SynthSpec { seed: 8, ..small() }), expected);
}

#[test]
fn tables_and_files_agree() {
    let dir = tempfile::tempdir().unwrap();
    let calls = AtomicUsize::new(0);
    let tracks = render(dir.path(), &small(), |done| {
        assert!((1..=30).contains(&done));
        calls.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    assert_eq!(calls.into_inner(), 30);
    assert_eq!(tracks.len(), 30);

    let table = fs::read_to_string(dir.path().join("tracks.csv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("track_id,path,genre,mood,artist,title,duplicate_of"));
    for (line, track) in lines.by_ref().zip(&tracks) {
        let start = format!("{},{},{},{},{},", track.track_id, track.path, track.genre, track.mood.as_str(), track.artist);
        assert!(line.starts_with(&start), "{line}");
        assert!(line.ends_with(&format!(",{}", track.duplicate_of().unwrap_or_default())), "{line}");
    }
    assert_eq!(lines.next(), None);

    let genres: BTreeSet<&str> = tracks.iter().map(|track| track.genre).collect();
    let formats: BTreeSet<&str> = tracks.iter().map(|track| track.format.extension()).collect();
    let ids: BTreeSet<&str> = tracks.iter().map(|track| track.track_id.as_str()).collect();
    assert_eq!((genres.len(), formats.len(), ids.len()), (10, 4, 30));
    assert!(AudioFormat::ALL.iter().all(|format| tracks.iter().any(|track| track.format == *format)));
}

#[test]
fn every_file_opens_as_what_its_name_says() {
    let dir = tempfile::tempdir().unwrap();
    let mut channel_counts = BTreeSet::new();
    for track in render(dir.path(), &small(), |_| {}).unwrap() {
        let file = fs::read(dir.path().join(&track.path)).unwrap();
        let big = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
        let little = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        let (n_channels, bytes_per_sample) = match track.format {
            AudioFormat::Wav16 | AudioFormat::Wav24 | AudioFormat::WavFloat32 => {
                assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
                assert_eq!(little(4) as usize + 8, file.len());
                assert_eq!(little(24), 8000);
                (u32::from(file[22]), u32::from(file[34]) / 8)
            }
            AudioFormat::Au16 => {
                assert_eq!(&file[..4], b".snd");
                assert_eq!((big(4) + big(8)) as usize, file.len());
                assert_eq!(big(16), 8000);
                (big(20), 2)
            }
            AudioFormat::Aiff16 => {
                assert_eq!((&file[..4], &file[8..16]), (&b"FORM"[..], &b"AIFFCOMM"[..]));
                assert_eq!(big(4) as usize + 8, file.len());
                assert_eq!(big(22), 12_000);
                (u32::from(file[21]), 2)
            }
            AudioFormat::Flac16 => {
                assert_eq!(&file[..4], b"fLaC");
                assert_eq!(big(18) >> 12, 8000);
                assert_eq!(big(22), 12_000);
                channel_counts.insert((big(18) >> 9 & 7) + 1);
                continue;
            }
            other => panic!("{other:?} is not checked"),
        };
        channel_counts.insert(n_channels);
        let data_bytes = (12_000 * n_channels * bytes_per_sample) as usize;
        assert!((data_bytes + 24..data_bytes + 200).contains(&file.len()), "{}: {} bytes", track.path, file.len());
        let tail = &file[file.len() - data_bytes..];
        assert!(tail.iter().any(|&byte| byte != tail[0]), "{} is silent", track.path);
    }
    assert_eq!(channel_counts, BTreeSet::from([1, 2]));
}

#[test]
fn planted_duplicates_are_what_the_table_says() {
    let dir = tempfile::tempdir().unwrap();
    let tracks = render(dir.path(), &small(), |_| {}).unwrap();
    let mut expected = String::from("track_id,duplicate_of,how\n");
    let mut hows = Vec::new();
    for track in &tracks {
        let Some(planted) = &track.planted else { continue };
        let original = tracks.iter().find(|other| other.track_id == planted.of).unwrap();
        assert!(original.planted.is_none());
        assert_eq!((original.genre, &original.artist, &original.title), (track.genre, &track.artist, &track.title));
        let bytes = |track: &SynthTrack| fs::read(dir.path().join(&track.path)).unwrap();
        assert_eq!(bytes(track) == bytes(original), planted.how == PlantedHow::Copy, "{}", track.track_id);
        assert_eq!(track.duplicate_of().is_some(), planted.how == PlantedHow::Copy);
        expected.push_str(&format!("{},{},{}\n", track.track_id, planted.of, planted.how.as_str()));
        hows.push(planted.how);
    }
    assert_eq!(hows.iter().filter(|how| **how == PlantedHow::Copy).count(), 3);
    assert_eq!(hows.len(), 5);
    assert_eq!(fs::read_to_string(dir.path().join("planted.csv")).unwrap(), expected);
}

#[test]
fn a_whole_corpus_is_left_alone_and_a_broken_one_is_made_whole() {
    let dir = tempfile::tempdir().unwrap();
    let tracks = render(dir.path(), &small(), |_| {}).unwrap();
    let before = digest(dir.path(), &tracks);
    let first = dir.path().join(&tracks[0].path);
    let written = fs::metadata(&first).unwrap().modified().unwrap();

    assert_eq!(render(dir.path(), &small(), |_| {}).unwrap(), tracks);
    assert_eq!(fs::metadata(&first).unwrap().modified().unwrap(), written);

    fs::write(&first, b"cut short").unwrap();
    render(dir.path(), &small(), |_| {}).unwrap();
    assert_eq!(digest(dir.path(), &tracks), before);
}

#[test]
fn another_specification_leaves_no_file_of_the_old_corpus_and_every_file_of_others() {
    let dir = tempfile::tempdir().unwrap();
    let old = render(dir.path(), &small(), |_| {}).unwrap();
    let own = dir.path().join("audio/chorale/mine.txt");
    fs::write(&own, "notes").unwrap();
    let new = render(dir.path(), &SynthSpec { tracks_per_genre: 2, ..small() }, |_| {}).unwrap();
    let kept: BTreeSet<&str> = new.iter().map(|track| track.path.as_str()).collect();
    for track in &old {
        assert_eq!(dir.path().join(&track.path).exists(), kept.contains(track.path.as_str()), "{}", track.path);
    }
    assert!(own.exists());
}

#[test]
fn files_of_others_are_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tracks.csv"), "mine").unwrap();
    let error = render(dir.path(), &small(), |_| {}).unwrap_err();
    assert!(matches!(error, SynthError::Foreign { .. }), "{error}");
    assert!(error.to_string().contains("tracks.csv"), "{error}");
    assert_eq!(fs::read_to_string(dir.path().join("tracks.csv")).unwrap(), "mine");
}

#[test]
fn a_specification_out_of_range_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let refusal = |spec| render(dir.path(), &spec, |_| {}).unwrap_err().to_string();
    assert!(refusal(SynthSpec { tracks_per_genre: 0, ..small() }).contains("tracks_per_genre is 0"));
    assert!(refusal(SynthSpec { seconds: f64::NAN, ..small() }).contains("seconds is NaN"));
    assert!(refusal(SynthSpec { sample_rate_hz: 4000, ..small() }).contains("expected 8000 to 192000"));
}
