//! `segno model import`: a model file of a network that its authors give out, and model files into the library.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use segno_features::{EXTRACTOR_VERSION, PatchSpec};
use segno_fetch::{Archive, FetchError, read_member, verify};
use segno_models::{Backbone, musicnn::Collection};

use crate::{commands::make_room, library::Library, told::tell};

#[derive(clap::Subcommand, Debug)]
pub enum Import {
    /// MusiCNN (Pons and Serra 2019), from the file of the Python package musicnn 0.1.0
    Musicnn(Musicnn),
    /// A model file that is there already, as `segno train` and `segno head train` write it
    File(File),
}

#[derive(clap::Args, Debug)]
pub struct File {
    /// The model file; it is copied
    file: PathBuf,
    /// What the library calls it [default: the file's name]
    #[arg(long)]
    name: Option<String>,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The package is a file of 29 MB that pip hands out; neither Python nor TensorFlow is needed for what follows:
  pip download --no-deps musicnn==0.1.0
  segno model import musicnn musicnn-0.1.0-py3-none-any.whl

The model goes into the library, and into use where none is: `segno predict` finds it there. The parameters are under the ISC licence,
whose notice goes into the model file.")]
pub struct Musicnn {
    /// musicnn-0.1.0-py3-none-any.whl
    wheel: PathBuf,
    /// What the network was trained on: `msd` (Million Song Dataset, tags of Last.fm) or `mtt` (MagnaTagATune)
    #[arg(long, default_value = "msd")]
    collection: Which,
    /// Model file to write, instead of one in the library
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

pub fn run(command: &Import) -> Result<()> {
    match command {
        Import::Musicnn(args) => musicnn(args),
        Import::File(File { file, name }) => {
            let stem = file.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
            let name = name.clone().or(stem).context("a model wants a name: give it one with --name")?;
            taken_in(&Library::of_user()?, &name, file)
        }
    }
}

fn musicnn(args: &Musicnn) -> Result<()> {
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
    let name = backbone.name();
    let out = args.out.clone().map_or_else(|| Library::of_user()?.path(&name), Ok)?;
    make_room(&out)?;
    backbone.write(&out)?;
    tell!("{}: {name} with {} tags, {SOURCE}, digest {:.12}", out.display(), backbone.card.tags.len(), backbone.digest());
    tell!("  its parameters are under the ISC licence; the notice is in the file");
    match args.out {
        Some(_) => Ok(()),
        None => taken_in(&Library::of_user()?, &name, &out),
    }
}

/// Takes a file into the library, and says what it is called there.
fn taken_in(library: &Library, name: &str, file: &Path) -> Result<()> {
    let path = library.take_in(name, file)?;
    let used = library.in_use().is_some_and(|used| used == name);
    tell!("{name}: in the library as {}{}", path.display(), if used { ", and in use" } else { "" });
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
