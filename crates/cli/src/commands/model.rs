//! `segno model`: model files by themselves.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use segno_features::{EXTRACTOR_VERSION, PatchSpec};
use segno_fetch::{Archive, FetchError, read_member, verify};
use segno_models::{Backbone, musicnn::Collection};

use super::make_room;
use crate::told::tell;

#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Make a model file of a pre-trained network that its authors give out
    #[command(subcommand)]
    Import(Import),
}

#[derive(clap::Subcommand, Debug)]
pub enum Import {
    /// MusiCNN (Pons and Serra 2019), from the file of the Python package musicnn 0.1.0
    Musicnn(Musicnn),
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The package is a file of 29 MB that pip hands out; neither Python nor TensorFlow is needed for what follows:
  pip download --no-deps musicnn==0.1.0
  segno model import musicnn musicnn-0.1.0-py3-none-any.whl

The parameters are under the ISC licence, whose notice goes into the model file.")]
pub struct Musicnn {
    /// musicnn-0.1.0-py3-none-any.whl
    wheel: PathBuf,
    /// What the network was trained on: `msd` (Million Song Dataset, tags of Last.fm) or `mtt` (MagnaTagATune)
    #[arg(long, default_value = "msd")]
    collection: Which,
    /// Model file to write [default: musicnn-<collection>.safetensors]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    Msd,
    Mtt,
}

/// The one release of the package that has the checkpoints.
const SOURCE: &str = "musicnn 0.1.0";
const WHEEL_BYTES: u64 = 29_292_476;
const WHEEL_SHA256: &str = "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa";
/// Longer than any member that is read.
const MOST_BYTES: u64 = 16 << 20;

pub fn run(command: &Command) -> Result<()> {
    let Command::Import(Import::Musicnn(args)) = command;
    check(&args.wheel)?;
    let (collection, folder) = match args.collection {
        Which::Msd => (Collection::Msd, "MSD_musicnn"),
        Which::Mtt => (Collection::Mtt, "MTT_musicnn"),
    };
    let member = |name: &str| read_member(&args.wheel, &format!("musicnn/{folder}/{name}"), MOST_BYTES);
    let (index, data) = (member(".index")?, member(".data-00000-of-00001")?);
    let patches = serde_json::to_value(PatchSpec::musicnn())?;
    let backbone = Backbone::import(collection, [&index, &data], SOURCE, WHEEL_SHA256, patches, EXTRACTOR_VERSION)
        .with_context(|| args.wheel.display().to_string())?;
    // Planned once, so that what is written is known to run.
    backbone.network()?;
    let out = args.out.clone().unwrap_or_else(|| format!("{}.safetensors", backbone.name()).into());
    make_room(&out)?;
    backbone.write(&out)?;
    tell!("{}: {} with {} tags, {SOURCE}, digest {:.12}", out.display(), backbone.name(), backbone.card.tags.len(), backbone.digest());
    tell!("  its parameters are under the ISC licence; the notice is in the file");
    Ok(())
}

/// Holds the file against the release that is known.
fn check(wheel: &Path) -> Result<()> {
    let url = format!("the wheel of {SOURCE}");
    let known = Archive { url, bytes: Some(WHEEL_BYTES), md5: None, sha1: None, sha256: Some(WHEEL_SHA256.to_owned()) };
    match verify(&known, wheel) {
        Err(FetchError::WrongSize { found, .. }) => bail!(
            "{}: found {found} bytes, expected the {WHEEL_BYTES} of {SOURCE}: take it anew by `pip download --no-deps musicnn==0.1.0`",
            wheel.display()
        ),
        Err(FetchError::WrongChecksum { found, .. }) => bail!(
            "{}: found sha256 {found}, expected {WHEEL_SHA256}, {SOURCE}: take it anew by `pip download --no-deps musicnn==0.1.0`",
            wheel.display()
        ),
        other => Ok(other?),
    }
}
