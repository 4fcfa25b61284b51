//! Shards in half precision: half the bytes, rounded to the nearest, and nothing else changed.

use std::fs::File;

use arrow::{
    array::{AsArray, FixedSizeListArray},
    datatypes::{DataType, Float16Type},
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use segno_dataset::{Clip, Precision, ShardHeader, ShardPart, ShardSet, ShardWriter};

use crate::world;

/// For clips far smaller than a page, for the paper's, and for clips larger than a page.
#[test]
fn halves_are_those_that_the_parquet_reader_sees() {
    for (shape, per_track) in [([1, 1], 900), ([22, 513], 60), ([1400, 513], 3)] {
        let manifest = world::manifest(1);
        let header = ShardHeader { precision: Precision::Half, ..world::header(&manifest, shape) };
        let dir = tempfile::tempdir().unwrap();
        world::extract(dir.path(), &manifest, &header, 6, per_track);
        let set = ShardSet::open(dir.path()).unwrap();
        assert_eq!(set.header(), &header);
        for part in 0..2 {
            let file = File::open(dir.path().join(format!("part-{part:05}.parquet"))).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            assert!(reader.metadata().row_groups().iter().all(|group| group.num_rows() == 1 || group.total_byte_size() <= 9 << 20));
            for batch in reader.build().unwrap() {
                let batch = batch.unwrap();
                let ids: Vec<&str> = batch.column(0).as_string::<i32>().iter().flatten().collect();
                let lists: &FixedSizeListArray = batch.column(3).as_fixed_size_list();
                assert_eq!(lists.value_type(), DataType::Float16);
                let values: Vec<f32> = lists.values().as_primitive::<Float16Type>().values().iter().map(|value| value.to_f32()).collect();
                assert_eq!(set.load(&ids).unwrap(), values, "{shape:?}");
                let exact = world::features(ids[0], shape[0] * shape[1]);
                assert!(exact.iter().zip(&values).all(|(exact, half)| (exact - half).abs() <= exact.abs() / 2048.0));
            }
        }
    }
}

#[test]
fn an_extraction_in_half_precision_is_another_one() {
    let manifest = world::manifest(2);
    let single = world::header(&manifest, [22, 513]);
    let half = ShardHeader { precision: Precision::Half, ..single.clone() };
    assert_ne!(single.features_digest(), half.features_digest());
    let dir = tempfile::tempdir().unwrap();
    let n_parts = world::extract(dir.path(), &manifest, &single, 7, 2);
    let bytes = |dir: &std::path::Path| world::bytes(dir).values().map(Vec::len).sum::<usize>() as f64;
    let in_single = bytes(dir.path());
    assert_eq!(world::extract(dir.path(), &manifest, &half, 7, 2), n_parts, "parts of another precision are written again");
    assert!((bytes(dir.path()) / in_single - 0.5).abs() < 0.05);
}

#[test]
fn a_value_beyond_half_precision_is_refused_with_the_way_out() {
    let manifest = world::manifest(1);
    let header = ShardHeader { precision: Precision::Half, ..world::header(&manifest, [1, 2]) };
    let dir = tempfile::tempdir().unwrap();
    let mut writer = ShardWriter::create(dir.path(), &header, &ShardPart::new(0, 1, &[])).unwrap();
    let clip = |features| Clip { clip_id: "toy:a#0".into(), track_id: "a", start_sample: 0, features };
    let error = writer.push(clip(&[1.0, 70_000.0])).unwrap_err().to_string();
    assert!(error.contains("70000 at index 1") && error.contains("single precision"), "{error}");
    assert!(writer.push(clip(&[1.0, f32::NAN])).unwrap_err().to_string().contains("look at the audio"));
    writer.push(clip(&[1.0, 65_504.0])).unwrap();
}
