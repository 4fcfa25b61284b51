//! Which file of a work folder belongs to which stage.

use std::path::{Path, PathBuf};

use crate::embedding::EmbeddingSpec;
use anyhow::Result;
use segno_audio_io::DECODER_VERSION;
use segno_dataset::{Fold, Manifest, Part, Precision, Protocol, ShardHeader, Split, digest_bytes};
use segno_features::{EXTRACTOR_VERSION, FeatureSpec};
use segno_store::Store;
use serde::{Deserialize, Serialize};

/// One run: a row of an experiment, a protocol, a seed, and a fold where the protocol has folds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunKey {
    /// The row's id.
    pub row: String,
    /// The protocol of the split.
    pub protocol: Protocol,
    /// The seed.
    pub seed: u64,
    /// The fold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<Fold>,
}

impl RunKey {
    /// What the run's files are called: `track-1`, `artist-1.fold-2of5`.
    pub fn stem(&self) -> String {
        let fold = self.fold.map_or_else(String::new, |fold| format!(".{fold}"));
        format!("{}-{}{fold}", self.protocol, self.seed)
    }
}

/// The paths of a work folder.
///
/// | path | stage |
/// |---|---|
/// | `tracks.parquet`, `corpus.toml` | corpus index |
/// | `features/<digest>/part-*.parquet`, or elsewhere by `--shards` | extract |
/// | `audit.html`, `audit.json`, `audit/duplicates.parquet`, `audit/fingerprints.parquet` | audit |
/// | `splits/<protocol>-<seed>.parquet`, a fold `<protocol>-<seed>.fold-<i>of<k>.parquet` and so on below | split |
/// | `models/<row>/<protocol>-<seed>.safetensors`, `.curves.parquet`, `.checkpoint.safetensors` | train |
/// | `predictions/<row>/<protocol>-<seed>.parquet`, of the training part `.train.parquet` | predict-set |
/// | `timings/*.json` | every stage |
/// | `locks/*.lock` | every stage, for as long as it runs |
/// | `report.html`, `report.md`, `report.json`; pictures `figures/<name>.svg`, `.png` | report |
/// | `compare-<A>-<B>.html`, `.md`, `.json` | report --compare |
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
    shards: Store,
}

impl Layout {
    /// The layout of a folder, which need not be there yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), shards: Store::folder(&root.join("features")) }
    }

    /// The same, with the shards elsewhere than in `features/`.
    pub fn with_shards(self, shards: Store) -> Self {
        Self { shards, ..self }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The manifest.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("tracks.parquet")
    }

    /// The declaration of the corpus that the manifest is of.
    pub fn corpus(&self) -> PathBuf {
        self.root.join("corpus.toml")
    }

    /// Where the shards of a feature set are: one folder each.
    pub fn features(&self, features: FeatureSet<'_>) -> Result<Store> {
        Ok(self.shards.below(&features.digest()?)?)
    }

    /// Where the embeddings of a pre-trained network are.
    pub fn embeddings(&self, spec: &EmbeddingSpec) -> Result<Store> {
        Ok(self.shards.below(&spec.folder()?)?)
    }

    /// A split table.
    pub fn split(&self, protocol: Protocol, seed: u64, fold: Option<Fold>) -> PathBuf {
        self.splits().join(Split::file_name(protocol, seed, fold))
    }

    /// The folder of split tables.
    pub fn splits(&self) -> PathBuf {
        self.root.join("splits")
    }

    /// An audit as a page (`html`) or as data (`json`).
    pub fn audit(&self, extension: &str) -> PathBuf {
        self.root.join(format!("audit.{extension}"))
    }

    /// What an audit heard of each track.
    pub fn fingerprints(&self) -> PathBuf {
        self.root.join("audit").join("fingerprints.parquet")
    }

    /// The pairs of near duplicates that an audit found.
    pub fn duplicates(&self) -> PathBuf {
        self.root.join("audit").join("duplicates.parquet")
    }

    fn of_run(&self, folder: &str, key: &RunKey, extension: &str) -> PathBuf {
        self.root.join(folder).join(&key.row).join(format!("{}.{extension}", key.stem()))
    }

    /// A trained model.
    pub fn model(&self, key: &RunKey) -> PathBuf {
        self.of_run("models", key, "safetensors")
    }

    /// Its learning curves.
    pub fn curves(&self, key: &RunKey) -> PathBuf {
        self.of_run("models", key, "curves.parquet")
    }

    /// Where its training stands, while it has not ended.
    pub fn checkpoint(&self, key: &RunKey) -> PathBuf {
        self.of_run("models", key, "checkpoint.safetensors")
    }

    /// Its predictions of a part.
    pub fn predictions(&self, key: &RunKey, part: Part) -> PathBuf {
        let extension = if part == Part::Test { "parquet".to_owned() } else { format!("{part}.parquet") };
        self.of_run("predictions", key, &extension)
    }

    /// A lock on one thing that is written here.
    pub fn lock(&self, thing: &str) -> PathBuf {
        self.root.join("locks").join(format!("{thing}.lock"))
    }

    /// What stages took.
    pub fn timings(&self) -> PathBuf {
        self.root.join("timings")
    }
}

/// The canonical JSON of a feature specification.
pub fn spec_json(spec: &FeatureSpec) -> Result<String> {
    Ok(serde_json::to_string(spec)?)
}

/// What features are, and how they are stored.
#[derive(Clone, Copy, Debug)]
pub struct FeatureSet<'a> {
    /// The specification.
    pub spec: &'a FeatureSpec,
    /// What a value is stored as.
    pub precision: Precision,
}

impl FeatureSet<'_> {
    /// The name of their folder: a specification, extractor version, decoder version and precision.
    pub fn digest(&self) -> Result<String> {
        Ok(folder_name(&spec_json(self.spec)?, self.precision))
    }

    /// The header of their shards over a corpus.
    pub fn header(&self, manifest: &Manifest) -> Result<ShardHeader> {
        Ok(shard_header(spec_json(self.spec)?, self.spec.shape(), self.precision, manifest))
    }
}

/// The name of a folder of shards: what decides about their numbers.
pub(crate) fn folder_name(spec_json: &str, precision: Precision) -> String {
    let mut name = format!("{EXTRACTOR_VERSION} {DECODER_VERSION} {spec_json}");
    if precision != Precision::Single {
        name += &format!(" {precision}");
    }
    digest_bytes(name.as_bytes())[..12].to_owned()
}

/// The header of shards that this program writes over a corpus.
pub(crate) fn shard_header(spec_json: String, shape: [usize; 2], precision: Precision, manifest: &Manifest) -> ShardHeader {
    ShardHeader {
        feature_spec_json: spec_json,
        extractor_version: EXTRACTOR_VERSION.to_owned(),
        decoder_version: DECODER_VERSION.to_owned(),
        corpus: manifest.corpus.clone(),
        corpus_digest: manifest.digest(),
        shape,
        precision,
    }
}
