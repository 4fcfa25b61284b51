//! Files good, short, silent and broken, through `embed` and `predict`, with a network of chance: what it says means nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use segno_dataset::{ShardSet, Sheet};
use segno_features::{EXTRACTOR_VERSION, PatchSpec};
use segno_models::{
    Backbone, BackboneCard, NamedTensor,
    musicnn::{Collection, LICENCE, shapes},
};

use super::{RATE_HZ, signal};

fn chance() -> Backbone {
    chance_of(0)
}

/// Small parameters of every shape, and variances of 1; another draw is another network of the same name.
pub fn chance_of(draw: usize) -> Backbone {
    let tensor = |(index, (name, shape)): (usize, (String, Vec<usize>))| {
        let n: usize = shape.iter().product();
        let scale = if name.ends_with("kernel") { 2.0 / (n as f32 / shape[shape.len() - 1] as f32).sqrt() } else { 0.1 };
        let value = |i: usize| ((i * 7919 + (index + draw) * 104_729) % 2003) as f32 / 1001.5 - 1.0;
        let of_name = |i: usize| if name.ends_with("variance") { 1.0 } else { scale * value(i) };
        NamedTensor { values: (0..n).map(of_name).collect(), name: name.clone(), shape }
    };
    let card = BackboneCard {
        schema: 1,
        collection: Collection::Msd,
        source: "chance".into(),
        source_sha256: String::new(),
        licence: LICENCE.into(),
        tags: Collection::Msd.tags().map(str::to_owned).to_vec(),
        patches: serde_json::to_value(PatchSpec::musicnn()).unwrap(),
        extractor_version: EXTRACTOR_VERSION.into(),
    };
    Backbone { card, weights: shapes().into_iter().enumerate().map(tensor).collect() }
}

pub fn wav(path: &Path, samples: &[f32]) {
    fs::write(path, super::wav::wav(RATE_HZ, samples.iter().map(|sample| (sample * 32_767.0) as i16))).unwrap();
}

/// A folder with a model of chance and files of every kind.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    chance().write(&at.join("m.safetensors")).unwrap();
    fs::create_dir_all(at.join("music/more")).unwrap();
    wav(&at.join("music/good.wav"), &signal("chord"));
    wav(&at.join("music/more/short.wav"), &signal("beats")[..RATE_HZ as usize]);
    wav(&at.join("music/click.wav"), &signal("beats")[..300]);
    wav(&at.join("music/silence.wav"), &vec![0.0; 4 * RATE_HZ as usize]);
    fs::write(at.join("music/broken.wav"), b"RIFF no such thing").unwrap();
    fs::write(at.join("music/notes.txt"), b"no audio by its name").unwrap();
    (folder, at)
}

/// Runs a line in a folder, with the folder's own library; status, standard output and error.
pub fn segno(at: &Path, line: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
    let output = command.current_dir(at).env("SEGNO_HOME", at.join("home")).args(line.split(' ')).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_cannot_be_heard_is_named_and_the_rest_embedded() {
    let (_folder, at) = folder();
    let line = "embed --model m.safetensors --out e --json music";
    let (status, out, told) = segno(&at, line);
    assert_eq!(status, Some(0), "{told}");
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&said["tracks"], &said["failures"], &said["repeated"], &said["parts_written"]),
        (&2.into(), &3.into(), &1.into(), &1.into())
    );
    for part in ["music/silence.wav: silence", "music/broken.wav", "music/click.wav", "music/more/short.wav: shorter than a patch"] {
        assert!(told.contains(part), "expected '{part}' in: {told}");
    }
    let shards = ShardSet::open(at.join("e").as_path()).unwrap();
    assert_eq!(shards.shape(), [1, 200]);
    assert!(shards.header().feature_spec_json.contains(&chance().digest()));
    let rows = shards.load(&["files:music/good.wav#0"]).unwrap();
    assert!(rows.iter().any(|value| *value != 0.0) && rows.iter().all(|value| value.is_finite()));
    let (status, _, told) = segno(&at, "embed --model m.safetensors --out e --layer logits music/good.wav");
    assert!(status == Some(1) && told.contains("take another folder") && told.contains("penultimate") && told.contains("logits"), "{told}");
    // A second run has nothing to do, and another layer is another table.
    let (_, out, _) = segno(&at, line);
    assert!(out.contains("\"parts_written\":0"), "{out}");
    let (status, _, _) = segno(&at, "embed --model m.safetensors --out l --layer logits --pool mean-sd music/good.wav");
    assert_eq!((status, ShardSet::open(at.join("l").as_path()).unwrap().shape()), (Some(0), [1, 100]));
}

#[test]
fn parts_are_the_same_on_any_number_of_threads_and_a_missing_one_alone_is_written_new() {
    let (_folder, at) = folder();
    fs::create_dir(at.join("many")).unwrap();
    // Three parts of up to 64 tracks; most tracks are too short for an answer, which is soon told.
    let beats = signal("beats");
    for n in 0..130 {
        let length = if n % 20 == 7 || n == 129 { RATE_HZ as usize } else { 300 };
        wav(&at.join(format!("many/{n:03}.wav")), &beats[100 * n..][..length]);
    }
    let parts = |folder: &str| {
        let files = (0..3).map(|part| at.join(format!("{folder}/part-{part:05}.parquet")));
        files.map(|file| (fs::read(&file).unwrap(), fs::metadata(&file).unwrap().modified().unwrap())).collect::<Vec<_>>()
    };
    let bytes = |folder: &str| parts(folder).into_iter().map(|(bytes, _)| bytes).collect::<Vec<_>>();
    for threads in ["1", "2"] {
        let line = format!("embed --model m.safetensors --out e{threads} many");
        let output = Command::new(env!("CARGO_BIN_EXE_segno"))
            .current_dir(&at)
            .args(line.split(' '))
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let before = parts("e1");
    assert!(bytes("e1") == bytes("e2"), "one thread and two write other bytes");
    assert_eq!(ShardSet::open(at.join("e1").as_path()).unwrap().clips().len(), 8);
    fs::remove_file(at.join("e1/part-00001.parquet")).unwrap();
    let (status, out, told) = segno(&at, "embed --model m.safetensors --out e1 --json many");
    assert!(status == Some(0) && out.contains("\"parts_written\":1"), "{out}{told}");
    let after = parts("e1");
    assert!(after[0] == before[0] && after[2] == before[2], "parts that are there are let be");
    assert!(after[1].0 == before[1].0, "the missing part is as it was");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_left_out_aloud() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let (_folder, at) = folder();
    fs::create_dir(at.join("bad")).unwrap();
    fs::copy(at.join("music/good.wav"), at.join("bad").join(OsStr::from_bytes(b"\xff\xfe.wav"))).unwrap();
    let (status, _, told) = segno(&at, "embed --model m.safetensors --out e bad");
    assert!(status == Some(1) && told.contains("no audio file"), "{told}");
    fs::copy(at.join("music/good.wav"), at.join("bad/good.wav")).unwrap();
    let (status, _, told) = segno(&at, "embed --model m.safetensors --out e bad");
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("left out: bad/") && told.contains("its name is not unicode"), "{told}");
    assert_eq!(ShardSet::open(at.join("e").as_path()).unwrap().clips().len(), 1);
    let (status, out, told) = segno(&at, "map e --out map.html");
    assert!(status == Some(0) && out.contains("map: 1 tracks"), "{out}{told}");
}

#[test]
fn tags_are_likelihoods_and_a_file_without_an_answer_fails_alone() {
    let (_folder, at) = folder();
    let (status, out, told) = segno(&at, "predict --model m.safetensors --json music");
    assert_eq!(status, Some(1));
    assert!(told.contains("3 of 5 files have no answer") && told.contains("silence"), "{told}");
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // One without an answer has the reason in its place.
    let (lines, failed): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.get("failed").is_none());
    assert_eq!((lines.len(), failed.len()), (2, 3));
    assert!(failed.iter().any(|line| line["file"] == "music/silence.wav" && line["failed"].as_str().unwrap().contains("silence")));
    for line in &lines {
        let tags = line["tasks"]["tags"].as_object().unwrap();
        assert!(tags.len() == 50 && tags.values().all(|tag| (0.0..=1.0).contains(&tag.as_f64().unwrap())));
    }
    assert_eq!(lines[1]["note"], "shorter than 3 s: repeated up to it");
}

/// Tone, ten seconds of nothing, tone: a patch within the nothing has no answer over time, in no form; the file's mean takes all patches.
#[test]
fn a_silent_moment_has_no_answer_over_time() {
    let (_folder, at) = folder();
    let tone = signal("chord").repeat(2);
    wav(&at.join("pause.wav"), &[&tone[..6 * RATE_HZ as usize], &vec![0.0; 10 * RATE_HZ as usize], &tone[..6 * RATE_HZ as usize]].concat());
    let line = |rest: &str| format!("predict --model m.safetensors --timeline {rest} pause.wav");
    let (status, out, told) = segno(&at, &line("--json"));
    assert_eq!(status, Some(0), "{told}");
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    let timeline = said["timeline"].as_array().unwrap();
    // Patches of 2.992 s: those from 8.976 to 14.96 s are silent from end to end.
    let silent: Vec<bool> = timeline.iter().map(|moment| moment.get("failed").is_some()).collect();
    assert_eq!(silent, [false, false, false, true, true, false, false]);
    for (moment, is_silent) in timeline.iter().zip(&silent) {
        assert_eq!(moment.get("tasks").is_none(), *is_silent, "{moment}");
        assert!(!is_silent || moment["failed"].as_str().unwrap().starts_with("silence: no sample is louder"), "{moment}");
    }
    let (_, whole, _) = segno(&at, "predict --model m.safetensors --json pause.wav");
    let whole: serde_json::Value = serde_json::from_str(&whole).unwrap();
    assert_eq!((&whole["tasks"], &whole["clips"]), (&said["tasks"], &7.into()), "the mean knows nothing of the timeline");
    let (_, table, _) = segno(&at, &line("--format table"));
    let lines: Vec<&str> = table.lines().skip(2).collect();
    assert!(lines.iter().zip(&silent).all(|(line, is_silent)| line.contains("no answer: silence: no sample") == *is_silent), "{table}");
    assert!(lines[3].starts_with("  0:09.0 to 0:12.0") && lines.len() == 7, "{table}");
    // Both flat forms: the reason stands under `failed`, and no tag has a number.
    let (_, csv, _) = segno(&at, &line("--format csv"));
    fs::write(at.join("out.csv"), csv).unwrap();
    assert_eq!(segno(&at, &line("--format parquet --out out.parquet")).0, Some(0));
    for sheet in [Sheet::read_csv(&at.join("out.csv")), Sheet::read_parquet(&at.join("out.parquet"))].map(Result::unwrap) {
        let text = |name: &str, row: usize| sheet.text(sheet.columns.iter().position(|(known, _)| known == name).unwrap(), row);
        assert_eq!(sheet.rows(), 8, "the file, and seven stretches");
        assert!(text("failed", 0).is_empty());
        for (row, is_silent) in (1..).zip(&silent) {
            assert_eq!((text("failed", row).contains("silence"), text("tag:rock", row).is_empty()), (*is_silent, *is_silent), "row {row}");
        }
    }
    // From the journal the second run says the same.
    let (before, _) = (fs::read(at.join("out.parquet")).unwrap(), fs::remove_file(at.join("out.parquet")).unwrap());
    let (_, _, told) = segno(&at, &line("--format parquet --out out.parquet"));
    assert!(told.contains("0 of them heard now") && fs::read(at.join("out.parquet")).unwrap() == before, "{told}");
}

#[test]
fn a_tag_is_explained_by_what_it_loses_with_each_cell() {
    let (_folder, at) = folder();
    let (code, out, err) = segno(&at, "explain music/more/short.wav --model m.safetensors --class jazz --json --out e.svg");
    assert_eq!(code, Some(0), "{err}");
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(told["answer"].as_str().unwrap().starts_with("tag: jazz "), "{told}");
    let (_, said, _) = segno(&at, "predict --model m.safetensors --json music/more/short.wav");
    let likelihood = serde_json::from_str::<serde_json::Value>(&said).unwrap()["tasks"]["tags"]["jazz"].as_f64().unwrap();
    let found = told["faithfulness"]["map"]["deletion"][0].as_f64().unwrap();
    assert!((found - likelihood).abs() < 1e-6, "{found} in place of {likelihood}");
    let drawn = fs::read_to_string(at.join("e.svg")).unwrap();
    // One patch of 24 cells; mel bands reach 8 kHz.
    assert!(drawn.contains("each of 24 cells alone") && drawn.contains(">4 kHz<"), "{drawn:.3000}");
    let (code, _, err) = segno(&at, "explain music/silence.wav --model m.safetensors --out s.svg");
    assert!(code == Some(1) && err.contains("silence") && !at.join("s.svg").exists(), "{err}");
}

#[test]
fn the_track_that_sounds_the_same_is_the_nearest() {
    let (_folder, at) = folder();
    fs::copy(at.join("music/good.wav"), at.join("music/again.wav")).unwrap();
    fs::copy(at.join("music/good.wav"), at.join("new.wav")).unwrap();
    assert_eq!(segno(&at, "embed --model m.safetensors --out lib music").0, Some(0));
    let (code, out, err) = segno(&at, "similar music/good.wav --in lib --playlist like.m3u8");
    assert_eq!(code, Some(0), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], " 1.000  music/again.wav");
    assert!(lines.len() == 2 && lines[1].ends_with("  music/more/short.wav"), "{out}");
    let [again, short] = ["music/again.wav", "music/more/short.wav"].map(|name| at.canonicalize().unwrap().join(name));
    let expected = format!("#EXTM3U\n#EXTINF:3,again\n{}\n#EXTINF:1,short\n{}\n", again.display(), short.display());
    assert_eq!(fs::read_to_string(at.join("like.m3u8")).unwrap(), expected, "a playlist may lie anywhere");
    // A file that is not in the library is listened to.
    let (_, out, err) = segno(&at, "similar new.wav --in lib --model m.safetensors -n 2 --json");
    let told: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    assert_eq!((&told["of_library"], &told["tracks"]), (&false.into(), &3.into()));
    assert_eq!((&told["nearest"][0]["track"], &told["nearest"][1]["track"]), (&"music/again.wav".into(), &"music/good.wav".into()));
    let (code, _, err) = segno(&at, "similar gone.wav --in lib");
    assert!(code == Some(1) && err.contains("gone.wav: neither a track of lib (3 of them) nor a file"), "{err}");
    let (code, _, err) = segno(&at, "similar new.wav --in music");
    assert!(code == Some(1) && err.contains("music: no library of embeddings"), "{err}");
}

/// A tagger is sure of nothing: its tags are written from a likelihood on that a person names, into a field of their own.
#[test]
fn tags_are_written_and_listed_from_a_likelihood_on() {
    let (_folder, at) = folder();
    for flag in ["--write-tags", "--playlist lists"] {
        let (code, _, err) = segno(&at, &format!("predict --model m.safetensors {flag} music/good.wav"));
        assert!(code == Some(1) && err.contains("answers nothing for sure") && err.contains("--min-likelihood"), "{err}");
    }
    let (_, said, _) = segno(&at, "predict --model m.safetensors --json music/good.wav");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let tags = said["tasks"]["tags"].as_object().unwrap();
    let mut likely: Vec<(f64, &str)> = tags.iter().map(|(tag, value)| (value.as_f64().unwrap(), tag.as_str())).collect();
    likely.sort_by(|a, b| b.0.total_cmp(&a.0));
    let least = f64::midpoint(likely[2].0, likely[3].0);
    let line = format!("predict --model m.safetensors --write-tags --apply --min-likelihood {least} --playlist lists music/good.wav");
    let (code, out, err) = segno(&at, &line);
    assert!(code == Some(0) && err.contains("playlists: 3 in lists"), "{err}");
    assert!(out.contains("SEGNO_TAGS        nothing → "), "{out}");
    let written = segno_tags::Tagged::read(&at.join("music/good.wav")).unwrap();
    let expected: Vec<&str> = likely[..3].iter().map(|(_, tag)| *tag).collect();
    assert_eq!(written.values(&segno_tags::Field::own("segno_tags")), expected);
    assert!(written.values(&segno_tags::Field::own("segno_tags_model"))[0].starts_with("m "));
    assert!(written.values(&segno_tags::Field::Genre).is_empty());
    assert!(expected.iter().all(|tag| at.join(format!("lists/tags - {tag}.m3u8")).is_file()));
}
