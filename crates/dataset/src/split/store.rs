//! A split as `splits/<protocol>-<seed>.parquet`.

use std::path::Path;

use super::{Protocol, Split, SplitRow};
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

impl Split {
    /// `<protocol>-<seed>.parquet`.
    pub fn file_name(protocol: Protocol, seed: u64) -> String {
        format!("{protocol}-{seed}.parquet")
    }

    /// Digest of protocol, seed, fractions, corpus and rows.
    pub fn digest(&self) -> Digest {
        let seed = self.seed.to_string();
        let fractions = self.fractions.to_string();
        let head = [SCHEMA_VERSION, self.protocol.name(), &seed, &fractions, &self.corpus, &self.corpus_digest];
        let rows = self.rows.iter().flat_map(|row| [&*row.clip_id, &row.track_id, row.part.name()]);
        digest_fields(head.into_iter().chain(rows))
    }

    /// Writes the split, saying in its metadata how many tracks and groups of tracks are both trained on and tested on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        let metadata = vec![
            (PROTOCOL, self.protocol.to_string()),
            (SEED, self.seed.to_string()),
            (CORPUS, self.corpus.clone()),
            (CORPUS_DIGEST, self.corpus_digest.clone()),
            (FRACTIONS, serde_json::to_string(&self.fractions).expect("fractions are nothing but numbers")),
            (SHARED_GROUPS, self.shared_groups.to_string()),
            (SHARED_TRACKS, self.shared_tracks().to_string()),
        ];
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
    /// The file is not there, not whole, or not a split; a clip is in it twice, or out of order.
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
        Ok(Self {
            protocol: metadata.parsed(PROTOCOL, "a protocol's name")?,
            seed: metadata.parsed(SEED, "a whole number")?,
            fractions: metadata.json(FRACTIONS, "the shares of train, valid and test")?,
            shared_groups: metadata.parsed(SHARED_GROUPS, "a whole number")?,
            corpus: metadata.text(CORPUS)?.into(),
            corpus_digest: metadata.text(CORPUS_DIGEST)?.into(),
            rows,
        })
    }
}
