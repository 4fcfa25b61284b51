//! Heads on the synthetic corpus: fitted, measured, asked, and refused where they do not belong.

#[path = "common/wav.rs"]
mod wav;

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use segno_dataset::{Predictions, Protocol};
use segno_models::{Head, ModelConfig};

fn segno(at: &Path, line: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(at).args(line.split(' ')).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn good(at: &Path, line: &str) -> String {
    let (status, out, told) = segno(at, line);
    assert_eq!(status, Some(0), "{line}: {told}");
    out
}

/// A folder a class, as somebody's own music lies.
fn class_folders(at: &Path) {
    good(at, "corpus synth . --tracks-per-genre 6 --seconds 8");
    fs::rename(at.join("audio"), at.join("mine")).unwrap();
}

/// Two seconds of 16-bit zeros at 22 050 Hz.
fn silence() -> Vec<u8> {
    wav::wav(22_050, [0; 44_100])
}

#[test]
fn own_folders_become_a_head_that_answers() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    class_folders(at);
    let line = "head train --corpus mine --work work --mfcc --folds 3 --classifier logistic --json --out heads/mine.safetensors";
    let told: serde_json::Value = serde_json::from_str(&good(at, line)).unwrap();
    let head = Head::read(&at.join("heads/mine.safetensors")).unwrap();
    let task = &head.card.tasks[0];
    assert_eq!((task.task.task.as_str(), task.task.classes.len(), head.card.protocol.as_str()), ("genre", 10, "track"));
    assert!(matches!(task.model, ModelConfig::Logistic(_)) && task.temperature > 0.0);

    // Every number comes from the predictions beside it: each track once, answered by a head that did not know it.
    let predictions = Predictions::read(&at.join("heads/mine.genre-1.parquet")).unwrap();
    assert_eq!((predictions.rows.len(), predictions.source.protocol), (60, Protocol::Track));
    let classes = &predictions.classes["genre"];
    let right = predictions.rows.iter().filter(|row| classes[row.argmax()] == row.true_label).count();
    assert_eq!(told["tasks"][0]["accuracy"].as_f64().unwrap(), right as f64 / 60.0);
    assert_eq!(task.measured.accuracy, right as f64 / 60.0);
    // Chance is 0.1; seen: 0.63.
    assert!(task.measured.accuracy > 0.4, "{}", task.measured.accuracy);
    let folds: BTreeMap<String, usize> = serde_json::from_slice(&fs::read(at.join("heads/mine.genre-1.folds.json")).unwrap()).unwrap();
    assert!(folds.len() == 60 && (0..3).all(|fold| folds.values().filter(|of| **of == fold).count() >= 18));

    let (file, class) = ("mine/wobble", "wobble");
    let answers = good(at, &format!("predict --model heads/mine.safetensors --json {file}"));
    for line in answers.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        let genres = line["tasks"]["genre"].as_object().unwrap();
        let sum: f64 = genres.values().map(|p| p.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        let best = genres.iter().max_by(|a, b| a.1.as_f64().unwrap().total_cmp(&b.1.as_f64().unwrap())).unwrap();
        assert_eq!(best.0, class, "it was fitted on this very track");
    }
    // Silence reaches no head.
    fs::write(at.join("silence.wav"), silence()).unwrap();
    let (status, _, told) = segno(at, "predict --model heads/mine.safetensors silence.wav");
    assert!(status == Some(1) && told.contains("silence.wav: silence: nothing in it changes"), "{told}");
    // The same once more is the same bytes.
    let before = fs::read(at.join("heads/mine.safetensors")).unwrap();
    good(at, line);
    assert_eq!(fs::read(at.join("heads/mine.safetensors")).unwrap(), before);
}

#[test]
fn what_a_head_cannot_be_measured_on_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    class_folders(at);
    let refused = |line: &str, part: &str| {
        let (status, _, told) = segno(at, line);
        assert!(status == Some(1) && told.contains(part), "{line}: expected '{part}' in: {told}");
    };
    refused("head train --corpus mine --work work --mfcc --folds 9 --out h.safetensors", "each with 9, one a fold");
    refused("head train --corpus mine --work work --mfcc --folds 6 --out h.safetensors", "two classes at least want 7 tracks");
    refused("head train --corpus mine --work work --mfcc --out work", "--out work: a folder");
    let (status, _, told) = segno(at, "head train --corpus mine --work work --out h.safetensors");
    assert!(status == Some(2) && told.contains("--model") && told.contains("--mfcc"), "{told}");
    refused(
        "head train --corpus mine --work work --mfcc --protocol published --out h.safetensors",
        "take `track`, `artist`, `artist-once` or `fault-filtered`",
    );
    refused(
        "head train --corpus mine --work work --mfcc --protocol artist-once --out h.safetensors",
        "no track of corpus 'mine' has an artist",
    );
    refused("head train --corpus mine --work work --mfcc --protocol fault-filtered --out h.safetensors", "has a public split");
    refused("head train --corpus mine --work work --mfcc --task mood --out h.safetensors", "--task mood: the manifest has genre");
    good(at, "corpus index folders:other --root mine --work other");
    refused("head train --corpus mine --work other --mfcc --out h.safetensors", "of corpus 'other', and --corpus is 'mine'");
    refused("head train --corpus nowhere --work work --mfcc --out h.safetensors", "nowhere: no such folder");
    assert!(!at.join("h.safetensors").exists());
}

#[test]
fn one_sound_in_two_folders_and_one_in_none_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    class_folders(at);
    let mut drones: Vec<_> = fs::read_dir(at.join("mine/drone")).unwrap().map(|entry| entry.unwrap().path()).collect();
    drones.sort();
    fs::copy(&drones[0], at.join("mine/wobble/zz.wav")).unwrap();
    fs::copy(&drones[1], at.join("mine/loose.wav")).unwrap();
    let line = "head train --corpus mine --work work --mfcc --folds 3 --classifier logistic --c 0.1 --out h.safetensors";
    let (status, _, told) = segno(at, line);
    assert_eq!(status, Some(0), "{told}");
    let first = drones[0].file_name().unwrap().to_str().unwrap();
    assert!(told.contains(&format!("wobble/zz.wav: the same bytes as drone/{first}, of another genre: both are learned from")), "{told}");
    assert!(told.contains("left out: mine/loose.wav: in no folder of a class"), "{told}");
}

/// A table of six tracks a genre: four of the public train and valid parts, one of the test part, one of neither. The valid and the
/// test track are one artist's; a genre is in the test part alone. What the test tracks are labelled as is `tested`'s to say.
fn public_corpus(at: &Path, name: &str, tested: impl Fn(&str) -> String) {
    let genres = ["chorale", "drone", "wobble", "stomp"];
    let mut table = "id,path,genre,artist,split\n".to_owned();
    for genre in genres {
        let of_genre = fs::read_dir(at.join("audio").join(genre)).unwrap();
        let mut files: Vec<String> = of_genre.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        for (n, part) in ["train", "train", "train", "valid", "test", ""].iter().enumerate() {
            let part = if genre == "stomp" { "test" } else { part };
            let label = if part == "test" { tested(genre) } else { genre.to_owned() };
            table += &format!("{genre}.{n},{genre}/{},{label},{genre} band {},{part}\n", files[n], n.min(3));
        }
    }
    fs::create_dir_all(at.join(name)).unwrap();
    fs::write(at.join(name).join("tracks.csv"), table).unwrap();
    let corpus = "name = \"gtzan\"\ntitle = \"Made up\"\ncitation = \"none\"\nlicence = \"CC0\"\nhomepage = \"none\"\nkind = \"csv\"\n\
                  expected_tracks = 24\n[csv]\ntable = \"tracks.csv\"\ntrack_id = \"id\"\npath = \"path\"\nartist = \"artist\"\n\
                  public_split = \"split\"\ntasks = { genre = \"genre\" }\n";
    fs::write(at.join(name).join("corpus.toml"), corpus).unwrap();
    good(at, &format!("corpus index {name}/corpus.toml --root audio --work {name}/work"));
}

/// The corpus bears GTZAN's name, so that the published figure stands beside what was measured.
#[test]
fn a_public_split_is_chosen_on_two_parts_and_measured_once_on_the_third() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    good(at, "corpus synth . --tracks-per-genre 6 --seconds 8");
    public_corpus(at, "public", str::to_owned);
    let line = |name: &str| {
        format!("head train --work {name}/work --root audio --mfcc --folds 2 --protocol fault-filtered --json --out {name}/h.safetensors")
    };
    let (status, out, told) = segno(at, &line("public"));
    assert_eq!(status, Some(0), "{told}");
    for part in [
        "left out: 3 tracks without a public split",
        "train and valid parts together have 12 tracks; of 9 test tracks 0 have a clip or a byte-identical copy in training, 3 an artist",
        "published figure that was not measured here: 0.735 for a probe on MusiCNN's frozen features, 290 test tracks, of which 3 were tested",
        "left out, with no track in the public train and valid parts: stomp (0)",
        "chosen in 1 draws of inner folds: mfcc summary",
        "public/h.safetensors: a head of 15 tracks",
    ] {
        assert!(told.contains(part), "expected '{part}' in: {told}");
    }
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&said["tasks"][0]["tracks"], &said["tasks"][0]["published"]["accuracy"]), (&3.into(), &0.735.into()));
    let kept = |name: &str| Predictions::read(&at.join(name).join("h.genre-1.parquet")).unwrap();
    let tested = kept("public");
    let tracks: Vec<&str> = tested.rows.iter().map(|row| row.track_id.as_str()).collect();
    assert_eq!((tracks, tested.source.protocol), (vec!["chorale.4", "drone.4", "wobble.4"], Protocol::FaultFiltered));
    let head = Head::read(&at.join("public/h.safetensors")).unwrap();
    assert_eq!((head.card.protocol.as_str(), head.card.familiarity.tracks), ("fault-filtered", 15));
    assert!(good(at, "model card public/h.safetensors").contains("fault-filtered: chosen on 2 folds of the public train and valid parts"));

    // What the test tracks are called changes what is right and nothing that was chosen: the same probabilities.
    public_corpus(at, "turned", |genre| match genre {
        "chorale" => "drone".to_owned(),
        "drone" => "chorale".to_owned(),
        other => other.to_owned(),
    });
    good(at, &line("turned"));
    let turned = kept("turned");
    for (one, other) in tested.rows.iter().zip(&turned.rows) {
        assert_eq!((&one.track_id, &one.probabilities), (&other.track_id, &other.probabilities));
    }
    assert_ne!(tested.rows[0].true_label, turned.rows[0].true_label);
}

/// Every track is an artist's own, but for the drones, which are one band's.
#[test]
fn classes_of_too_few_artists_are_named_by_training_card_and_answers() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    good(at, "corpus synth . --tracks-per-genre 6 --seconds 8");
    public_corpus(at, "bands", str::to_owned);
    let table = at.join("bands/tracks.csv");
    let text = fs::read_to_string(&table).unwrap();
    let with_artist = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells[3] = if cells[2] == "drone" { "The Drones" } else { cells[0] };
        cells.join(",") + "\n"
    };
    let (names, tracks) = text.split_once('\n').unwrap();
    let text = tracks.lines().fold(format!("{names}\n"), |text, line| text + &with_artist(line));
    fs::write(&table, text).unwrap();
    good(at, "corpus index bands/corpus.toml --root audio --work bands/work");
    let line = "head train --work bands/work --root audio --mfcc --folds 2 --protocol artist --seeds 2 --json --out h.safetensors";
    let (status, out, told) = segno(at, line);
    assert_eq!(status, Some(0), "{told}");
    let left_out = "with fewer artists than folds: drone (1)";
    assert!(told.contains(&format!("left out, {left_out}")), "{told}");
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&said["tasks"][0]["left_out"][0], &said["tasks"][0]["tracks"]), (&"drone (1)".into(), &18.into()));
    assert!(good(at, "model card h.safetensors").contains(left_out));
    let (_, _, told) = segno(at, "predict --model h.safetensors audio/drone");
    assert!(told.contains(&format!("genre: no class of this head, {left_out}")), "{told}");

    // A head of fewer draws leaves none of the older one's predictions beside it.
    assert!(at.join("h.genre-2.parquet").is_file() && at.join("h.genre-2.folds.json").is_file());
    good(at, &line.replace("--seeds 2", "--seeds 1"));
    assert!(at.join("h.genre-1.parquet").is_file() && !at.join("h.genre-2.parquet").exists() && !at.join("h.genre-2.folds.json").exists());

    // One test part a draw: a fifth of the tracks, and another in the next.
    good(at, &line.replace("--protocol artist", "--protocol artist-once"));
    let tested = |seed: u64| {
        let kept = Predictions::read(&at.join(format!("h.genre-{seed}.parquet"))).unwrap();
        assert_eq!(kept.source.protocol, Protocol::ArtistOnce);
        kept.rows.into_iter().map(|row| row.track_id).collect::<std::collections::BTreeSet<_>>()
    };
    let [first, second] = [tested(1), tested(2)];
    assert!((2..=5).contains(&first.len()) && first != second, "{first:?}, {second:?}");
    let card = good(at, "model card h.safetensors");
    assert!(card.contains("artist-once: one test part a draw with no artist on two sides, chosen on 2 folds of the rest"), "{card}");

    // Of another version of the decoder, it is refused with both.
    let mut head = Head::read(&at.join("h.safetensors")).unwrap();
    head.card.decoder_version = "0-before".into();
    head.write(&at.join("old.safetensors")).unwrap();
    let (status, _, told) = segno(at, "predict --model old.safetensors audio/drone");
    let both = format!("fitted to decoder version 0-before, and this segno has version {}", segno_audio_io::DECODER_VERSION);
    assert!(status == Some(1) && told.contains(&both), "{told}");
}
