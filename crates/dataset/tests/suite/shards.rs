//! What is written is what is read, whoever reads it and however many threads wrote it.

use std::{
    fs::File,
    ops::ControlFlow,
    sync::atomic::{AtomicUsize, Ordering},
};

use arrow::{
    array::{Array, FixedSizeListArray, Float32Array, StringArray},
    datatypes::DataType,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use segno_dataset::{Clip, DatasetError, Parts, ShardPart, ShardSet, ShardWriter, Track, write_shards};

use crate::world;

#[test]
fn the_same_bytes_on_1_2_and_4_threads() {
    let manifest = world::manifest(5);
    let header = world::header(&manifest, [4, 5]);
    let [one, two, four] = [1, 2, 4].map(|n_threads| {
        let dir = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        assert_eq!(pool.install(|| world::extract(dir.path(), &manifest, &header, 7, 3)), 8);
        world::bytes(dir.path())
    });
    assert_eq!(one.len(), 8);
    assert_eq!(one, two);
    assert_eq!(one, four);
}

#[test]
fn bytes_hold_no_path_and_no_time() {
    let manifest = world::manifest(1);
    let header = world::header(&manifest, [1, 2]);
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for dir in &dirs {
        world::extract(dir.path(), &manifest, &header, 100, 1);
    }
    assert_eq!(world::bytes(dirs[0].path()), world::bytes(dirs[1].path()));
}

#[test]
fn a_set_gives_clips_in_manifest_order_and_features_as_asked() {
    let manifest = world::manifest(4);
    let header = world::header(&manifest, [4, 5]);
    let dir = tempfile::tempdir().unwrap();
    world::extract(dir.path(), &manifest, &header, 7, 3);
    let set = ShardSet::open(dir.path()).unwrap();
    assert_eq!(set.header(), &header);
    assert_eq!(set.shape(), [4, 5]);
    let mut expected = world::clips(&manifest, 3);
    expected.retain(|clip| !clip.track_id.ends_with('3'));
    assert_eq!(set.clips(), expected);
    assert_eq!(set.start_samples()[..4], [0, 1000, 2000, 0]);
    let failed: Vec<&str> = set.failures().iter().map(|failure| failure.track_id.as_str()).collect();
    assert_eq!(failed, world::GENRES.map(|genre| format!("{genre}.00003")));
    assert_eq!(set.failures()[0].reason, "no audio in it");

    // Backwards, from all parts, one of them twice.
    let mut asked: Vec<&str> = expected.iter().rev().map(|clip| clip.clip_id.as_str()).collect();
    asked.push(asked[5]);
    let found = set.load(&asked).unwrap();
    let wanted: Vec<f32> = asked.iter().flat_map(|clip| world::features(clip, 20)).collect();
    assert_eq!(found, wanted);
    assert!(set.load::<&str>(&[]).unwrap().is_empty());

    let error = set.load(&["toy:blues.00000#9"]).unwrap_err().to_string();
    assert!(error.contains("holds no clip 'toy:blues.00000#9'"), "{error}");
}

/// The fast way in against the parquet crate's own reader, for clips far smaller than a page, for the paper's
/// (several pages and row groups a part), and for clips larger than a page.
#[test]
fn features_are_those_that_the_parquet_reader_sees() {
    for (shape, per_track) in [([1, 1], 900), ([22, 513], 60), ([700, 513], 3)] {
        let manifest = world::manifest(1);
        let header = world::header(&manifest, shape);
        let n_values = shape[0] * shape[1];
        let dir = tempfile::tempdir().unwrap();
        world::extract(dir.path(), &manifest, &header, 6, per_track);
        let set = ShardSet::open(dir.path()).unwrap();
        let mut n_groups = 0;
        let mut all = vec![];
        for part in 0..2 {
            let file = File::open(dir.path().join(format!("part-{part:05}.parquet"))).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            for group in reader.metadata().row_groups() {
                assert!(group.num_rows() <= 256);
                assert!(group.num_rows() == 1 || group.num_rows() as usize * n_values * 4 <= 8 << 20);
                n_groups += 1;
            }
            for batch in reader.build().unwrap() {
                let batch = batch.unwrap();
                let ids = batch.column(0).as_any().downcast_ref::<StringArray>().unwrap();
                let ids: Vec<&str> = ids.iter().flatten().collect();
                let lists = batch.column(3).as_any().downcast_ref::<FixedSizeListArray>().unwrap();
                let values = lists.values().as_any().downcast_ref::<Float32Array>().unwrap();
                assert_eq!(set.load(&ids).unwrap(), values.values().as_ref(), "{shape:?}");
                assert_eq!(world::features(ids[0], n_values), values.values()[..n_values]);
                all.extend_from_slice(values.values());
            }
        }
        assert_eq!(set.load_all().unwrap(), all, "{shape:?}");
        assert!(n_groups > 2, "{shape:?}: the test is to cross row groups");
    }
}

#[test]
fn the_schema_is_the_contract() {
    let manifest = world::manifest(1);
    let header = world::header(&manifest, [22, 513]);
    let dir = tempfile::tempdir().unwrap();
    world::extract(dir.path(), &manifest, &header, 100, 1);
    let file = File::open(dir.path().join("part-00000.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let names: Vec<&str> = reader.schema().fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["clip_id", "track_id", "start_sample", "features"]);
    let field = reader.schema().field(3);
    assert!(!field.is_nullable());
    assert_eq!(field.metadata()["segno.shape"], "[22,513]");
    assert!(matches!(field.data_type(), DataType::FixedSizeList(item, 11286) if !item.is_nullable()));
    let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| metadata.iter().find(|pair| pair.key == key).unwrap().value.clone().unwrap();
    assert_eq!(value("segno.part"), "0/1");
    assert_eq!(value("segno.corpus_digest"), manifest.digest());
    assert_eq!(value("segno.features_digest"), header.features_digest());
    assert!(value("segno.failures").is_empty() || value("segno.failures") == "[]");
}

#[test]
fn digests_tell_extractions_apart_and_not_parts() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [2, 2]);
    let digest = |header, per_part, per_track| {
        let dir = tempfile::tempdir().unwrap();
        world::extract(dir.path(), &manifest, header, per_part, per_track);
        ShardSet::open(dir.path()).unwrap().digest()
    };
    assert_eq!(digest(&header, 3, 2), digest(&header, 8, 2));
    assert_ne!(digest(&header, 3, 2), digest(&header, 3, 1));
    let other = segno_dataset::ShardHeader { extractor_version: "2".into(), ..header.clone() };
    assert_ne!(digest(&header, 3, 2), digest(&other, 3, 2));
    assert_ne!(header.features_digest(), other.features_digest());
}

#[test]
fn progress_counts_every_track_once() {
    let manifest = world::manifest(3);
    let header = world::header(&manifest, [1, 2]);
    let dir = tempfile::tempdir().unwrap();
    let tracks: Vec<&Track> = manifest.present().collect();
    let run = || {
        let (done, states) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let written = write_shards(
            dir.path(),
            &header,
            &tracks,
            Parts::of(4),
            || states.fetch_add(1, Ordering::Relaxed),
            |_, track, writer| world::fill(&header, 1, track, writer),
            |n| {
                done.fetch_add(n, Ordering::Relaxed);
                ControlFlow::Continue(())
            },
        );
        written.unwrap();
        (done.into_inner(), states.into_inner())
    };
    let (done, states) = run();
    assert_eq!(done, 30);
    assert!((1..=rayon::current_num_threads()).contains(&states), "a state a thread: {states}");
    assert_eq!(run(), (30, 0));
}

#[test]
fn features_that_cannot_be_are_refused() {
    let manifest = world::manifest(1);
    let header = world::header(&manifest, [1, 3]);
    let dir = tempfile::tempdir().unwrap();
    let mut writer = ShardWriter::create(dir.path(), &header, &ShardPart::new(0, 1, &[])).unwrap();
    let mut push = |features: &[f32]| {
        let clip = Clip { clip_id: "toy:blues.00000#0".into(), track_id: "blues.00000", start_sample: 0, features };
        writer.push(clip).unwrap_err().to_string()
    };
    assert_eq!(push(&[1.0]), "clip toy:blues.00000#0: found 1 features, expected 3");
    assert!(push(&[1.0, f32::NAN, 0.0]).contains("found NaN at index 1"));
    assert!(push(&[1.0, 0.0, f32::INFINITY]).contains("found inf at index 2"));
    drop(writer);
    assert!(world::bytes(dir.path()).is_empty(), "a writer that was dropped leaves nothing");
    let empty = world::header(&manifest, [0, 3]);
    assert!(matches!(ShardWriter::create(dir.path(), &empty, &ShardPart::new(0, 1, &[])), Err(DatasetError::BadFeatures { .. })));
}
