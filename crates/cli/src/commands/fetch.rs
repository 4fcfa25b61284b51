//! `segno corpus fetch`: archives fetched where they are not there, and of each what the corpus needs.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use segno_dataset::{Archive, CorpusFile, Holds, needed_files};
use segno_fetch::{FetchError, Limits, download, extract_members, unpack_tar_gz};

use crate::corpora;
use crate::lock::Lock;
use crate::progress;
use crate::told::tell;

/// From here on a download is asked about first.
const LARGE: u64 = 1 << 30;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
An archive that lies in the folder already is not fetched again; of FMA's zips only the files needed are taken out.

Examples:
  segno corpus fetch gtzan --to cache/gtzan
  segno corpus fetch fma --to cache/fma --yes")]
pub struct Fetch {
    /// A known corpus, or the path of a corpus.toml with archives
    corpus: String,
    /// Folder for the archives and what is in them
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Fetch from this address instead (a corpus of one archive)
    #[arg(long)]
    url: Option<String>,
    /// Fetch archives of a gibibyte and more without asking
    #[arg(long)]
    yes: bool,
    /// Fetch nothing: take out of archives on disk what is not there yet
    #[arg(long, conflicts_with_all = ["url", "yes"])]
    offline: bool,
}

pub fn run(args: &Fetch) -> Result<()> {
    let corpus = corpora::find(&args.corpus)?.file;
    let _lock = Lock::take(&args.to.join("fetch.lock"), "segno corpus fetch")?;
    let parts: Vec<(Holds, &Archive)> = [Holds::Metadata, Holds::Audio]
        .into_iter()
        .filter_map(|holds| Some((holds, corpus.archives.iter().find(|archive| archive.holds == Some(holds))?)))
        .collect();
    if parts.is_empty() {
        return whole(args, &corpus);
    }
    ensure!(args.url.is_none(), "corpus {} has several archives, so that one --url does not stand for them", corpus.name);
    // The metadata first: it tells which files of the audio are needed.
    parts.into_iter().try_for_each(|(holds, archive)| part(args, &corpus, holds, archive))
}

/// The one archive of a corpus, unpacked whole.
fn whole(args: &Fetch, corpus: &CorpusFile) -> Result<()> {
    let archive =
        corpus.archives.iter().find(|archive| args.url.is_some() || archive.url.is_some()).with_context(|| {
            format!("corpus {} has no address to fetch from: get it by hand and give its folder to --root", corpus.name)
        })?;
    let archive = Archive { url: args.url.clone().or_else(|| archive.url.clone()), ..archive.clone() };
    let file = if args.offline { args.to.join(&archive.file) } else { fetched(args, corpus, &archive)? };
    let audio = args.to.join("audio");
    let bar = progress::bytes(&format!("unpack {}", corpus.name), None);
    let unpacked = unpack_tar_gz(&file, &audio, &Limits::default(), &mut |progress| bar.set_position(progress.done));
    bar.finish_and_clear();
    let unpacked = match unpacked {
        // An archive becomes that folder whole or not at all: a run before this one came to its end.
        Err(FetchError::Exists { path }) if path.is_dir() => {
            tell!("{}: {} is there already and kept; remove it to unpack {} again", corpus.title, path.display(), archive.file);
            return Ok(());
        }
        unpacked => unpacked?,
    };
    tell!("{}: {} files in {}", corpus.title, unpacked.files, audio.display());
    Ok(())
}

/// What a corpus needs of one of its archives.
fn part(args: &Fetch, corpus: &CorpusFile, holds: Holds, archive: &Archive) -> Result<()> {
    let needed = needed_files(corpus, &args.to, holds)?.with_context(|| format!("corpus {} does not say what it needs", corpus.name))?;
    let there = |name: &&String| args.to.join(name.as_str()).is_file();
    let missing: Vec<String> = needed.iter().filter(|name| !there(name)).cloned().collect();
    if missing.is_empty() {
        tell!("{}: all {} files of {} are there", corpus.name, needed.len(), archive.file);
        return Ok(());
    }
    let zip = args.to.join(&archive.file);
    if !zip.is_file() && args.offline {
        tell!("{}: {} of {} files are not there, nor is {} to take them from", corpus.name, missing.len(), needed.len(), zip.display());
        return Ok(());
    }
    let zip = if zip.is_file() { zip } else { fetched(args, corpus, archive)? };
    let bar = progress::bytes(&format!("take out of {}", archive.file), None);
    let taken = extract_members(&zip, &missing, &args.to, &Limits::default(), &mut |progress| {
        bar.set_length(progress.total.unwrap_or(progress.done));
        bar.set_position(progress.done);
    })?;
    bar.finish_and_clear();
    tell!("{}: {} of {} files taken out of {}", corpus.name, taken.written + taken.kept, missing.len(), archive.file);
    for name in &taken.missing {
        tell!("  not in the archive: {name}");
    }
    Ok(())
}

/// Downloads an archive, after asking if it is large.
fn fetched(args: &Fetch, corpus: &CorpusFile, archive: &Archive) -> Result<PathBuf> {
    let url = archive.url.clone().with_context(|| format!("{} has no address: put it into {}", archive.file, args.to.display()))?;
    let size = archive.expected_bytes().filter(|bytes| *bytes >= LARGE);
    if let Some(bytes) = size.filter(|_| !args.yes) {
        consent(archive, bytes, &args.to)?;
    }
    let known = segno_fetch::Archive {
        url,
        bytes: archive.bytes,
        md5: archive.md5.clone(),
        sha1: archive.sha1.clone(),
        sha256: archive.sha256.clone(),
    };
    let bar = progress::bytes(&format!("fetch {}", corpus.name), archive.expected_bytes());
    let file = download(&known, &args.to, &mut |progress| {
        if let Some(total) = progress.total {
            bar.set_length(total);
        }
        bar.set_position(progress.done);
    })?;
    bar.finish_and_clear();
    Ok(file)
}

/// Asks whether so much is to be fetched; without a terminal to ask at, `--yes` has to say it.
fn consent(archive: &Archive, bytes: u64, to: &Path) -> Result<()> {
    let gib = bytes as f64 / LARGE as f64;
    let place = to.display();
    let stdin = std::io::stdin();
    ensure!(stdin.is_terminal(), "{} is {gib:.1} GiB: give --yes to fetch it, or put it into {place}", archive.file);
    eprint!("{} is {gib:.1} GiB, to be kept in {place}. Fetch it? [y/N] ", archive.file);
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer)?;
    ensure!(matches!(answer.trim(), "y" | "Y" | "yes"), "{} was not fetched: put it into {place}", archive.file);
    Ok(())
}
