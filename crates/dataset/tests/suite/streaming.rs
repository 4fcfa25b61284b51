//! Features that stay in the shards come batch by batch as they come from memory.

use std::{fs, sync::Arc};

use segno_dataset::{DatasetError, Examples, Features, Manifest, Part, Precision, Protocol, ShardHeader, ShardSet};
use segno_store::StoreError;
use tempfile::TempDir;

use crate::world;

const SHAPE: [usize; 2] = [3, 4];

struct Corpus {
    dir: TempDir,
    manifest: Manifest,
    shards: Arc<ShardSet>,
}

fn corpus(precision: Precision) -> Corpus {
    let dir = tempfile::tempdir().unwrap();
    let manifest = world::manifest(12);
    let header = ShardHeader { precision, ..world::header(&manifest, SHAPE) };
    world::extract(dir.path(), &manifest, &header, 5, 4);
    let shards = Arc::new(ShardSet::open(dir.path()).unwrap());
    Corpus { dir, manifest, shards }
}

impl Corpus {
    fn train(&self, memory_bytes: u64) -> Examples {
        let split = world::draw(Protocol::Published, 1, &self.manifest, self.shards.clips()).unwrap();
        let classes = world::GENRES.map(str::to_owned);
        Examples::load(&self.shards, &split, Part::Train, &self.manifest, &[("genre", &classes)], memory_bytes).unwrap()
    }
}

/// An order that jumps between parts, with one clip twice.
fn order(examples: &Examples) -> Vec<usize> {
    let n = examples.len();
    (0..n).map(|i| (i * 97 + 13) % n).chain([5]).collect()
}

fn gathered(examples: &Examples, order: &[usize], batch_size: usize) -> Vec<(Vec<usize>, Vec<f32>)> {
    let batches = examples.batches(order, batch_size).map(|batch| batch.map(|(indices, features)| (indices.to_vec(), features)));
    batches.collect::<Result<_, _>>().unwrap()
}

#[test]
fn streamed_batches_are_those_from_memory() {
    for precision in [Precision::Single, Precision::Half] {
        let corpus = corpus(precision);
        let (held, streamed) = (corpus.train(u64::MAX), corpus.train(0));
        assert!(held.held().is_some() && streamed.held().is_none());
        assert_eq!(held.labels, streamed.labels);
        assert_eq!(held.clips, streamed.clips);
        let order = order(&held);
        for batch_size in [1, 2, 7, 64, order.len(), 10 * order.len()] {
            let expected = gathered(&held, &order, batch_size);
            assert_eq!(expected, gathered(&streamed, &order, batch_size), "{batch_size} clips a batch");
            assert_eq!(expected.len(), order.len().div_ceil(batch_size));
            let indices: Vec<usize> = expected.iter().flat_map(|(indices, _)| indices.clone()).collect();
            assert_eq!(indices, order);
        }
        assert!(gathered(&streamed, &[], 7).is_empty());
    }
}

#[test]
fn the_budget_decides_to_the_byte() {
    let corpus = corpus(Precision::Single);
    let bytes = corpus.train(0).feature_bytes();
    assert_eq!(bytes, 4 * (corpus.train(0).len() * SHAPE[0] * SHAPE[1]) as u64);
    assert!(matches!(corpus.train(bytes).features, Features::Held(_)));
    assert!(matches!(corpus.train(bytes - 1).features, Features::Streamed { .. }));
}

#[test]
fn a_part_that_is_gone_is_an_error_and_not_a_wait() {
    let corpus = corpus(Precision::Single);
    let streamed = corpus.train(0);
    let order = order(&streamed);
    fs::remove_file(corpus.dir.path().join("part-00003.parquet")).unwrap();
    let error = streamed.batches(&order, 16).find_map(Result::err).expect("a part is missing");
    assert!(matches!(&error, DatasetError::Store(StoreError::Missing { name, .. }) if name == "part-00003.parquet"), "{error}");
}

#[test]
fn leaving_early_ends_the_threads() {
    let corpus = corpus(Precision::Single);
    let streamed = corpus.train(0);
    let order = order(&streamed);
    let mut batches = streamed.batches(&order, 2);
    batches.next().unwrap().unwrap();
    drop(batches);
    // Each thread holds the shards; a thread that waited for ever would keep them.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while Arc::strong_count(&corpus.shards) > 2 {
        assert!(std::time::Instant::now() < until, "threads still read");
        std::thread::yield_now();
    }
}
