//! `segno similar`: a track → the tracks of a library that sound like it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use segno_models::Backbone;
use serde_json::json;

use super::{print_json, write_whole};
use crate::ear::Ear;
use crate::library::Library;
use crate::neighbours::Neighbours;
use crate::playlist::{entry, m3u8};
use crate::told::{show, tell};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Near is the cosine between embeddings, from -1 to 1. A track of the library is named as it was embedded, by its path; any other file is
listened to first, with the network that the library was embedded with.

Examples:
  segno embed --model musicnn-msd.safetensors --out embeddings music/
  segno similar music/one.mp3 --in embeddings
  segno similar new.mp3 --in embeddings --model musicnn-msd --playlist like-new.m3u8")]
pub struct Args {
    /// A track of the library, or an audio file
    #[arg(value_name = "TRACK")]
    track: String,
    /// Folder that `segno embed` wrote
    #[arg(long = "in", value_name = "LIBRARY")]
    library: PathBuf,
    /// How many
    #[arg(long, short = 'n', default_value_t = 10)]
    number: usize,
    /// The network to listen with to a file that is not in the library, a file or a name of the model library
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Write the tracks as an M3U8 playlist too
    #[arg(long, value_name = "FILE")]
    playlist: Option<PathBuf>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let library = Neighbours::read(&args.library)?;
    let place = library.place(&args.track);
    let found = match place {
        Some(place) => library.nearest(library.embedding(place), Some(place), args.number),
        None => library.nearest(&heard(args, &library)?, None, args.number),
    };
    if let Some(playlist) = &args.playlist {
        let entries = found.iter().map(|near| entry(Path::new(&near.track))).collect::<Result<Vec<_>>>();
        write_whole(playlist, m3u8(&entries.context("--playlist")?).as_bytes())?;
        tell!("playlist: {} tracks in {}", found.len(), playlist.display());
    }
    if args.json {
        print_json(&json!({
            "track": args.track, "of_library": place.is_some(), "tracks": library.tracks().len(), "embedding": library.spec, "nearest": found,
        }));
        return Ok(());
    }
    for near in &found {
        show!("{:>6.3}  {}", near.similarity, near.track);
    }
    Ok(())
}

/// The embedding of a file that the library does not have.
fn heard(args: &Args, library: &Neighbours) -> Result<Vec<f32>> {
    let file = Path::new(&args.track);
    ensure!(file.exists(), "{}: neither a track of {} ({} of them) nor a file", args.track, args.library.display(), library.tracks().len());
    let spec = &library.spec;
    let backbone = match &args.model {
        Some(model) => Backbone::read(&Library::model_file(Some(model))?)?,
        None => {
            let asked = || format!("{}: to listen to it, name {} with --model", args.track, spec.backbone);
            Library::of_user().and_then(|library| library.backbone(&spec.digest)).with_context(asked)?.with_context(asked)?.0
        }
    };
    let found = backbone.digest();
    ensure!(
        found == spec.digest,
        "--model is {} {found:.12}, and {} was embedded with {} {:.12}: name that one",
        backbone.name(),
        args.library.display(),
        spec.backbone,
        spec.digest
    );
    let ear = Ear::new(&backbone)?;
    Ok(spec.row(&ear.listen(&mut ear.extractor(), file)?.patches))
}
