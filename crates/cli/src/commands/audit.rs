//! `segno audit`: what of a corpus repeats itself, and what of that stands on two sides of a split.

use std::path::{Component, Path, PathBuf};
use std::{fmt, fs};

use anyhow::{Context, Result, ensure};
use segno_audio_io::{AudioStream, DECODER_VERSION, LoadOptions};
use segno_audit::{Audit, AuditInput, FINGERPRINT_VERSION, Kind, Links, Listener, Matching, NamedSplit, SAMPLE_RATE_HZ, hear, still_true};
use segno_dataset::{DatasetError, Failure, FingerprintRow, Fingerprints, Manifest, Split, Track};

use super::{make_room, manifest, print_json, write_whole};
use crate::experiment::Experiment;
use crate::layout::Layout;
use crate::lock::Lock;
use crate::preprocess::relative;
use crate::progress;
use crate::timing::Clock;
use crate::told::{show, tell};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Kinds:
  same-track       clips of one track
  identical-bytes  files of the same bytes, by the manifest's checksums
  identical-audio  the same samples under other bytes (another container, another header)
  near-duplicate   alike over a stretch by acoustic fingerprint (coded again, another level, shifted, cut)
  same-song        the same artist and title
  same-title       the same title, whoever plays
  same-artist      the same artist
  label-conflict   duplicates with different labels

Writes audit.html, audit.json and, once every track was listened to, audit/duplicates.parquet to the work folder. What was heard is kept
there too: a second run listens to what is new or has changed. Without --root, what is known of the audio is what was
heard before.

Exit status: 4 where a kind of --fail-on was found, 1 for an error.

Examples:
  segno audit --work work --root audio/gtzan
  segno audit --work work --root audio/gtzan --fail-on same-track,near-duplicate --across")]
pub struct Args {
    /// Work folder: manifest, splits
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
    /// Folder that the manifest's paths are relative to
    #[arg(long, visible_alias = "data", value_name = "DIR")]
    root: Option<PathBuf>,
    /// Look at the splits of this experiment's protocols alone
    #[arg(long, value_name = "FILE")]
    experiment: Option<PathBuf>,
    /// Look at this split table, and at no other that is not named; all of the work folder where none is
    #[arg(long = "split", value_name = "FILE", conflicts_with = "experiment")]
    splits: Vec<PathBuf>,
    /// Kinds that are a failure
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    fail_on: Vec<Kind>,
    /// Let --fail-on count what a split has on two sides alone
    #[arg(long, requires = "fail_on")]
    across: bool,
    /// Print audit.json
    #[arg(long)]
    json: bool,
}

/// Kinds of `--fail-on` were found.
#[derive(Debug)]
pub struct KindsFound {
    kinds: Vec<(Kind, usize)>,
    across: bool,
    page: PathBuf,
}

impl fmt::Display for KindsFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, n)| format!("{kind} ({n})")).collect();
        let place = if self.across { "on two sides of a split" } else { "in the corpus or on two sides of a split" };
        write!(f, "found {place}: {}; expected none of them (--fail-on): see {}", kinds.join(", "), self.page.display())
    }
}

impl std::error::Error for KindsFound {}

pub fn run(args: &Args) -> Result<()> {
    let layout = Layout::new(&args.work);
    let _lock = Lock::take(&layout.lock("audit"), "segno audit")?;
    let experiment = args.experiment.as_deref().map(Experiment::read).transpose()?;
    let manifest = match &experiment {
        Some(experiment) => manifest(&layout, experiment)?,
        None => Manifest::read(&layout.manifest()).context("run `segno corpus index` with this --work")?,
    };
    let splits = splits(args, &layout, experiment.as_ref(), &manifest)?;
    let (heard, undecodable) = listen(args, &layout, &manifest)?;
    let input =
        AuditInput { manifest: &manifest, heard: &heard, undecodable: &undecodable, splits: &splits, matching: Matching::default() };
    let audit = segno_audit::audit(&input)?;

    let json = serde_json::to_string_pretty(&audit)? + "\n";
    write_whole(&layout.audit("json"), json.as_bytes())?;
    let root = args.root.as_deref().map(|root| links(&layout, root)).transpose()?;
    write_whole(&layout.audit("html"), segno_audit::page(&audit, &root.unwrap_or_default()).as_bytes())?;
    if audit.heard + audit.undecodable.len() == audit.tracks {
        make_room(&layout.duplicates())?;
        audit.duplicates(&manifest)?.write(&layout.duplicates())?;
    } else {
        let silent = audit.tracks - audit.heard;
        tell!("audit: {silent} tracks were not listened to, so {} was not written: give --root", layout.duplicates().display());
    }
    if args.json {
        print_json(&serde_json::to_value(&audit)?);
    } else {
        show!("{}", segno_audit::table(&audit).trim_end());
        tell_undecodable(&audit);
        show!("{}", layout.audit("html").display());
    }
    let found: Vec<(Kind, usize)> =
        args.fail_on.iter().map(|&kind| (kind, audit.count(kind, args.across))).filter(|(_, n)| *n > 0).collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(KindsFound { kinds: found, across: args.across, page: layout.audit("html") }.into())
}

/// Tracks that are told of on the terminal.
const MOST_TOLD: usize = 10;

fn tell_undecodable(audit: &Audit) {
    for track in audit.undecodable.iter().take(MOST_TOLD) {
        show!("not decoded: {}: {}", track.track_id, track.reason);
    }
    if audit.undecodable.len() > MOST_TOLD {
        show!("and {} more, in audit.json", audit.undecodable.len() - MOST_TOLD);
    }
}

/// The splits to look at, in the order of their names.
fn splits(args: &Args, layout: &Layout, experiment: Option<&Experiment>, manifest: &Manifest) -> Result<Vec<NamedSplit>> {
    let mut files = args.splits.clone();
    if let Some(folder) = Some(layout.splits()).filter(|folder| files.is_empty() && folder.is_dir()) {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        files = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "parquet"));
    }
    files.sort();
    let mut splits = vec![];
    for path in files {
        let split = Split::read(&path)?;
        if experiment.is_some_and(|experiment| !experiment.protocols.contains(&split.protocol)) {
            continue;
        }
        ensure!(split.corpus_digest == manifest.digest(), "{}: drawn from another manifest: run `segno split` again", path.display());
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        splits.push(NamedSplit { name, split });
    }
    Ok(splits)
}

/// What was heard of the corpus, before and now, and which tracks could not be decoded.
fn listen(args: &Args, layout: &Layout, manifest: &Manifest) -> Result<(Vec<FingerprintRow>, Vec<Failure>)> {
    let path = layout.fingerprints();
    let kept = match Fingerprints::read(&path) {
        Ok(kept) => Some(kept),
        Err(DatasetError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).context("what was heard before cannot be read"),
    };
    let made_by = format!("fingerprint {FINGERPRINT_VERSION}, decoder {DECODER_VERSION}");
    let Some(root) = &args.root else {
        return Ok((still_true(manifest, kept, &made_by).into_values().collect(), vec![]));
    };
    let clock = Clock::of_stage(layout, "2-audit", "audit: listen");
    let bar = progress::bar("audit: listen", manifest.present().count() as u64, "tracks");
    let mut n_saved = 0;
    let save = |all: &Fingerprints| {
        n_saved += 1;
        all.write(&path)
    };
    let decode = |track: &Track, listener: &mut Listener| decode(root, track, listener);
    let heard = hear(manifest, kept, &made_by, decode, || bar.inc(1), save);
    let (all, undecodable) = heard.with_context(|| format!("what was heard cannot be kept in {}", path.display()))?;
    bar.finish_and_clear();
    if n_saved > 0 {
        clock.keep()?;
    }
    Ok((all.rows, undecodable))
}

fn decode(root: &Path, track: &Track, listener: &mut Listener) -> Result<(), String> {
    let options = LoadOptions { sample_rate_hz: Some(SAMPLE_RATE_HZ), ..LoadOptions::default() };
    let reason = |error: segno_audio_io::AudioError| relative(&error.to_string(), root);
    let mut stream = AudioStream::open(&root.join(&track.path), &options).map_err(reason)?;
    while let Some(block) = stream.next_block().map_err(reason)? {
        listener.push(block);
    }
    Ok(())
}

/// Links from the page in the work folder to the corpus root.
fn links(layout: &Layout, root: &Path) -> Result<Links> {
    let whole = |path: &Path| path.canonicalize().with_context(|| path.display().to_string());
    let (from, to) = (whole(layout.root())?, whole(root)?);
    let n_shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(n_shared).map(|_| "..".to_owned());
    let down = to.components().skip(n_shared).map(|part| match part {
        Component::Normal(name) => {
            Ok(name.to_str().with_context(|| format!("{}: the name is not unicode; rename the folder", to.display()))?.to_owned())
        }
        _ => anyhow::bail!("{}: on another drive than the work folder, so that no relative link leads there", to.display()),
    });
    let folders: Vec<String> = up.map(Ok).chain(down).collect::<Result<_>>()?;
    Ok(Links::to(folders.iter().map(String::as_str)))
}
