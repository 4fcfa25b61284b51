//! What is written, and what a second run does.

use std::{fs, path::Path, process::Command};

use super::{good, objects, segno, sounds, with_head};

#[test]
fn a_second_run_hears_what_is_new_alone_and_threads_change_nothing() {
    let folder = with_head();
    let at = folder.path();
    fs::write(at.join("held-out/broken.wav"), b"RIFF no such thing").unwrap();
    let line = "predict --model mine.safetensors --format csv --out out/a.csv held-out";
    let (status, _, told) = segno(at, line);
    assert!(status == Some(1) && told.contains("11 files, 11 of them heard now") && told.contains("broken.wav"), "{told}");
    assert!(told.contains("1 of 11 files have no answer"), "{told}");
    let whole = fs::read(at.join("out/a.csv")).unwrap();
    // A kill: the journal ends within a line, and there is no table.
    let journal = at.join("out/a.csv.journal");
    let text = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    fs::write(&journal, format!("{}\n{}", lines[..6].join("\n"), &lines[6][..20])).unwrap();
    fs::remove_file(at.join("out/a.csv")).unwrap();
    let (_, _, told) = segno(at, line);
    assert!(told.contains("11 files, 6 of them heard now"), "{told}");
    assert_eq!(fs::read(at.join("out/a.csv")).unwrap(), whole);
    for threads in ["1", "4"] {
        let line = format!("predict --model mine.safetensors --format csv --out t{threads}.csv held-out");
        let run =
            Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(at).args(line.split(' ')).env("RAYON_NUM_THREADS", threads).output();
        assert_eq!(run.unwrap().status.code(), Some(1));
        assert_eq!(fs::read(at.join(format!("t{threads}.csv"))).unwrap(), whole);
    }
    let (_, _, told) = segno(at, "predict --model mine.safetensors --timeline --out out/a.csv --format csv held-out");
    assert!(told.contains("a.csv.journal: of another model, version or --timeline"), "{told}");
}

#[test]
fn every_form_says_the_same() {
    let folder = with_head();
    let at = folder.path();
    let rows = objects(&good(at, "predict --model mine.safetensors --format jsonl --timeline held-out"));
    let csv = good(at, "predict --model mine.safetensors --format csv held-out");
    let names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let place = names.iter().position(|name| *name == "genre:wobble").unwrap();
    for (row, line) in rows.iter().zip(csv.lines().skip(1)) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], row["file"]);
        let (csv, json): (f32, f64) = (cells[place].parse().unwrap(), row["tasks"]["genre"]["wobble"].as_f64().unwrap());
        assert!((f64::from(csv) - json).abs() < 1e-7);
        // Eight seconds are less than a stretch.
        assert!(row.get("timeline").is_none());
    }
    assert_eq!((rows.len(), csv.lines().count()), (10, 11));
    good(at, "predict --model mine.safetensors --format parquet --out p.parquet held-out");
    let bytes = fs::read(at.join("p.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let (status, _, told) = segno(at, "predict --model mine.safetensors --format parquet held-out");
    assert!(status == Some(1) && told.contains("is no text: name a file with --out"), "{told}");
    let table = good(at, "predict --model mine.safetensors held-out");
    assert!(table.starts_with("file") && table.lines().next().unwrap().contains("genre"), "{table}");
}

#[test]
fn over_time_a_head_says_what_it_hears_in_stretches() {
    let folder = with_head();
    let at = folder.path();
    // Forty seconds: two stretches, and what is left over.
    good(at, "corpus synth long --tracks-per-genre 1 --seconds 40");
    let file = fs::read_dir(at.join("long/audio/wobble")).unwrap().next().unwrap().unwrap().path();
    let line = format!("predict --model mine.safetensors --json --timeline {}", file.strip_prefix(at).unwrap_or(Path::new("")).display());
    let rows = objects(&good(at, &line));
    let timeline = rows[0]["timeline"].as_array().unwrap();
    assert_eq!(timeline.len(), 2);
    assert_eq!((&timeline[0]["start_s"], &timeline[1]["end_s"]), (&0.0.into(), &29.92.into()));
    for stretch in timeline {
        let sum: f64 = stretch["tasks"]["genre"].as_object().unwrap().values().map(|p| p.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }
}

/// Of a stretch of nothing no head is asked; the file's answer is of all that it has, as before.
#[test]
fn over_time_a_head_is_not_asked_about_silence() {
    let folder = with_head();
    let at = folder.path();
    let tone = sounds::all().into_iter().find(|(name, _)| name == "chirp-2").unwrap().1.repeat(2);
    let rate = tone.len() / 16;
    sounds::wav(&at.join("pause.wav"), &[&tone[..], &vec![0.0; 30 * rate], &tone[..]].concat());
    let rows = objects(&good(at, "predict --model mine.safetensors --json --timeline pause.wav"));
    assert!(rows[0]["tasks"]["genre"].is_object());
    let timeline = rows[0]["timeline"].as_array().unwrap();
    // Stretches of 14.96 s: the third, to 44.88 s, lies within the thirty seconds from 16 s on.
    let failed: Vec<&str> = timeline.iter().map(|stretch| stretch["failed"].as_str().unwrap_or("")).collect();
    assert_eq!(failed, ["", "", "silence: nothing in it changes, so there is no answer", ""]);
    assert!(timeline[2].get("tasks").is_none() && timeline[1]["tasks"]["genre"].is_object());
    let table = good(at, "predict --model mine.safetensors --timeline pause.wav");
    assert!(table.contains("  0:29.9 to 0:44.9  no answer: silence"), "{table}");
}
