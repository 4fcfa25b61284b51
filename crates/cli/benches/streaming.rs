//! Training on shards larger than memory: `cargo bench -p segno-cli --bench streaming -- [tracks]`.
//!
//! Two generated corpora of Irvin's clips (22 × 513, one a track): five thousand tracks, held in memory, and a hundred
//! thousand (4.5 GB), streamed under a budget of 256 MB. An epoch's cost is what more epochs take more, so that starting
//! and reading the footers are not in it. Needs 5 GB of disk for the time that it runs.

use std::{
    env, fs,
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use segno_cli::{Experiment, Layout};
use segno_dataset::{Clip, ClipRef, DatasetError, Manifest, Parts, ShardWriter, Track, write_shards};

const GENRES: usize = 10;
const SMALL: usize = 5_000;
const TRACKS_A_PART: usize = 64;

fn experiment(max_epochs: u32, memory_mb: u32) -> String {
    format!(
        r#"
title = "Streaming"
corpus = "generated"
tasks = ["genre"]
seeds = 1
protocols = ["track"]
differs = ["the features are noise"]

[shards]
memory_mb = {memory_mb}

[features.log]
sample_rate_hz = 4000
clip_samples = 20000
[features.log.representation.spectrogram]
n_fft = 1024
hop = 896

[training.sgd]
optimiser = {{ sgd = {{ learning_rate = 0.1 }} }}
batch_size = 128
max_epochs = {max_epochs}
max_gradient_norm = 5.0

[[rows]]
id = "lstm"
label = "LSTM"
family = "recurrent"
place = "nowhere"
features = "log"
standardise = "per-bin"
training = "sgd"
model.recurrent = {{ cell = "lstm", layers = 1, hidden = 250, attention = false, dropout = 0.2 }}
"#
    )
}

/// Writes manifest and shards of so many tracks, and draws the split.
fn generate(work: &Path, n_tracks: usize) -> Result<()> {
    let file = work.join("experiment.toml");
    fs::write(&file, experiment(1, 0))?;
    let track = |n: usize| Track {
        track_id: format!("t{n:06}"),
        path: format!("t{n:06}.wav"),
        labels: [("genre".to_owned(), format!("g{}", n % GENRES))].into(),
        ..Track::default()
    };
    let manifest = Manifest::new("generated", (0..n_tracks).map(track).collect())?;
    let (layout, experiment) = (Layout::new(work), Experiment::read(&file)?);
    let features = experiment.feature_set(&experiment.rows[0])?;
    let header = features.header(&manifest)?;
    manifest.write(&layout.manifest())?;
    let fill = |values: &mut Vec<f32>, track: &Track, writer: &mut ShardWriter| {
        let seed: u32 = track.track_id[1..].parse().expect("a number");
        let noise = |i: u32| ((seed << 14 ^ i).wrapping_mul(2_654_435_761) >> 9) as f32 / 8_388_608.0;
        values.clear();
        values.extend((0..header.n_values() as u32).map(noise));
        let ClipRef { clip_id, track_id } = ClipRef::new("generated", &track.track_id, 0);
        writer.push(Clip { clip_id, track_id: &track_id, start_sample: 0, features: values })
    };
    let tracks: Vec<&Track> = manifest.present().collect();
    write_shards::<_, DatasetError>(&layout.features(features)?, &header, &tracks, Parts::of(TRACKS_A_PART), Vec::new, fill, |_| {
        ControlFlow::Continue(())
    })?;
    let mut split = Command::new(env!("CARGO_BIN_EXE_segno"));
    split.arg("split").arg("--work").arg(work).arg("--experiment").arg(&file).args(["--protocol", "track", "--seed", "1"]);
    ensure!(split.status()?.success(), "segno split failed");
    Ok(())
}

/// Trains in a process of its own: seconds, and the peak of its memory in MiB.
fn train(work: &Path, max_epochs: u32, memory_mb: u32) -> Result<(f64, f64)> {
    let file = work.join("experiment.toml");
    fs::write(&file, experiment(max_epochs, memory_mb))?;
    let _ = fs::remove_dir_all(work.join("models"));
    let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
    segno.arg("train").arg("--work").arg(work).arg("--experiment").arg(&file);
    segno.args(["--row", "lstm", "--protocol", "track", "--seed", "1"]).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = segno.spawn()?;
    let mut peak = 0.0;
    loop {
        peak = peak_mib(child.id()).unwrap_or(peak);
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "segno train failed");
            return Ok((start.elapsed().as_secs_f64(), peak));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The process's highest resident memory so far, in MiB, where the system tells it (Linux).
fn peak_mib(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}

fn main() -> Result<()> {
    let tracks = env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let dir = tempfile::tempdir().context("a folder for temporary files")?;
    let mut costs = Vec::new();
    for (name, tracks, memory_mb, more) in [("in memory", SMALL, 4096, 8), ("streamed", tracks, 256, 1)] {
        let work = dir.path().join(name);
        fs::create_dir_all(&work)?;
        let start = Instant::now();
        generate(&work, tracks)?;
        println!("{name}: {tracks} tracks generated in {:.0} s", start.elapsed().as_secs_f64());
        let (one, _) = train(&work, 1, memory_mb)?;
        let (all, peak) = train(&work, 1 + more, memory_mb)?;
        // Of each epoch, seven tenths are trained on and one tenth is validated on.
        let cost = (all - one) / f64::from(more) / (0.8 * tracks as f64) * 1e6;
        println!("{name}: one epoch {one:.1} s, {} epochs {all:.1} s, {cost:.0} µs a clip, peak {peak:.0} MiB", 1 + more);
        costs.push(cost);
    }
    println!("a streamed clip costs {:.3} of one in memory", costs[1] / costs[0]);
    Ok(())
}
