//! `segno embed`: audio → embeddings of a pre-trained network.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use segno_dataset::{Manifest, ShardSet, Track};
use segno_models::Backbone;
use segno_store::Store;
use serde_json::json;

use super::print_json;
use crate::ear::Ear;
use crate::embedding::{EmbeddingSpec, Layer, Pool, embed};
use crate::library::Library;
use crate::lock::Lock;
use crate::progress;
use crate::stop::{Finishing, flow};
use crate::told::{after_name, tell};
use crate::walk::audio_files;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The tracks are files and folders, or those of a manifest (--work, and --root for its audio). A part of 64 tracks is written whole or
not at all: the same command goes on where another was cut off, and writes a part that is missing alone. The parts are of one list of
tracks: with a file more, a file fewer or another name all of them are heard anew. A file is known by its path: of one whose sound has
changed under its name the old numbers are kept, unless a manifest, which has its checksum, was indexed anew.

Each row has clip_id, track_id and a list of numbers, `features`; the file's metadata names backbone, digest, layer and pooling
(`segno.feature_spec`), and the tracks that could not be heard, with the reasons (`segno.failures`).

Examples:
  segno embed --model musicnn-msd.safetensors --out embeddings music/
  segno embed --model musicnn-msd.safetensors --out embeddings --work work --root audio/gtzan
  python -c \"import duckdb; print(duckdb.sql(\\\"select track_id, features from 'embeddings/*.parquet'\\\"))\"")]
pub struct Args {
    /// Model file of a pre-trained network, as `segno model import` writes it, or a name of the library
    #[arg(long, value_name = "MODEL")]
    model: PathBuf,
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, default_value = "penultimate")]
    layer: Layer,
    /// What is taken over a track's patches of three seconds
    #[arg(long, default_value = "mean")]
    pool: Pool,
    /// Work folder with a manifest
    #[arg(long, value_name = "DIR", requires = "root", required_unless_present = "paths")]
    work: Option<PathBuf>,
    /// Folder that the manifest's paths are relative to
    #[arg(long, value_name = "DIR", requires = "work")]
    root: Option<PathBuf>,
    /// Audio files, and folders of them
    #[arg(value_name = "PATH", conflicts_with = "work")]
    paths: Vec<PathBuf>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let backbone = Backbone::read(&Library::model_file(Some(&args.model))?)?;
    let (manifest, root) = match (&args.work, &args.root) {
        (Some(work), Some(root)) => (Manifest::read(&crate::Layout::new(work).manifest())?, root.clone()),
        _ => (of_files(&args.paths)?, PathBuf::new()),
    };
    let spec = EmbeddingSpec::of(&backbone, args.layer, args.pool);
    let ear = Ear::new(&backbone)?;
    let _lock = Lock::take(&args.out.join(".lock"), "segno embed")?;
    let out = Store::folder(&args.out);
    if let Ok(before) = ShardSet::open(out.clone()) {
        let (found, asked) = (&before.header().feature_spec_json, serde_json::to_string(&spec)?);
        ensure!(*found == asked, "{}: holds {found}, asked for {asked}: take another folder", args.out.display());
    }
    let bar = progress::bar(&format!("embed with {}", spec.backbone), manifest.present().count() as u64, "tracks");
    let _finishing = Finishing::begin();
    let written = embed(&manifest, &root, (&ear, &spec), &out, |tracks| {
        bar.inc(tracks as u64);
        flow()
    })?;
    bar.finish_and_clear();
    let shards = ShardSet::open(out)?;
    tell!("embed: {} tracks of {} numbers, {written} parts written new, in {}", shards.clips().len(), spec.width(), args.out.display());
    for failure in shards.failures() {
        tell!("  left out: {}: {}", failure.track_id, after_name(&failure.track_id, &failure.reason));
    }
    for note in shards.notes() {
        tell!("  {}: {}", note.track_id, note.reason);
    }
    if args.json {
        print_json(&json!({
            "folder": args.out, "embedding": spec, "tracks": shards.clips().len(), "parts_written": written,
            "failures": shards.failures().len(), "repeated": shards.notes().len(), "digest": shards.digest(),
        }));
    }
    ensure!(!shards.clips().is_empty(), "no track could be heard: the reasons are above");
    Ok(())
}

/// Files as a manifest: a track is named by its path. One whose name is no text is left out aloud.
fn of_files(paths: &[PathBuf]) -> Result<Manifest> {
    let mut tracks = vec![];
    for file in audio_files(paths)? {
        match file.to_str() {
            Some(name) => tracks.push(Track { track_id: name.to_owned(), path: name.to_owned(), ..Track::default() }),
            None => tell!("  left out: {}: its name is not unicode; rename the file", file.display()),
        }
    }
    ensure!(!tracks.is_empty(), "no audio file in the paths given");
    Ok(Manifest::new("files", tracks)?)
}
