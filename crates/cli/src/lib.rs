//! The program `segno`: where all crates meet, one stage a subcommand.
//!
//! - [`Cli`] and [`run`]: the command line.
//! - [`Experiment`]: a paper's rows as a typed TOML file.
//! - [`Layout`]: which file of a work folder belongs to which stage.
//! - [`preprocess`](preprocess::preprocess): decode → extract → write, the loop over a corpus.
//! - [`Device`]: the processor chosen at run time; the only place that names concrete backends.
//!
//! - [`stop`]: Ctrl-C, for a program to listen to.
//!
//! Stages speak through the files of the work folder alone; each is skipped when what it would read has not changed.
//!
//! ```
//! use clap::Parser;
//! use segno_cli::{Cli, run};
//!
//! let folder = tempfile::tempdir()?;
//! let audio = folder.path().join("audio");
//! let work = folder.path().join("work");
//! let (audio, work) = (audio.to_str().unwrap(), work.to_str().unwrap());
//! run(Cli::parse_from(["segno", "corpus", "synth", audio, "--tracks-per-genre", "3", "--seconds", "5"]))?;
//! run(Cli::parse_from(["segno", "corpus", "index", "synthetic", "--root", audio, "--work", work]))?;
//! # anyhow::Ok(())
//! ```

mod answer;
mod args;
mod auralising;
mod colouring;
mod commands;
mod corpora;
mod cutting;
mod device;
mod ear;
mod embedding;
mod environment;
mod exit;
mod experiment;
mod explaining;
mod heads;
mod layout;
mod library;
mod listening;
mod lock;
mod neighbours;
mod onnx;
mod playlist;
pub mod preprocess;
mod progress;
mod silence;
pub mod stop;
mod tagging;
mod timing;
mod told;
mod walk;

pub use args::{Cli, run};
pub use device::{Device, DeviceError};
pub use exit::exit_code;
pub use experiment::{Experiment, Row, Shards};
pub use layout::{FeatureSet, Layout, RunKey};
pub use told::{printable, told};
