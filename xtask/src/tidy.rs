//! `cargo xtask tidy`: the arrows between crates, the homes of libraries, what the pages say of both, and whether each crate can be packaged.

mod book;
mod packages;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use self::sources::sources;
use crate::segno::repository;

/// Which crates of the house a crate may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("segno-audio-io", &[]),
    ("segno-features", &[]),
    ("segno-corpora", &[]),
    ("segno-dataset", &["segno-store"]),
    ("segno-store", &[]),
    ("segno-kernels", &[]),
    ("segno-bench", &[]),
    ("segno-synth", &[]),
    ("segno-tags", &[]),
    ("segno-fetch", &[]),
    ("segno-page", &[]),
    ("segno-raster", &[]),
    ("segno-map", &["segno-page"]),
    ("segno-audit", &["segno-dataset", "segno-page"]),
    ("segno-models", &["segno-kernels"]),
    ("segno-trainer", &["segno-dataset", "segno-models"]),
    ("segno-eval", &["segno-dataset", "segno-models", "segno-page"]),
    (
        "segno-cli",
        &[
            "segno-audio-io",
            "segno-audit",
            "segno-corpora",
            "segno-features",
            "segno-dataset",
            "segno-synth",
            "segno-fetch",
            "segno-map",
            "segno-models",
            "segno-trainer",
            "segno-eval",
            "segno-raster",
            "segno-store",
            "segno-tags",
        ],
    ),
    ("segno-tests", &[]),
    ("xtask", &["segno-bench"]),
];

/// Libraries with a home: nobody else may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("symphonia", &["segno-audio-io"]),
    ("rubato", &["segno-audio-io"]),
    ("rustfft", &["segno-audio-io"]),
    ("zip", &["segno-fetch"]),
    ("realfft", &["segno-features"]),
    ("arrow", &["segno-dataset"]),
    ("parquet", &["segno-dataset"]),
    ("gemm", &["segno-kernels"]),
    ("pulp", &["segno-kernels", "segno-audio-io"]),
    ("safetensors", &["segno-models"]),
    ("crc32c", &["segno-models"]),
    ("burn", &["segno-models", "segno-trainer", "segno-eval", "segno-cli"]),
    ("burn-flex", &["segno-models"]),
    ("burn-std", &["segno-models"]),
    ("maud", &["segno-page", "segno-eval", "segno-audit", "segno-map"]),
    ("base64", &["segno-page"]),
    ("plotters", &["segno-eval"]),
    ("resvg", &["segno-raster"]),
    ("dejavu", &["segno-raster"]),
    ("bhtsne", &["segno-eval"]),
    ("flacenc", &["segno-synth"]),
    ("rusty-chromaprint", &["segno-audit"]),
    ("ureq", &["segno-fetch", "segno-store"]),
    ("object_store", &["segno-store"]),
    ("tokio", &["segno-store"]),
    ("tar", &["segno-fetch"]),
    ("lofty", &["segno-tags"]),
    ("ogg_pager", &["segno-tags"]),
    ("data-encoding", &["segno-tags"]),
    ("csv", &["segno-dataset"]),
    ("rayon", &["segno-audit", "segno-cli", "segno-dataset", "segno-eval", "segno-kernels", "segno-models", "segno-synth"]),
    ("hound", &["segno-cli"]),
    ("indicatif", &["segno-cli"]),
    ("ctrlc", &["segno-cli", "xtask"]),
    ("clap", &["segno-cli", "xtask"]),
    ("clap_complete", &["segno-cli"]),
    ("clap_mangen", &["segno-cli"]),
];

/// A file longer than this wants a wall.
const LONGEST_FILE: usize = 500;

pub fn run() -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(repository()).no_deps().exec()?;
    let mut faults = arrows(&metadata);
    faults.extend(homes(&metadata));
    faults.extend(pages(&metadata)?);
    faults.extend(lengths(&metadata)?);
    faults.extend(packages::faults(&metadata)?);
    faults.extend(book::faults()?);
    faults.iter().for_each(|fault| eprintln!("tidy: {fault}"));
    ensure!(faults.is_empty(), "{} faults", faults.len());
    println!("tidy: {} crates keep their arrows, {} libraries their homes", metadata.packages.len(), HOMES.len());
    Ok(())
}

/// Crate → what it depends on outside its tests.
fn dependencies(metadata: &Metadata) -> BTreeMap<&str, BTreeSet<&str>> {
    metadata
        .packages
        .iter()
        .map(|package| {
            let names = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
            (package.name.as_str(), names.map(|dependency| dependency.name.as_str()).collect())
        })
        .collect()
}

fn arrows(metadata: &Metadata) -> Vec<String> {
    let known: BTreeMap<&str, BTreeSet<&str>> = ARROWS.iter().map(|(name, allowed)| (*name, allowed.iter().copied().collect())).collect();
    let mut faults = vec![];
    for (name, dependencies) in dependencies(metadata) {
        let Some(allowed) = known.get(name) else {
            faults.push(format!("crate {name} has no place in the house: give it one in xtask/src/tidy.rs and docs/architecture.md"));
            continue;
        };
        let inside = dependencies.into_iter().filter(|dependency| known.contains_key(dependency));
        faults.extend(
            inside.filter(|dependency| !allowed.contains(dependency)).map(|dependency| format!("{name} must not know {dependency}")),
        );
    }
    faults
}

fn homes(metadata: &Metadata) -> Vec<String> {
    let mut faults = vec![];
    for (name, dependencies) in dependencies(metadata) {
        for (library, homes) in HOMES {
            if dependencies.contains(library) && !homes.contains(&name) {
                faults.push(format!("{name} names {library}, whose home is {}", homes.join(", ")));
            }
        }
    }
    faults
}

/// Every crate stands in docs/architecture.md, and every `segno-…` named there is a crate.
fn pages(metadata: &Metadata) -> Result<Vec<String>> {
    let path = repository().join("docs/architecture.md");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let named: BTreeSet<&str> =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.starts_with("segno-")).collect();
    let crates: BTreeSet<&str> =
        metadata.packages.iter().map(|package| package.name.as_str()).filter(|name| name.starts_with("segno-")).collect();
    let missing = crates.difference(&named).map(|name| format!("docs/architecture.md does not name {name}"));
    let unknown = named.difference(&crates).map(|name| format!("docs/architecture.md names {name}, which is no crate"));
    Ok(missing.chain(unknown).collect())
}

fn lengths(metadata: &Metadata) -> Result<Vec<String>> {
    let folders = metadata.packages.iter().filter_map(|package| Some(package.manifest_path.parent()?.as_std_path().to_owned()));
    let counted = sources(folders.collect())?.into_iter().map(|(path, text)| (path, text.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > LONGEST_FILE);
    Ok(long.map(|(path, lines)| format!("{} has {lines} lines: split it before {LONGEST_FILE}", path.display())).collect())
}
