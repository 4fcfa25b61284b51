//! What an audit has heard of a corpus: a digest and an acoustic fingerprint a track.

use std::{path::Path, sync::Arc};

use arrow::{
    array::{
        Array, Float64Array, ListArray, UInt32Array,
        builder::{ListBuilder, UInt32Builder},
    },
    datatypes::{DataType, Field},
};

use crate::{
    DatasetError, Digest,
    table::{self, CORPUS, optional_text_column, text_column},
};

const FINGERPRINTS: &str = "fingerprints";
const MADE_BY: &str = "segno.made_by";

/// What was heard of one track.
#[derive(Clone, Debug, PartialEq)]
pub struct FingerprintRow {
    /// The track.
    pub track_id: String,
    /// The checksum of the file that was heard, as in the manifest: another file is to be heard again.
    pub checksum: Option<String>,
    /// Digest of the decoded samples.
    pub digest: Digest,
    /// Length in seconds.
    pub seconds: f64,
    /// The fingerprint's items, in order.
    pub items: Vec<u32>,
}

/// `audit/fingerprints.parquet`: `track_id`, `checksum`, `digest`, `seconds`, `items` as a list of 32-bit numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fingerprints {
    /// The corpus's name.
    pub corpus: String,
    /// The versions of decoder and fingerprint.
    pub made_by: String,
    /// One row a track, in the order of their names.
    pub rows: Vec<FingerprintRow>,
}

impl Fingerprints {
    /// Writes the table, whole or not at all.
    ///
    /// # Errors
    /// A track is there twice or out of order, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        self.check(path)?;
        let mut items = ListBuilder::new(UInt32Builder::new()).with_field(item_field());
        for row in &self.rows {
            items.values().append_slice(&row.items);
            items.append(true);
        }
        let seconds = Float64Array::from_iter_values(self.rows.iter().map(|row| row.seconds));
        let columns = vec![
            ("track_id", text_column(self.rows.iter().map(|row| row.track_id.as_str())), false),
            ("checksum", optional_text_column(self.rows.iter().map(|row| row.checksum.as_deref())), true),
            ("digest", text_column(self.rows.iter().map(|row| row.digest.as_str())), false),
            ("seconds", Arc::new(seconds) as _, false),
            ("items", Arc::new(items.finish()) as _, false),
        ];
        table::write(path, FINGERPRINTS, vec![(CORPUS, self.corpus.clone()), (MADE_BY, self.made_by.clone())], columns)
    }

    /// Reads the table.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a table of fingerprints; a track is there twice or out of order.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, FINGERPRINTS)?;
        let (tracks, digests) = (table.strings("track_id")?, table.strings("digest")?);
        let checksums = table.optional_strings("checksum")?;
        let seconds: &Float64Array = table.column("seconds", &DataType::Float64, false)?;
        let lists: &ListArray = table.column("items", &DataType::List(Arc::new(item_field())), false)?;
        let values = lists.values().as_any().downcast_ref::<UInt32Array>().filter(|values| values.null_count() == 0);
        let values = values.ok_or_else(|| table.bad_row(0, "an item that is no number", "32-bit numbers"))?.values();
        let rows = checksums.into_iter().enumerate().map(|(row, checksum)| FingerprintRow {
            track_id: tracks.value(row).into(),
            checksum,
            digest: digests.value(row).into(),
            seconds: seconds.value(row),
            items: values[lists.value_offsets()[row] as usize..lists.value_offsets()[row + 1] as usize].to_vec(),
        });
        let this =
            Self { corpus: table.metadata.text(CORPUS)?.into(), made_by: table.metadata.text(MADE_BY)?.into(), rows: rows.collect() };
        this.check(path)?;
        Ok(this)
    }

    fn check(&self, path: &Path) -> Result<(), DatasetError> {
        match self.rows.windows(2).position(|pair| pair[0].track_id >= pair[1].track_id) {
            Some(row) => Err(DatasetError::row(
                path,
                row + 1,
                format!("track '{}'", self.rows[row + 1].track_id),
                "each track once, in the order of their names",
            )),
            None => Ok(()),
        }
    }
}

fn item_field() -> Field {
    Field::new("item", DataType::UInt32, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(ids: &[&str]) -> Fingerprints {
        let row = |(at, id): (usize, &&str)| FingerprintRow {
            track_id: (*id).into(),
            checksum: (at > 0).then(|| format!("md5:{at}")),
            digest: "0".repeat(64),
            seconds: 1.5 * at as f64,
            items: (0..at as u32).map(|item| u32::MAX - item).collect(),
        };
        Fingerprints { corpus: "toy".into(), made_by: "1".into(), rows: ids.iter().enumerate().map(row).collect() }
    }

    #[test]
    fn what_is_written_is_read_empty_lists_too() {
        let folder = tempfile::tempdir().unwrap();
        for ids in [&[][..], &["a", "b", "c"]] {
            let path = folder.path().join("audit/fingerprints.parquet");
            table(ids).write(&path).unwrap();
            assert_eq!(Fingerprints::read(&path).unwrap(), table(ids));
        }
    }

    #[test]
    fn a_track_twice_is_refused() {
        let path = tempfile::tempdir().unwrap().path().join("fingerprints.parquet");
        let error = table(&["a", "a"]).write(&path).unwrap_err();
        assert!(error.to_string().ends_with("row 1: found track 'a', expected each track once, in the order of their names"), "{error}");
    }
}
