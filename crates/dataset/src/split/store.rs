//! A split as `splits/<protocol>-<seed>.parquet`, a fold as `splits/<protocol>-<seed>.fold-<i>of<k>.parquet`.

use std::path::Path;

use super::{Fold, Protocol, Split, SplitRow};
use crate::{
    DatasetError, Digest, digest_fields,
    table::{self, CORPUS, CORPUS_DIGEST, SCHEMA_VERSION, text_column},
};

const SPLIT: &str = "split";
const PROTOCOL: &str = "segno.protocol";
const SEED: &str = "segno.seed";
const FRACTIONS: &str = "segno.fractions";
const SHARED_GROUPS: &str = "segno.shared_groups";
const SHARED_TRACKS: &str = "segno.shared_tracks";
const FOLDING: &str = "segno.folding";

impl Split {
    /// `<protocol>-<seed>.parquet`, `<protocol>-<seed>.fold-<i>of<k>.parquet` for a fold.
    pub fn file_name(protocol: Protocol, seed: u64, fold: Option<Fold>) -> String {
        let fold = fold.map_or_else(String::new, |fold| format!(".{fold}"));
        format!("{protocol}-{seed}{fold}.parquet")
    }

    /// Digest of protocol, seed, fold, fractions, corpus and rows: of what is trained on and tested, and not of how near
    /// duplicates were looked for, so that an audit which moves no track leaves it as it is.
    pub fn digest(&self) -> Digest {
        let seed = self.seed.to_string();
        let fold = self.fold().map(|fold| fold.to_string());
        let fractions = self.fractions.to_string();
        let head = [SCHEMA_VERSION, self.protocol.name(), &seed, &fractions, &self.corpus, &self.corpus_digest];
        let rows = self.rows.iter().flat_map(|row| [&*row.clip_id, &row.track_id, row.part.name()]);
        digest_fields(head.into_iter().chain(fold.as_deref()).chain(rows))
    }

    /// Writes the split, saying in its metadata how many tracks and groups of tracks are both trained on and tested on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        let mut metadata = vec![
            (PROTOCOL, self.protocol.to_string()),
            (SEED, self.seed.to_string()),
            (CORPUS, self.corpus.clone()),
            (CORPUS_DIGEST, self.corpus_digest.clone()),
            (FRACTIONS, serde_json::to_string(&self.fractions).expect("fractions are nothing but numbers")),
            (SHARED_GROUPS, self.shared_groups.to_string()),
            (SHARED_TRACKS, self.shared_tracks().to_string()),
        ];
        if let Some(folding) = &self.folding {
            metadata.push((FOLDING, serde_json::to_string(folding).expect("a folding is text and numbers")));
        }
        let text = |get: fn(&SplitRow) -> &str| text_column(self.rows.iter().map(get));
        let columns = vec![
            ("clip_id", text(|row| &row.clip_id), false),
            ("track_id", text(|row| &row.track_id), false),
            ("part", text(|row| row.part.name()), false),
        ];
        table::write(path, SPLIT, metadata, columns)
    }

    /// Reads a split.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a split; a clip is in it twice, or out of order; it is of no fold though its
    /// protocol has folds, or of one though it has none.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, SPLIT)?;
        let (clips, tracks) = (table.strings("clip_id")?, table.strings("track_id")?);
        let parts = table.strings("part")?;
        let mut rows: Vec<SplitRow> = Vec::with_capacity(table.batch.num_rows());
        for row in 0..table.batch.num_rows() {
            let part =
                parts.value(row).parse().map_err(|_| table.bad_row(row, format!("part '{}'", parts.value(row)), "train, valid or test"))?;
            if rows.last().is_some_and(|last| last.clip_id.as_str() >= clips.value(row)) {
                let found = format!("clip '{}'", clips.value(row));
                return Err(table.bad_row(row, found, "each clip once, in the order of their names"));
            }
            rows.push(SplitRow { clip_id: clips.value(row).into(), track_id: tracks.value(row).into(), part });
        }
        let metadata = &table.metadata;
        let protocol: Protocol = metadata.parsed(PROTOCOL, "a protocol's name")?;
        let folding = if metadata.has(FOLDING) { Some(metadata.json(FOLDING, "a fold and what was left out")?) } else { None };
        if protocol.has_folds() != folding.is_some() {
            let found = if folding.is_some() { "a fold" } else { "nothing" };
            return Err(metadata.bad(FOLDING, found, &format!("what the protocol {protocol} has of folds")));
        }
        Ok(Self {
            protocol,
            folding,
            seed: metadata.parsed(SEED, "a whole number")?,
            fractions: metadata.json(FRACTIONS, "the shares of train, valid and test")?,
            shared_groups: metadata.parsed(SHARED_GROUPS, "a whole number")?,
            corpus: metadata.text(CORPUS)?.into(),
            corpus_digest: metadata.text(CORPUS_DIGEST)?.into(),
            rows,
        })
    }
}
