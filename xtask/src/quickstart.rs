//! `cargo xtask quickstart`.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::road::Road;
use crate::segno::{Segno, repository};

pub fn run(work: &Path) -> Result<()> {
    let segno = Segno::build(false)?;
    let start = Instant::now();
    let audio = work.join("audio");
    segno.run(&["corpus", "synth", &audio.to_string_lossy()])?;
    let road = Road {
        corpus: "synthetic",
        root: &audio,
        work,
        experiment: &repository().join("datasets/synthetic/experiments/quickstart.toml"),
        device: "cpu",
        seeds: None,
        only: &[],
        protocols: &[],
        strict: true,
        command: "cargo xtask quickstart",
    };
    road.walk(&segno)?;
    println!("The corpus is synthetic: these figures show the road and the leak, and say nothing about music.");
    println!("quickstart: {:.0} s after the build", start.elapsed().as_secs_f64());
    Ok(())
}
