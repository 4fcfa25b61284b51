//! A file that is not what it should be gets an error that says so, never numbers.

use std::{fs, fs::File, path::Path, sync::Arc};

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use parquet::{
    arrow::ArrowWriter,
    file::{metadata::KeyValue, properties::WriterProperties},
};
use segno_dataset::{Curves, DatasetError, Duplicates, Manifest, Predictions, Protocol, ShardSet, Split};

use crate::world;

/// What each reader says of a file.
fn complaints(path: &Path) -> [DatasetError; 5] {
    [
        Manifest::read(path).unwrap_err(),
        Split::read(path).unwrap_err(),
        Predictions::read(path).unwrap_err(),
        Curves::read(path).unwrap_err(),
        Duplicates::read(path).unwrap_err(),
    ]
}

#[test]
fn cut_off_anywhere_or_not_parquet_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tracks.parquet");
    world::manifest(3).write(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    for length in [0, 1, 7, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        for error in complaints(&path) {
            assert!(matches!(error, DatasetError::Parquet { .. }), "{error}");
            assert!(error.to_string().contains("tracks.parquet: not a whole parquet file"), "{error}");
        }
    }
    fs::write(&path, "track_id,genre\nblues.00000,blues\n").unwrap();
    assert!(complaints(&path).iter().all(|error| matches!(error, DatasetError::Parquet { .. })));
    fs::remove_file(&path).unwrap();
    assert!(complaints(&path).iter().all(|error| matches!(error, DatasetError::Io { .. })));
}

#[test]
fn another_table() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.parquet");
    world::manifest(1).write(&path).unwrap();
    let error = Split::read(&path).unwrap_err().to_string();
    assert!(error.contains("found the segno table 'tracks', expected a segno table 'split'"), "{error}");
    let manifest = world::manifest(1);
    world::draw(Protocol::Track, 1, &manifest, &world::clips(&manifest, 1)).unwrap().write(&path).unwrap();
    let error = Manifest::read(&path).unwrap_err().to_string();
    assert!(error.contains("found the segno table 'split', expected a segno table 'tracks'"), "{error}");
    write(&path, &[], vec![("track_id", text(&["a"]))]);
    let error = Manifest::read(&path).unwrap_err().to_string();
    assert!(error.contains("found a parquet file of another program"), "{error}");
}

fn text(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn write(path: &Path, metadata: &[(&str, &str)], columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new((*key).into(), (*value).to_owned()));
    let properties = WriterProperties::builder().set_key_value_metadata(Some(pairs.collect())).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn another_schema() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.parquet");
    let complaint = |metadata: &[(&str, &str)], columns| {
        let mut pairs = vec![("segno.table", "split"), ("segno.schema_version", "2")];
        pairs.extend(metadata);
        write(&path, &pairs, columns);
        Split::read(&path).unwrap_err().to_string()
    };
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let gap: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>]));
    let columns = |last: ArrayRef| vec![("clip_id", text(&["c"])), ("track_id", text(&["t"])), ("part", last)];
    let rest = [("segno.protocol", "track"), ("segno.corpus", "toy")];
    let error = complaint(&rest, columns(text(&["train"]))[..2].to_vec());
    assert!(error.contains("column 'part': found no such column, expected Utf8"), "{error}");
    let error = complaint(&rest, columns(numbers));
    assert!(error.contains("column 'part': found Int32, expected Utf8"), "{error}");
    let error = complaint(&rest, columns(gap));
    assert!(error.contains("column 'part': found 1 empty cells"), "{error}");
    let error = complaint(&rest, columns(text(&["dev"])));
    assert!(error.contains("row 0: found part 'dev', expected train, valid or test"), "{error}");
    let error = complaint(&[("segno.protocol", "dice")], columns(text(&["train"])));
    assert!(error.contains("metadata 'segno.protocol': found dice, expected a protocol's name"), "{error}");
    let error = complaint(&rest, columns(text(&["train"])));
    assert!(error.contains("metadata 'segno.seed': found nothing, expected a value"), "{error}");
    write(&path, &[("segno.table", "split"), ("segno.schema_version", "1")], columns(text(&["train"])));
    let error = Split::read(&path).unwrap_err().to_string();
    assert!(error.contains("metadata 'segno.schema_version': found 1, expected 2"), "{error}");
}

#[test]
fn shards() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [2, 3]);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let complaint = || ShardSet::open(dir).unwrap_err().to_string();
    assert!(complaint().contains("found no feature shards, expected part-00000.parquet"), "{}", complaint());
    world::extract(dir, &manifest, &header, 7, 2);
    let whole = world::bytes(dir);
    let restore = || whole.iter().for_each(|(name, bytes)| fs::write(dir.join(name), bytes).unwrap());

    fs::write(dir.join("part-00001.parquet"), &whole["part-00001.parquet"][..300]).unwrap();
    assert!(complaint().contains("part-00001.parquet: not a whole parquet file"), "{}", complaint());
    restore();

    fs::copy(dir.join("part-00000.parquet"), dir.join("part-00001.parquet")).unwrap();
    assert!(complaint().contains("found part 1 of another extraction than part 0"), "{}", complaint());
    restore();

    fs::copy(dir.join("part-00000.parquet"), dir.join("part-00003.parquet")).unwrap();
    assert!(complaint().contains("found 4 parts, expected 3"), "{}", complaint());
    fs::remove_file(dir.join("part-00003.parquet")).unwrap();

    let other = tempfile::tempdir().unwrap();
    let newer = segno_dataset::ShardHeader { extractor_version: "2".into(), ..header.clone() };
    world::extract(other.path(), &manifest, &newer, 7, 2);
    fs::copy(other.path().join("part-00002.parquet"), dir.join("part-00002.parquet")).unwrap();
    assert!(complaint().contains("found part 2 of another extraction than part 0"), "{}", complaint());

    manifest.write(&dir.join("part-00002.parquet")).unwrap();
    assert!(complaint().contains("found the segno table 'tracks', expected a segno table 'features'"), "{}", complaint());

    fs::remove_file(dir.join("part-00000.parquet")).unwrap();
    assert!(complaint().contains("found part 0 missing, expected all parts"), "{}", complaint());
}

/// Found by fuzzing: the parquet crate reserves memory for as many columns as a footer announces.
#[test]
fn a_footer_that_announces_too_much_takes_no_memory() {
    let manifest = world::manifest(1);
    let dir = tempfile::tempdir().unwrap();
    let table = dir.path().join("tracks.parquet");
    manifest.write(&table).unwrap();
    world::extract(dir.path(), &manifest, &world::header(&manifest, [2, 3]), 100, 2);
    let part = dir.path().join("part-00000.parquet");
    for path in [&table, &part] {
        let mut bytes = fs::read(path).unwrap();
        // The root of the schema: its name, then field 5, the number of columns, in a byte; here it is made of five.
        let root = b"arrow_schema\x15";
        let at = bytes.windows(root.len()).position(|window| window == root).unwrap() + root.len();
        bytes.splice(at..=at, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
        let tail = bytes.len() - 8;
        let length = u32::from_le_bytes(bytes[tail..tail + 4].try_into().unwrap()) + 4;
        bytes[tail..tail + 4].copy_from_slice(&length.to_le_bytes());
        fs::write(path, bytes).unwrap();
    }
    for error in [Manifest::read(&table).unwrap_err(), ShardSet::open(dir.path()).unwrap_err()] {
        assert!(error.to_string().contains("announces more than it holds"), "{error}");
    }
}

/// A damaged byte is an error or goes into what it stands for (a feature, a name); it is never a panic.
#[test]
fn no_damaged_byte_panics() {
    let manifest = world::manifest(1);
    let header = world::header(&manifest, [2, 3]);
    let dir = tempfile::tempdir().unwrap();
    world::extract(dir.path(), &manifest, &header, 100, 2);
    let path = dir.path().join("part-00000.parquet");
    let whole = fs::read(&path).unwrap();
    let mut n_errors = 0;
    for at in (0..whole.len()).step_by(5) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        fs::write(&path, damaged).unwrap();
        let load = || {
            let set = ShardSet::open(dir.path())?;
            let ids: Vec<&str> = set.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
            set.load(&ids)
        };
        n_errors += usize::from(load().is_err());
    }
    assert!(n_errors > whole.len() / 20, "{n_errors} of {}", whole.len() / 5);
}
