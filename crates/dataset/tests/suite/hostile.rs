//! A small file whose numbers are a lie is refused before memory is made for them.

use std::{fs, fs::File, sync::Arc};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use bytes::Bytes;
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    },
    file::{
        metadata::{KeyValue, PageIndexPolicy},
        properties::WriterProperties,
    },
};
use segno_dataset::{ShardSet, Split};

use crate::world;

/// Runs of equal cells take no room in the file: these would have taken all memory.
#[test]
fn cells_that_outgrow_their_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.parquet");
    let same = StringArray::from(vec!["a name of some forty letters, all the same"; 400_000]);
    let batch = RecordBatch::try_from_iter([("clip_id", Arc::new(same) as ArrayRef)]).unwrap();
    let is_split =
        [("segno.table", "split"), ("segno.schema_version", "2")].map(|(key, value)| KeyValue::new(key.into(), value.to_owned()));
    let properties = WriterProperties::builder().set_key_value_metadata(Some(is_split.to_vec())).build();
    let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 100_000);
    let error = Split::read(&path).unwrap_err();
    assert!(error.to_string().contains("split.parquet: not a whole parquet file"), "{error}");
    let reason = format!("{:?}", std::error::Error::source(&error));
    assert!(reason.contains("more than 16777216 bytes of memory"), "{reason}");
}

/// The bytes of a part that says it is the first of `count`.
fn of_parts(part: &[u8], count: &str) -> Vec<u8> {
    let (body, tail) = part.split_at(part.len() - 8);
    let n_bytes = u32::from_le_bytes(tail[..4].try_into().unwrap()) as usize;
    let (body, footer) = body.split_at(body.len() - n_bytes);
    // Thrift's compact protocol: a key, then the value's type, its length and its text.
    let key = b"segno.part\x18";
    let at = footer.windows(key.len()).position(|window| window == key).unwrap() + key.len();
    let (before, value) = footer.split_at(at);
    let text = format!("0/{count}");
    let footer = [before, &[text.len() as u8], text.as_bytes(), &value[1 + usize::from(value[0])..]].concat();
    [body, &footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat()
}

/// How many parts there are is the word of one of them, and no reason to make a list of those that are missing.
#[test]
fn more_parts_than_any_disk_holds() {
    let manifest = world::manifest(1);
    let dir = tempfile::tempdir().unwrap();
    world::extract(dir.path(), &manifest, &world::header(&manifest, [2, 3]), 100, 2);
    let path = dir.path().join("part-00000.parquet");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, of_parts(&whole, "1")).unwrap();
    ShardSet::open(dir.path()).unwrap();
    fs::write(&path, of_parts(&whole, "18446744073709551615")).unwrap();
    let error = ShardSet::open(dir.path()).unwrap_err().to_string();
    let expected = "found parts 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … missing, expected 18446744073709551615 parts";
    assert!(error.contains(expected), "{error}");
}

/// A page that is said to go on behind the end of the file could be said to have any number of rows.
#[test]
fn pages_that_are_not_in_the_file() {
    let manifest = world::manifest(1);
    let dir = tempfile::tempdir().unwrap();
    world::extract(dir.path(), &manifest, &world::header(&manifest, [2, 3]), 100, 2);
    let path = dir.path().join("part-00000.parquet");
    let whole = fs::read(&path).unwrap();
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Required);
    let read = ArrowReaderMetadata::load(&Bytes::from(whole.clone()), options).unwrap();
    let column = read.metadata().row_group(0).columns().last().unwrap();
    let (start, n_bytes) = (column.offset_index_offset().unwrap() as usize, column.offset_index_length().unwrap() as usize);
    // List of one struct: the page's place, its size (in the third field), its first row.
    let index = &whole[start..start + n_bytes];
    let sound = read.metadata().page_index_for_row_group(0);
    let page = &sound.page_locations(read.parquet_schema().num_columns() - 1).unwrap()[0];
    let (place, size) = (zigzag(page.offset), zigzag(page.compressed_page_size.into()));
    let at = index.windows(place.len()).position(|window| window == place).unwrap() + place.len() + 1;
    assert_eq!(index[at..at + size.len()], size);
    let mut damaged = whole.clone();
    // The same number of bytes, all of their bits.
    let huge: Vec<u8> = (0..size.len()).map(|byte| if byte + 1 < size.len() { 0xfe } else { 0x7e }).collect();
    damaged[start + at..start + at + size.len()].copy_from_slice(&huge);
    fs::write(&path, damaged).unwrap();
    let error = ShardSet::open(dir.path()).unwrap_err().to_string();
    assert!(error.contains("expected pages of whole rows"), "{error}");
}

/// A number as Thrift's compact protocol writes it.
fn zigzag(number: i64) -> Vec<u8> {
    let mut rest = (number << 1 ^ number >> 63) as u64;
    let mut bytes = Vec::new();
    while rest > 0x7f {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}
