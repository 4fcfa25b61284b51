//! A small file whose numbers are a lie is refused before memory is made for them.

use std::{fs, fs::File, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, FixedSizeBinaryArray, FixedSizeListArray, ListArray, RecordBatch, StringArray, UInt64Array},
    datatypes::UInt64Type,
};
use bytes::Bytes;
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    },
    basic::Encoding,
    file::{
        metadata::{KeyValue, PageIndexPolicy},
        properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion},
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
    write_split(&path, Arc::new(same), |properties| properties);
    assert!(fs::metadata(&path).unwrap().len() < 100_000);
    let error = Split::read(&path).unwrap_err();
    assert!(error.to_string().contains("split.parquet: not a whole parquet file"), "{error}");
    let reason = format!("{:?}", std::error::Error::source(&error));
    assert!(reason.contains("more than 16777216 bytes of memory"), "{reason}");
}

/// A file that calls itself a split and has one column.
fn write_split(path: &Path, column: ArrayRef, more: impl FnOnce(WriterPropertiesBuilder) -> WriterPropertiesBuilder) {
    let batch = RecordBatch::try_from_iter([("clip_id", column)]).unwrap();
    let is_split =
        [("segno.table", "split"), ("segno.schema_version", "2")].map(|(key, value)| KeyValue::new(key.into(), value.to_owned()));
    let properties = more(WriterProperties::builder().set_key_value_metadata(Some(is_split.to_vec()))).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The parquet crate makes a dictionary of as many values as its page says it has, eight bytes each: 16 GB here.
#[test]
fn a_dictionary_that_announces_too_much_takes_no_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.parquet");
    write_split(&path, Arc::new(UInt64Array::from(vec![1, 2, 3, 4])), |properties| properties);
    let mut bytes = fs::read(&path).unwrap();
    // Behind the magic: a dictionary's page, of 32 bytes, twice; its header, of four values.
    let header = [0x15, 4, 0x15, 64, 0x15, 64, 0x4c, 0x15, 8];
    assert_eq!(bytes[4..4 + header.len()], header);
    // Four values become the most that there can be, in four bytes more; the page has four less.
    bytes.splice(12..=12, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
    bytes[9] = 56;
    let end = bytes[17..].iter().position(|byte| *byte == 1).unwrap() + 17;
    bytes.drain(end..end + 4);
    fs::write(&path, bytes).unwrap();
    let error = Split::read(&path).unwrap_err().to_string();
    assert!(error.contains("split.parquet: not a whole parquet file"), "{error}");
    assert!(error.contains("column clip_id: a dictionary announces more than it holds"), "{error}");
}

/// Of these a few bytes can make any amount, and no table has them.
#[test]
fn columns_and_encodings_that_no_table_has() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.parquet");
    let names = || Arc::new(StringArray::from(vec!["a", "b"])) as ArrayRef;
    let complaint = || Split::read(&path).unwrap_err().to_string();
    write_split(&path, names(), |properties| properties.set_dictionary_enabled(false));
    assert!(complaint().contains("column 'track_id': found no such column"), "{}", complaint());
    for encoding in [Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
        write_split(&path, names(), |properties| properties.set_dictionary_enabled(false).set_encoding(encoding));
        assert!(complaint().contains("column clip_id: a page is encoded as no table is"), "{}", complaint());
    }
    write_split(&path, names(), |properties| properties.set_writer_version(WriterVersion::PARQUET_2_0));
    assert!(complaint().contains("a page is of a kind that no table has"), "{}", complaint());
    let fixed = FixedSizeBinaryArray::try_from_iter([[1_u8, 2]].into_iter()).unwrap();
    let lists = FixedSizeListArray::from_iter_primitive::<UInt64Type, _, _>([Some([Some(1)])], 1);
    for column in [Arc::new(lists) as ArrayRef, Arc::new(fixed)] {
        write_split(&path, column, |properties| properties);
        assert!(complaint().contains("which no table has"), "{}", complaint());
    }
}

/// A row is read whole: a list of equal values takes no room in the file.
#[test]
fn a_list_that_outgrows_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.parquet");
    let list = |n: usize| Arc::new(ListArray::from_iter_primitive::<UInt64Type, _, _>([Some(vec![Some(1); n])])) as ArrayRef;
    write_split(&path, list(1_000_000), |properties| properties);
    let complaint = || Split::read(&path).unwrap_err().to_string();
    assert!(complaint().contains("found List(UInt64), expected Utf8"), "{}", complaint());
    write_split(&path, list(3_000_000), |properties| properties);
    assert!(fs::metadata(&path).unwrap().len() < 10_000);
    assert!(complaint().contains("its lists take more than 16777216 bytes of memory"), "{}", complaint());
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
