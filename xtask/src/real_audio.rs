//! `cargo xtask real-audio`: what must hold of real clips, where they are at hand.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::road::Road;
use crate::segno::{Segno, repository};

/// The rows that take seconds: enough to see that features, splits and fits are right.
const ROWS: [&str; 2] = ["logistic", "lstm-2x250"];

/// Accuracies to expect of the hundred tracks with seed 1: .80 / .64 and .93 / .65 when they were set, with room for
/// other bits of another processor, and narrow enough to catch a broken feature, split or network.
const EXPECTED: [(&str, &str, [f64; 2]); 4] = [
    ("logistic", "published", [0.65, 0.90]),
    ("logistic", "track", [0.40, 0.80]),
    ("lstm-2x250", "published", [0.80, 0.99]),
    ("lstm-2x250", "track", [0.25, 0.80]),
];

pub fn run(data: &Path) -> Result<()> {
    let segno = Segno::build(false)?;
    let root = data.join("gtzan");
    println!("real audio: GTZAN's clips in {}", root.display());
    let work = repository().join("runs/real-audio");
    let only = ROWS.map(str::to_owned);
    let protocols = ["published", "track"].map(str::to_owned);
    let experiment = repository().join("datasets/gtzan/experiments/irvin-2016.toml");
    let command = "cargo xtask real-audio";
    Road {
        corpus: "gtzan",
        root: &root,
        work: &work,
        experiment: &experiment,
        device: "cpu",
        seeds: Some(1),
        only: &only,
        protocols: &protocols,
        strict: false,
        command,
    }
    .walk(&segno)?;

    let report: Value = serde_json::from_str(&std::fs::read_to_string(work.join("report.json"))?)?;
    for (row, protocol, [low, high]) in EXPECTED {
        let accuracy = accuracy(&report, row, protocol).with_context(|| format!("the report has no {row} under {protocol}"))?;
        println!("{row:<12} {protocol:<10} {accuracy:.3}, expected {low} to {high}");
        ensure!((low..=high).contains(&accuracy), "{row} under {protocol}: accuracy {accuracy:.3} is outside {low} to {high}");
    }
    au_is_wav(&segno, data)
}

/// The accuracy of a row's first seed, clip by clip.
fn accuracy(report: &Value, row: &str, protocol: &str) -> Option<f64> {
    let run = report["runs"].as_array()?.iter().find(|run| run["row"] == row && run["protocol"] == protocol)?;
    run["clip"]["accuracy"].as_f64()
}

/// The four `.au` originals give the very shards that their `.wav` copies give.
fn au_is_wav(segno: &Segno, data: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut shards = vec![];
    for extension in ["au", "wav"] {
        let root = folder.path().join(extension);
        for entry in std::fs::read_dir(data.join("gtzan/au"))? {
            let au = entry?.path();
            let stem = au.file_stem().and_then(|stem| stem.to_str()).context("a file's name")?.to_owned();
            let genre = stem.split('.').next().context("a genre")?;
            let to = root.join(genre);
            std::fs::create_dir_all(&to)?;
            let from = if extension == "au" { au.clone() } else { data.join(format!("gtzan/genres/{genre}/{stem}.wav")) };
            std::fs::copy(from, to.join(format!("{stem}.{extension}")))?;
        }
        let work = folder.path().join(format!("work-{extension}"));
        let (root, work) = (root.to_string_lossy().into_owned(), work.to_string_lossy().into_owned());
        let experiment = repository().join("datasets/gtzan/experiments/irvin-2016.toml").to_string_lossy().into_owned();
        segno.run(&["corpus", "index", "gtzan", "--root", &root, "--work", &work])?;
        let printed =
            segno.json(&["extract", "--root", &root, "--work", &work, "--experiment", &experiment, "--row", "logistic", "--strict"])?;
        ensure!(printed[0]["clips"] == 24, "4 tracks of 30 s are 24 clips, found {}", printed[0]["clips"]);
        shards.push(printed[0]["values_digest"].clone());
    }
    ensure!(shards[0].is_string() && shards[0] == shards[1], "features of .au and .wav differ: {} and {}", shards[0], shards[1]);
    println!("the four .au originals give the same features as their .wav copies");
    Ok(())
}
