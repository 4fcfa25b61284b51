//! What a head is trained on: the manifest, and its tasks.

use std::{collections::BTreeSet, path::PathBuf, slice};

use anyhow::{Context, Result, bail, ensure};
use segno_audio_io::SUPPORTED_EXTENSIONS;
use segno_dataset::{IndexOptions, Manifest, index};

use super::Args;
use crate::commands::corpus::keep as keep_corpus;
use crate::corpora;
use crate::layout::Layout;
use crate::told::tell;
use crate::walk::audio_files;

/// The manifest, made first where a folder of class folders was named, and the folder of its audio.
pub fn corpus(args: &Args, layout: &Layout) -> Result<(Manifest, PathBuf)> {
    let Some(folder) = &args.corpus else {
        let root = args.root.clone().expect("the command line asks for one of the two");
        let manifest = Manifest::read(&layout.manifest()).with_context(|| {
            format!("no manifest to read: run `segno corpus index` with --work {}, or give --corpus", args.work.display())
        })?;
        return Ok((manifest, root));
    };
    ensure!(folder.is_dir(), "{}: no such folder", folder.display());
    let name = folder.canonicalize()?.file_name().and_then(|name| name.to_str()).unwrap_or("mine").to_lowercase();
    let name: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let corpus = corpora::find(&format!("folders:{name}"))?;
    let options = IndexOptions { extensions: SUPPORTED_EXTENSIONS, accept_foreign_bytes: false };
    let manifest = index(&corpus.file, folder, None, &options)?;
    let known: BTreeSet<PathBuf> = manifest.tracks.iter().map(|track| folder.join(&track.path)).collect();
    for loose in audio_files(slice::from_ref(folder))?.into_iter().filter(|file| !known.contains(file)) {
        tell!("  left out: {}: in no folder of a class", loose.display());
    }
    if let Ok(before) = Manifest::read(&layout.manifest()) {
        let (found, asked) = (&before.corpus, &manifest.corpus);
        ensure!(
            found == asked,
            "{}: of corpus '{found}', and --corpus is '{asked}': take another work folder",
            layout.manifest().display()
        );
    }
    keep_corpus(layout, &corpus.text, &manifest)?;
    Ok((manifest, folder.clone()))
}

/// The tasks asked for; where none is, the manifest's only one, or `genre`.
pub fn task_names(args: &Args, manifest: &Manifest) -> Result<Vec<String>> {
    let known = manifest.tasks();
    if args.tasks.is_empty() {
        return match &known[..] {
            [only] => Ok(vec![only.clone()]),
            _ if known.iter().any(|task| task == "genre") => Ok(vec!["genre".into()]),
            _ => bail!("name a task with --task: the manifest has {}", known.join(", ")),
        };
    }
    match args.tasks.iter().find(|task| !known.contains(task)) {
        Some(unknown) => bail!("--task {unknown}: the manifest has {}", known.join(", ")),
        None => Ok(args.tasks.clone()),
    }
}
