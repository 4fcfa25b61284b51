//! `segno corpus`: make, fetch or index a corpus.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use segno_audio_io::SUPPORTED_EXTENSIONS;
use segno_dataset::{IndexOptions, Manifest, index};
use segno_synth::{SynthSpec, render};

use super::{fetch, print_json};
use crate::corpora;
use crate::layout::Layout;
use crate::lock::Lock;
use crate::progress;
use crate::timing::Clock;
use crate::told::{printable, tell};

#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Render the synthetic corpus: real audio files, the same bytes for the same seed
    Synth(Synth),
    /// Fetch a corpus's archive and unpack it, resumed after a break
    Fetch(fetch::Fetch),
    /// Write the manifest: which tracks are there, whole, and what is known of them
    Index(Index),
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  segno corpus synth audio --seed 1")]
pub struct Synth {
    /// Folder to render into
    dir: PathBuf,
    #[arg(long, default_value_t = SynthSpec::default().tracks_per_genre)]
    tracks_per_genre: usize,
    /// Length of a track
    #[arg(long, default_value_t = SynthSpec::default().seconds)]
    seconds: f64,
    #[arg(long, default_value_t = SynthSpec::default().seed)]
    seed: u64,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  segno corpus index gtzan --root audio/gtzan --work work
  segno corpus index folders:mine --root music --work work")]
pub struct Index {
    /// gtzan, fma, 4qaed, synthetic, folders:<name>, or the path of a corpus.toml
    corpus: String,
    /// Folder of the audio
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Work folder
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
    /// Keep tracks whose bytes are not the published ones
    #[arg(long)]
    accept_foreign_bytes: bool,
    /// Fail when a track of the corpus is left out
    #[arg(long)]
    strict: bool,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(command: Command) -> Result<()> {
    match command {
        Command::Synth(args) => synth(&args),
        Command::Fetch(args) => fetch::run(&args),
        Command::Index(args) => index_corpus(&args),
    }
}

fn synth(args: &Synth) -> Result<()> {
    let spec = SynthSpec { tracks_per_genre: args.tracks_per_genre, seconds: args.seconds, seed: args.seed, ..SynthSpec::default() };
    let bar = progress::bar("render synthetic corpus", 0, "tracks");
    bar.set_length(10 * spec.tracks_per_genre as u64);
    let tracks = render(&args.dir, &spec, |_| bar.inc(1))?;
    bar.finish_and_clear();
    tell!("synthetic corpus: {} tracks of {} s in {}; it is no recording of anything", tracks.len(), spec.seconds, args.dir.display());
    Ok(())
}

fn index_corpus(args: &Index) -> Result<()> {
    ensure!(args.root.is_dir(), "{}: no such folder: give the corpus's own with --root", args.root.display());
    let corpus = corpora::find(&args.corpus)?;
    let layout = Layout::new(&args.work);
    let _lock = Lock::take(&layout.lock("index"), "segno corpus index")?;
    let clock = Clock::of_stage(&layout, "1-index", "index the corpus");
    let options = IndexOptions { extensions: SUPPORTED_EXTENSIONS, accept_foreign_bytes: args.accept_foreign_bytes };
    let manifest = index(&corpus.file, &args.root, corpus.facts.as_deref(), &options)?;
    let (present, left_out) = (manifest.present().count(), manifest.left_out().count());
    // Before anything is written: a mistyped folder must not take a good manifest's place.
    ensure!(present > 0, "no track of corpus {} is in {}: see `segno corpus index --help`", manifest.corpus, args.root.display());
    keep(&layout, &corpus.text, &manifest)?;
    if let Some(selection) = &manifest.selection {
        eprint!("{}", printable(&selection.to_string()));
    }
    clock.keep()?;
    tell!("index {}: {present} tracks take part, {left_out} are left out", manifest.corpus);
    if args.strict && left_out > 0 {
        manifest.left_out().for_each(|(track, reason)| tell!("  left out: {}: {reason}", track.track_id));
        bail!("{left_out} tracks are left out, and --strict was given");
    }
    if args.json {
        print_json(
            &serde_json::json!({ "file": layout.manifest(), "digest": manifest.digest(), "present": present, "left_out": left_out }),
        );
    }
    Ok(())
}

/// Writes corpus file and manifest, the manifest only where it is another than the one there.
pub(super) fn keep(layout: &Layout, corpus: &str, manifest: &Manifest) -> Result<()> {
    super::write_whole(&layout.corpus(), corpus.as_bytes())?;
    let path = layout.manifest();
    if !Manifest::read(&path).is_ok_and(|before| before == *manifest) {
        super::make_room(&path)?;
        manifest.write(&path)?;
    }
    Ok(())
}
