//! Li's road on FMA: two tasks, tables of FMA's form, songs drawn, a song missing, training accuracy, the figures.

use std::fs;
use std::path::PathBuf;

use clap::Parser;
use segno_cli::{Cli, run};
use segno_dataset::Manifest;
use segno_synth::{SynthSpec, render};
use serde_json::Value;
use tempfile::TempDir;

const CORPUS: &str = r#"
name = "fma"
title = "FMA in small"
citation = "none"
licence = "made by hand"
kind = "fma"

[fma]
metadata = "fma_metadata"
audio = "fma_large"
subset = "large"
per_genre = 20
seed = 1
mood = { sad_below = 0.3, happy_from = 0.6 }
genres = [{ label = "Blues", id = 3, title = "Blues" }, { label = "Jazz", id = 4, title = "Jazz" }]
"#;

const EXPERIMENT: &str = r#"
title = "Li in small"
corpus = "fma"
tasks = ["genre", "mood"]
loss_weights = { mood = 1.25 }
fractions = { train = 0.6, valid = 0.2, test = 0.2 }
seeds = 1
predict_train = true
protocols = ["published", "track", "artist-once"]
differs = ["everything is small"]

[figures]
histogram = "valence"
tsne = { clips = 60, perplexity = 5.0, epochs = 50, seed = 1 }

[features.mel]
sample_rate_hz = 8000
clip_samples = 8000
max_clips = 3
[features.mel.representation.mel]
n_fft = 512
hop = 512
padding = "zero"
n_mels = 16
output = { db = { reference = "max", amin = 1e-10, top_db = 80.0 } }

[training.li]
optimiser = { adam = { learning_rate = 1e-3, epsilon = 1e-7 } }
batch_size = 16
max_epochs = 2
select = "last"
l2 = 1e-3

[[rows]]
id = "cnn"
label = "CNN with attention"
family = "this paper"
place = "nowhere"
paper = { genre = 0.9 }
paper_train = { genre = 0.95 }
features = "mel"
standardise = { divide = { by = 255.0 } }
training = "li"
[rows.model.cnn]
blocks = [
    { maps = 4, kernel = [2, 2], stride = [1, 1], activation = "relu", pool = { max = [2, 2] } },
    { maps = 6, kernel = [2, 2], stride = [2, 2], activation = "relu", pool = { max-average-mean = [2, 2] } },
]
attention = "feature-maps"
dense = 5
dropout = 0.5
"#;

/// Songs of the tables; the last of them has no audio.
const SONGS: usize = 20;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let metadata = place.path("data/fma_metadata");
        fs::create_dir_all(&metadata).unwrap();
        fs::write(metadata.join("genres.csv"), "genre_id,#tracks,parent,title,top_level\n3,9,0,Blues,3\n4,9,0,Jazz,4\n").unwrap();
        let mut tracks = String::from(
            ",artist,artist,set,set,track,track,track,track\n,id,name,split,subset,genres,genres_all,license,title\ntrack_id,,,,,,,,\n",
        );
        let mut echonest = String::from(",echonest\n,audio_features\n,valence\ntrack_id,\n");
        for song in 0..SONGS {
            let (id, genre) = (100 + song, if song % 2 == 0 { 3 } else { 4 });
            tracks += &format!("{id},{0},\"Band, \"\"{0}\"\"\",training,large,[{genre}],[{genre}],CC,\"Song\n{song}\"\n", song / 2);
            echonest += &format!("{id},{}\n", song as f64 / SONGS as f64);
        }
        fs::write(metadata.join("tracks.csv"), tracks).unwrap();
        fs::write(metadata.join("echonest.csv"), echonest).unwrap();
        fs::write(place.path("corpus.toml"), CORPUS).unwrap();
        fs::write(place.path("experiment.toml"), EXPERIMENT).unwrap();
        place.render();
        place
    }

    /// Any audio will do: a decoder goes by what is in a file, not by its name.
    fn render(&self) {
        let spec = SynthSpec { tracks_per_genre: 2, seconds: 3.5, ..SynthSpec::default() };
        let audio = self.path("audio");
        render(&audio, &spec, |_| {}).unwrap();
        let table = fs::read_to_string(audio.join("tracks.csv")).unwrap();
        let files = table.lines().skip(1).map(|line| audio.join(line.split(',').nth(1).unwrap()));
        let folder = self.path("data/fma_large/000");
        fs::create_dir_all(&folder).unwrap();
        for (song, file) in files.take(SONGS - 1).enumerate() {
            fs::copy(file, folder.join(format!("{:06}.mp3", 100 + song))).unwrap();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn segno(&self, line: &str) -> anyhow::Result<()> {
        let words = line.split(' ').map(|word| match word {
            "DATA" | "WORK" | "CORPUS" | "EXPERIMENT" => {
                let name = match word {
                    "DATA" => "data",
                    "WORK" => "work",
                    "CORPUS" => "corpus.toml",
                    _ => "experiment.toml",
                };
                self.path(name).to_str().unwrap().to_owned()
            }
            word => word.to_owned(),
        });
        run(Cli::try_parse_from(["segno".to_owned()].into_iter().chain(words))?)
    }
}

#[test]
fn two_tasks_from_fmas_tables_to_the_figures() {
    let place = Place::new();
    place.segno("corpus index CORPUS --root DATA --work WORK").unwrap();
    let manifest = Manifest::read(&place.path("work/tracks.parquet")).unwrap();
    assert_eq!((manifest.present().count(), manifest.left_out().count()), (SONGS - 1, 1));
    assert_eq!(manifest.classes("mood"), ["Happy", "Neutral", "Sad"]);
    let selection = manifest.selection.as_ref().unwrap();
    assert!(selection.short().count() == 2 && selection.classes.iter().all(|class| class.drawn == 10), "{selection}");
    let strict = place.segno("corpus index CORPUS --root DATA --work WORK --strict").unwrap_err().to_string();
    assert!(strict.contains("--strict"), "{strict}");

    place.segno("extract --root DATA --work WORK --experiment EXPERIMENT").unwrap();
    for protocol in ["published", "track", "artist-once"] {
        let run = format!("--work WORK --experiment EXPERIMENT --protocol {protocol}");
        place.segno(&format!("split {run}")).unwrap();
        place.segno(&format!("train {run} --row cnn")).unwrap();
        for part in ["test", "train"] {
            place.segno(&format!("predict-set {run} --row cnn --part {part}")).unwrap();
        }
    }
    place.segno("report --work WORK --experiment EXPERIMENT").unwrap();

    let report: Value = serde_json::from_str(&fs::read_to_string(place.path("work/report.json")).unwrap()).unwrap();
    let runs = report["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 6, "three protocols, two tasks");
    for run in runs {
        for (field, clips) in [("clip", &run["clip"]), ("train", &run["train"])] {
            let accuracy = clips["accuracy"].as_f64().unwrap_or_else(|| panic!("{field} of {run}"));
            assert!((0.0..=1.0).contains(&accuracy), "{field}: {accuracy}");
        }
    }
    let page = fs::read_to_string(place.path("work/report.html")).unwrap();
    for part in ["valence", "t-SNE", "artist-once", "000119", "Mood"] {
        assert!(page.contains(part), "the page has no '{part}'");
    }
}
