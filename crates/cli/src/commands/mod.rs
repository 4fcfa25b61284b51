//! One stage a file.

pub mod answers;
pub mod audit;
pub mod auralise;
mod compare;
pub mod completions;
pub mod corpus;
mod drawings;
pub mod embed;
pub mod experiment;
pub mod explain;
pub mod extract;
mod features;
pub mod fetch;
mod figures;
pub mod head;
mod inputs;
pub mod man;
pub mod map;
pub mod model;
pub mod predict;
pub mod predict_set;
mod protocols;
pub mod report;
mod runs;
pub mod similar;
pub mod split;
pub mod tags;
pub mod train;

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use segno_dataset::{CorpusFile, DatasetError, Duplicates, Manifest, NearDuplicates, ShardHeader, ShardSet, Split};
use segno_models::{Difference, differences};
use serde_json::{Value, json};

use crate::experiment::{Experiment, Row};
use crate::layout::{Layout, RunKey};
use crate::told::show;

/// The manifest of a work folder, if it is of the experiment's corpus.
fn manifest(layout: &Layout, experiment: &Experiment) -> Result<Manifest> {
    let path = layout.manifest();
    let manifest = Manifest::read(&path)
        .with_context(|| format!("no manifest to read: run `segno corpus index` with --work {}", layout.root().display()))?;
    ensure!(
        manifest.corpus == experiment.corpus,
        "{}: found corpus '{}', expected '{}': take another work folder or experiment",
        path.display(),
        manifest.corpus,
        experiment.corpus
    );
    Ok(manifest)
}

/// The declaration of the corpus that the work folder's manifest is of.
fn corpus_file(layout: &Layout) -> Result<CorpusFile> {
    CorpusFile::read(&layout.corpus()).context("run `segno corpus index` again")
}

/// The shards of a row's features, if they are of this manifest and specification.
fn shards(layout: &Layout, experiment: &Experiment, row: &Row, manifest: &Manifest) -> Result<ShardSet> {
    let features = experiment.feature_set(row)?;
    let folder = layout.features(features)?;
    let shards = ShardSet::open(&folder).with_context(|| format!("features of row {}: run `segno extract`", row.id))?;
    let expected = features.header(manifest)?;
    let apart = differences(&fields(shards.header())?, &fields(&expected)?);
    ensure!(apart.is_empty(), "{folder}: the shards are of another extraction ({}): run `segno extract` again", listed(&apart));
    Ok(shards)
}

/// A header key by key, so that two can be told apart.
fn fields(header: &ShardHeader) -> Result<Value> {
    let ShardHeader { feature_spec_json, extractor_version, decoder_version, corpus, corpus_digest, shape, precision } = header;
    let specification: Value = serde_json::from_str(feature_spec_json).context("the shards' feature specification")?;
    Ok(json!({
        "specification": specification, "extractor_version": extractor_version, "decoder_version": decoder_version,
        "corpus": corpus, "corpus_digest": corpus_digest, "shape": shape, "precision": precision.to_string(),
    }))
}

/// Differences in one line, both sides of each.
fn listed(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Whether it was the store that could not be read, and not that what is there is of no use.
fn store_refuses(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(DatasetError::Store(_)))
}

/// A run's split table, if it is of this manifest.
fn split(layout: &Layout, key: &RunKey, manifest: &Manifest) -> Result<Split> {
    let path = layout.split(key.protocol, key.seed, key.fold);
    let split = Split::read(&path).with_context(|| format!("run `segno split` with --protocol {} --seed {}", key.protocol, key.seed))?;
    ensure!(
        split.corpus_digest == manifest.digest(),
        "{}: drawn from manifest {:.12}, and {} is {:.12}: run `segno split` again",
        path.display(),
        split.corpus_digest,
        layout.manifest().display(),
        manifest.digest()
    );
    if let Some(folding) = &split.folding {
        let audited = duplicates(layout, manifest)?;
        ensure!(
            folding.near_duplicates == audited.as_ref().map(NearDuplicates::from),
            "{}: drawn with other near duplicates than {} has now: run `segno split` again",
            path.display(),
            layout.duplicates().display()
        );
    }
    Ok(split)
}

/// The near duplicates that an audit of this manifest found, if there was one.
fn duplicates(layout: &Layout, manifest: &Manifest) -> Result<Option<Duplicates>> {
    let path = layout.duplicates();
    if !path.is_file() {
        return Ok(None);
    }
    let table = Duplicates::read(&path)?;
    ensure!(
        table.corpus_digest == manifest.digest(),
        "{}: the audit is of manifest {:.12}, and {} is {:.12}: run `segno audit` again, or remove the file to go without it",
        path.display(),
        table.corpus_digest,
        layout.manifest().display(),
        manifest.digest()
    );
    Ok(Some(table))
}

/// Makes the folder that a file is to lie in.
pub(crate) fn make_room(path: &Path) -> Result<()> {
    let folder = path.parent().expect("a work folder's files lie in folders");
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Writes a small file under a temporary name and renames it: it is there whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    make_room(path)?;
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        // Half a file would fill a full disk further; that nothing was written is told below.
        let _ = fs::remove_file(&partial);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Prints one JSON object on standard output.
fn print_json(value: &Value) {
    show!("{value}");
}
