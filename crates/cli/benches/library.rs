//! What a library of ten thousand tracks costs: `cargo bench -p segno-cli --bench library -- [tracks]`.
//!
//! Writes embeddings as `segno embed` leaves them (made up: a dozen clouds of 200 numbers a track, in parts of 64), then times reading
//! them, and `segno similar` and `segno map` as whole commands, each in a process of its own.

use std::{
    env,
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use segno_dataset::{Clip, ClipRef, DatasetError, Manifest, Parts, Precision, ShardHeader, ShardSet, ShardWriter, Track, write_shards};
use segno_store::Store;

const WIDTH: usize = 200;
const CLOUDS: usize = 12;
const ROUNDS: usize = 21;

fn name(track: usize) -> String {
    format!("music/Artist {:03}/Album {}/{track:05} Title.mp3", track % 300, track % 7)
}

fn embedding(track: usize) -> Vec<f32> {
    let noise = |column: usize| ((track * WIDTH + column) as u32).wrapping_mul(2_654_435_761) as f32 / u32::MAX as f32;
    (0..WIDTH).map(|column| if column % CLOUDS == track % CLOUDS { 1.0 } else { 0.0 } + noise(column)).collect()
}

fn write(folder: &Path, n_tracks: usize) -> Result<()> {
    let track = |at: usize| Track { track_id: name(at), path: name(at), title: Some(at.to_string()), ..Track::default() };
    let manifest = Manifest::new("files", (0..n_tracks).map(track).collect())?;
    let header = ShardHeader {
        feature_spec_json: r#"{"backbone":"made-up","digest":"0","layer":"penultimate","pool":"mean"}"#.into(),
        extractor_version: "1".into(),
        decoder_version: "1".into(),
        corpus: "files".into(),
        corpus_digest: manifest.digest(),
        shape: [1, WIDTH],
        precision: Precision::Single,
    };
    let fill = |_: &mut (), track: &Track, writer: &mut ShardWriter| {
        let at = track.title.as_deref().and_then(|at| at.parse().ok()).expect("its number");
        let clip_id = ClipRef::new("files", &track.track_id, 0).clip_id;
        writer.push(Clip { clip_id, track_id: &track.track_id, start_sample: 0, features: &embedding(at) })
    };
    let tracks: Vec<&Track> = manifest.present().collect();
    let goes_on = |_| ControlFlow::Continue(());
    write_shards::<_, DatasetError>(&Store::folder(folder), &header, &tracks, Parts::of(64), || (), fill, goes_on)?;
    Ok(())
}

/// Milliseconds of several rounds.
fn timed(what: &str, rounds: usize, mut run: impl FnMut() -> Result<()>) -> Result<()> {
    let mut took = vec![];
    for _ in 0..rounds {
        let start = Instant::now();
        run()?;
        took.push(start.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    println!("{what}: median of {rounds} {:.1} ms, {:.1} to {:.1} ms", took[rounds / 2], took[0], took[rounds - 1]);
    Ok(())
}

fn main() -> Result<()> {
    let n_tracks = env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(10_000);
    let dir = tempfile::tempdir().context("a folder for temporary files")?;
    let library = dir.path().join("embeddings");
    write(&library, n_tracks)?;
    println!("{n_tracks} tracks of {WIDTH} numbers");
    timed("read names", ROUNDS, || {
        ensure!(ShardSet::open(library.as_path())?.clips().len() == n_tracks, "tracks are missing");
        Ok(())
    })?;
    let shards = ShardSet::open(library.as_path())?;
    let clips: Vec<&str> = shards.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
    timed("read numbers", ROUNDS, || {
        ensure!(shards.load(&clips)?.len() == n_tracks * WIDTH, "numbers are missing");
        Ok(())
    })?;
    let segno = |arguments: &[&str]| {
        let status = Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(dir.path()).args(arguments).stdout(Stdio::null()).status()?;
        ensure!(status.success(), "segno {arguments:?} failed");
        Ok(())
    };
    let (first, second) = (name(0), name(n_tracks / 2));
    timed("segno similar", ROUNDS, || segno(&["similar", &first, "--in", "embeddings"]))?;
    timed("segno similar, another", ROUNDS, || segno(&["similar", &second, "--in", "embeddings"]))?;
    timed("segno map --pca", 3, || segno(&["map", "embeddings", "--pca", "--out", "map.html"]))?;
    timed("segno map", 1, || segno(&["map", "embeddings", "--out", "map.html"]))
}
