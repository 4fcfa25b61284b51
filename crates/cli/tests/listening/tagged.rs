//! What was heard, in the files' own tags and in playlists; and the way back.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use segno_audio_io::{LoadOptions, load};
use segno_tags::{Field, Tagged};
use serde_json::Value;

use super::{good, objects, segno, with_head};

/// The head, and `library/` with the held-out tracks that can have tags, and a tone in each kind of file that the corpus does not have.
fn with_library() -> (tempfile::TempDir, PathBuf) {
    let folder = with_head();
    let at = fs::canonicalize(folder.path()).unwrap();
    let library = at.join("library");
    fs::create_dir(&library).unwrap();
    for entry in fs::read_dir(at.join("held-out")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().unwrap() != "au" {
            fs::copy(&path, library.join(path.file_name().unwrap())).unwrap();
        }
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio-io/tests/fixtures");
    for name in ["mono_22050.mp3", "mono_22050.ogg", "stereo_44100.m4a"] {
        fs::copy(fixtures.join(name), library.join(name)).unwrap();
    }
    (folder, at)
}

fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn audio(folder: &Path) -> BTreeMap<PathBuf, Vec<f32>> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), load(&path, &LoadOptions::default()).unwrap().samples)).collect()
}

/// File → class and confidence of those that have an answer.
fn answers(rows: &[Value]) -> BTreeMap<String, (String, f64)> {
    let of = |row: &Value| {
        let genre = &row["answers"]["genre"];
        let file = row["file"].as_str().unwrap().to_owned();
        Some((file, (genre["class"].as_str()?.to_owned(), genre["confidence"].as_f64().unwrap())))
    };
    rows.iter().filter_map(of).collect()
}

#[test]
fn a_dry_run_writes_nothing_apply_writes_what_it_said_and_undo_takes_it_back() {
    let (_folder, at) = with_library();
    let library = at.join("library");
    let (before, sound) = (bytes(&library), audio(&library));
    let expected = answers(&objects(&good(&at, "predict --model mine.safetensors --json library")));
    assert!(expected.len() >= 5 && expected.len() <= before.len() - 2, "the tones are like nothing: {expected:?}");

    let (status, dry, told) = segno(&at, "predict --model mine.safetensors --write-tags library");
    let count = format!("a dry run: {} of {} files would be written", expected.len(), before.len());
    assert!(status == Some(0) && told.contains(&count), "{told}");
    for (file, (class, confidence)) in &expected {
        let said = format!("{file}\n  GENRE                   nothing → {class}\n  SEGNO_GENRE_CONFIDENCE  nothing → {confidence:.2}\n");
        assert!(dry.contains(&said), "expected {said} in {dry}");
    }
    assert!(dry.contains("nothing to write: genre: not sure: unlike all"), "{dry}");
    assert!(bytes(&library) == before && !at.join("segno-undo-1.jsonl").exists(), "a dry run wrote");

    let (status, applied, told) = segno(&at, "predict --model mine.safetensors --write-tags --apply library");
    assert!(status == Some(0) && told.contains("`segno tags undo segno-undo-1.jsonl`"), "{told}");
    assert_eq!(applied, dry, "what is done is what was said");
    assert!(audio(&library) == sound);
    for path in before.keys() {
        let tagged = Tagged::read(path).unwrap();
        let own = |name: &str| tagged.values(&Field::own(name));
        let file = path.strip_prefix(&at).unwrap().to_str().unwrap();
        match expected.get(file) {
            Some((class, confidence)) => {
                assert_eq!(tagged.values(&Field::Genre), std::slice::from_ref(class));
                assert_eq!(own("SEGNO_GENRE_CONFIDENCE"), [format!("{confidence:.2}")]);
                let model = &own("SEGNO_GENRE_MODEL")[0];
                assert!(model.starts_with("mine ") && model.len() == "mine ".len() + 12, "{model}");
            }
            None => assert!(fs::read(path).unwrap() == before[path]),
        }
    }
    let (_, again, told) = segno(&at, "predict --model mine.safetensors --write-tags --apply library");
    assert!(told.contains(&format!("0 of {} files written", before.len())) && again.contains(": as it is"), "{told}");
    assert!(!at.join("segno-undo-2.jsonl").exists());

    let (status, out, told) = segno(&at, "tags undo segno-undo-1.jsonl");
    assert!(status == Some(0) && told.contains(&format!("{0} of {0} files put back", expected.len())), "{told}");
    assert!(out.contains("GENRE  nothing"), "{out}");
    for path in before.keys() {
        assert!(Tagged::read(path).unwrap().values(&Field::Genre).is_empty());
    }
    assert!(audio(&library) == sound);
    assert!(good(&at, "tags undo segno-undo-1.jsonl").contains("as it was already"));
}

/// Killed at any moment, each file is as it was or as it was to be, and what was written down takes all of it back.
#[test]
fn a_kill_leaves_every_file_whole_and_the_way_back_too() {
    let (_folder, at) = with_library();
    let library = at.join("library");
    let before = bytes(&library);
    let tags = |path: &PathBuf| Tagged::read(path).unwrap().items().to_vec();
    let items: Vec<_> = before.keys().map(tags).collect();
    let line = "predict --model mine.safetensors --out out/a.csv --format csv --write-tags --apply library";
    good(&at, line);
    let after = bytes(&library);
    good(&at, "tags undo out/segno-undo-1.jsonl");
    fs::remove_file(at.join("out/segno-undo-1.jsonl")).unwrap();
    let mut killed = 0;
    for round in 0..24 {
        before.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
        good(&at, &line.replace(" --apply", "")); // heard, so that little is to be done but to write
        let mut run = Command::new(env!("CARGO_BIN_EXE_segno"));
        let mut run = run.current_dir(&at).args(line.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(3 * round));
        run.kill().unwrap();
        killed += usize::from(run.wait().unwrap().code().is_none());
        let mut found = bytes(&library);
        found.retain(|path, _| !path.to_str().unwrap().ends_with(".partial"));
        assert!(found.keys().eq(before.keys()));
        assert!(found.iter().all(|(path, bytes)| *bytes == before[path] || *bytes == after[path]));
        let undo = at.join("out/segno-undo-1.jsonl");
        // Without its first line whole, nothing was written yet.
        if fs::read(&undo).is_ok_and(|text| text.contains(&b'\n')) {
            good(&at, "tags undo out/segno-undo-1.jsonl");
        }
        assert!(before.keys().zip(&items).all(|(path, items)| tags(path) == *items));
        let _ = fs::remove_file(undo);
        let left = fs::read_dir(&library).unwrap().map(|entry| entry.unwrap().path());
        left.filter(|path| path.to_str().unwrap().ends_with(".partial")).for_each(|path| fs::remove_file(path).unwrap());
    }
    assert!(killed >= 4, "{killed} of 24 were killed at work");
}

#[test]
fn what_is_there_is_kept_on_request_and_what_cannot_be_written_is_told() {
    let (_folder, at) = with_library();
    let expected = answers(&objects(&good(&at, "predict --model mine.safetensors --json library")));
    let (file, (class, _)) = expected.first_key_value().unwrap();
    let path = at.join(file);
    Tagged::read(&path).unwrap().plan(&[(Field::Genre, vec!["Mine".into()])]).unwrap().write(|_, _| Ok(())).unwrap();
    let line = format!("predict --model mine.safetensors --write-tags --apply --undo-file back.jsonl {file}");
    let (status, out, told) = segno(&at, &format!("{line} --keep"));
    assert!(status == Some(0) && out.contains(": as it is\n  GENRE is kept: Mine") && !at.join("back.jsonl").exists(), "{out}{told}");
    let kept = Tagged::read(&path).unwrap();
    assert!(kept.values(&Field::Genre) == ["Mine"] && kept.values(&Field::own("SEGNO_GENRE_CONFIDENCE")).is_empty());
    let (_, out, _) = segno(&at, &line);
    assert!(out.contains(&format!("Mine → {class}")), "{out}");
    let (status, _, told) = segno(&at, &line);
    assert!(status == Some(1) && told.contains("back.jsonl is there already"), "{told}");
    // Somebody has another opinion since.
    Tagged::read(&path).unwrap().plan(&[(Field::Genre, vec!["Theirs".into()])]).unwrap().write(|_, _| Ok(())).unwrap();
    let (status, _, told) = segno(&at, "tags undo back.jsonl");
    assert!(status == Some(1) && told.contains("GENRE was changed by another program since"), "{told}");
    assert_eq!(Tagged::read(&path).unwrap().values(&Field::Genre), ["Theirs"]);

    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let (status, _, told) = segno(&at, "predict --model mine.safetensors --write-tags --apply library");
    assert!(status == Some(1) && told.contains("the file is read-only") && told.contains("the tags of 1 of"), "{told}");
}

#[test]
fn after_a_table_nothing_is_heard_again_for_the_tags() {
    let (_folder, at) = with_library();
    let line = "predict --model mine.safetensors --format csv --out out/mine.csv --write-tags library";
    let (status, _, told) = segno(&at, line);
    assert!(status == Some(0) && told.contains("a dry run"), "{told}");
    for _ in 0..2 {
        let (status, _, told) = segno(&at, &format!("{line} --apply"));
        assert!(status == Some(0) && told.contains(", 0 of them heard now"), "{told}");
    }
    assert!(at.join("out/segno-undo-1.jsonl").is_file() && !at.join("out/segno-undo-2.jsonl").exists());
}

#[test]
fn a_playlist_a_class_has_what_the_model_is_sure_of() {
    let (_folder, at) = with_library();
    let expected = answers(&objects(&good(&at, "predict --model mine.safetensors --json library")));
    let (status, out, told) = segno(&at, "predict --model mine.safetensors --playlist lists --playlist-by genre library");
    assert!(status == Some(0) && out.starts_with("file") && told.contains("playlists: "), "{told}");
    let mut listed = BTreeMap::new();
    for (path, text) in bytes(&at.join("lists")) {
        let text = String::from_utf8(text).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("#EXTM3U"));
        let lines: Vec<&str> = lines.collect();
        for pair in lines.chunks(2) {
            let file = Path::new(pair[1]).strip_prefix(&at).unwrap();
            assert_eq!(pair[0], format!("#EXTINF:8,{}", file.file_stem().unwrap().display()));
            let class = path.file_stem().unwrap().to_str().unwrap().strip_prefix("genre - ").unwrap().to_owned();
            assert!(listed.insert(file.to_str().unwrap().to_owned(), class).is_none());
        }
    }
    let expected: BTreeMap<String, String> = expected.into_iter().map(|(file, (class, _))| (file, class)).collect();
    assert_eq!(listed, expected);
}

#[test]
fn what_does_not_go_together_is_said_before_anything_is_heard() {
    let (_folder, at) = with_library();
    for (flags, status, expected) in [
        ("--apply", 2, "--write-tags"),
        ("--keep", 2, "--write-tags"),
        ("--write-tags --undo-file a", 2, "--apply"),
        ("--write-tags --mood-task joy", 1, "--mood-task joy: the model has genre"),
        ("--write-tags --mood-task genre", 1, "cannot be the genre and the mood at once"),
        ("--write-tags --json", 1, "name a file for the answers with --out"),
        ("--write-tags --min-likelihood 0.5", 1, "has no tags"),
        ("--playlist lists --playlist-by joy", 1, "--playlist-by joy: the model has genre"),
    ] {
        let (code, _, told) = segno(&at, &format!("predict --model mine.safetensors {flags} library"));
        assert!(code == Some(status) && told.contains(expected), "{flags}: {told}");
    }
    let (code, _, told) = segno(&at, "tags undo mine.safetensors");
    assert!(code == Some(1) && told.contains("no undo file of segno's"), "{told}");
}
