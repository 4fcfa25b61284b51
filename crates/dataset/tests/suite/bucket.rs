//! Shards in a bucket of a server started here: the bytes of a folder, read as from a folder.

use std::{collections::BTreeMap, io::Write, ops::ControlFlow, sync::Arc};

use segno_dataset::{DatasetError, Examples, Parts, Precision, Protocol, ShardHeader, ShardSet, Track, write_shards};
use segno_store::{Store, StoreError};

use crate::{
    server::{Server, borrowed, settings},
    world,
};

fn store(server: &Server, location: &str) -> Store {
    Store::open_with(location, &borrowed(&server.settings())).unwrap()
}

/// Every object of a place, with its bytes.
fn bytes(store: &Store) -> BTreeMap<String, Vec<u8>> {
    let read = |name: String| {
        let object = store.object(&name).unwrap();
        let mut bytes = vec![0; object.len().unwrap() as usize];
        object.read_at(0, &mut bytes).unwrap();
        (name, bytes)
    };
    store.names().unwrap().into_iter().map(read).collect()
}

fn put(store: &Store, name: &str, bytes: &[u8]) {
    let mut writer = store.create(name).unwrap();
    writer.write_all(bytes).unwrap();
    writer.commit().unwrap();
}

#[test]
fn a_bucket_holds_the_bytes_of_a_folder_and_gives_its_numbers() {
    let server = Server::start();
    let manifest = world::manifest(3);
    // The larger has parts of several row groups, which are uploaded piece by piece: 18 MB each.
    for (precision, shape) in [(Precision::Single, [200, 250]), (Precision::Half, [3, 4])] {
        let header = ShardHeader { precision, ..world::header(&manifest, shape) };
        let dir = tempfile::tempdir().unwrap();
        let bucket = store(&server, "s3://music/shards").below(&precision.to_string()).unwrap();
        assert_eq!(world::extract(dir.path(), &manifest, &header, 15, 6), 2);
        assert_eq!(world::extract(&bucket, &manifest, &header, 15, 6), 2);
        assert_eq!(world::extract(&bucket, &manifest, &header, 15, 6), 0);
        assert!(bytes(&bucket) == world::bytes(dir.path()), "the bytes differ");

        let (near, far) = (ShardSet::open(dir.path()).unwrap(), ShardSet::open(&bucket).unwrap());
        assert_eq!((far.clips(), far.failures(), far.digest()), (near.clips(), near.failures(), near.digest()));
        assert_eq!(far.values_digest().unwrap(), near.values_digest().unwrap());
        // Neighbours, gaps, and in no order.
        let ids: Vec<&str> = near.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
        let some: Vec<&str> = ids.iter().rev().enumerate().filter(|(at, _)| at % 7 < 3).map(|(_, id)| *id).collect();
        assert_eq!(far.load(&some).unwrap(), near.load(&some).unwrap());
    }
}

#[test]
fn training_streams_from_a_bucket() {
    let server = Server::start();
    let manifest = world::manifest(4);
    let header = world::header(&manifest, [3, 4]);
    let bucket = store(&server, "s3://music");
    world::extract(&bucket, &manifest, &header, 5, 2);
    let shards = Arc::new(ShardSet::open(&bucket).unwrap());
    let split = world::draw(Protocol::Published, 1, &manifest, shards.clips()).unwrap();
    let classes = world::GENRES.map(str::to_owned);
    let load = |memory| Examples::load(&shards, &split, segno_dataset::Part::Train, &manifest, &[("genre", &classes)], memory).unwrap();
    let (kept, streamed) = (load(u64::MAX), load(0));
    let rows: Vec<usize> = (0..kept.len()).collect();
    let batches = |examples: &Examples| {
        let values = examples.batches(&rows, 7).map(|batch| batch.map(|(_, features)| features.to_vec()));
        values.collect::<Result<Vec<_>, _>>().unwrap()
    };
    assert_eq!(batches(&streamed), batches(&kept));
}

#[test]
fn what_is_missing_or_damaged_in_a_bucket_is_written_again() {
    let server = Server::start();
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [3, 4]);
    let bucket = store(&server, "s3://music/shards");
    world::extract(&bucket, &manifest, &header, 4, 2);
    let whole = bytes(&bucket);

    bucket.remove("part-00002.parquet").unwrap();
    let error = ShardSet::open(&bucket).unwrap_err().to_string();
    assert!(error.starts_with("s3://music/shards: found parts 2 missing, expected 5 parts"), "{error}");
    put(&bucket, "part-00001.parquet", &whole["part-00001.parquet"][..500]);
    let error = ShardSet::open(store(&server, "s3://music/shards")).unwrap_err().to_string();
    assert!(error.contains("parts 2 missing"), "{error}");
    put(&bucket, "part-00017.parquet", b"a part too many");
    assert_eq!(world::extract(&bucket, &manifest, &header, 4, 2), 2);
    assert_eq!(bytes(&bucket), whole);

    put(&bucket, "part-00001.parquet", &whole["part-00001.parquet"][..500]);
    let error = ShardSet::open(&bucket).unwrap_err().to_string();
    assert!(error.starts_with("s3://music/shards/part-00001.parquet: not a whole parquet file"), "{error}");
}

/// A part that cannot be read for want of rights is not taken for one that is damaged, and not written again.
#[test]
fn a_server_that_refuses_is_said_to_refuse() {
    let server = Server::start();
    let manifest = world::manifest(1);
    let header = world::header(&manifest, [3, 4]);
    world::extract(store(&server, "s3://music/shards"), &manifest, &header, 4, 2);
    let wrong = settings(server.address, "another secret");
    let denied = Store::open_with("s3://music/shards", &borrowed(&wrong)).unwrap();
    let tracks: Vec<&Track> = manifest.present().collect();
    let fill = |(): &mut (), _: &Track, _: &mut _| panic!("nothing is to be extracted");
    let written = write_shards::<_, DatasetError>(&denied, &header, &tracks, Parts::of(4), || (), fill, |_| ControlFlow::Continue(()));
    let no_bucket = ShardSet::open(store(&server, "s3://paintings/shards"));
    assert!(matches!(written, Err(DatasetError::Store(StoreError::Denied { .. }))), "{written:?}");
    assert!(matches!(ShardSet::open(&denied), Err(DatasetError::Store(StoreError::Denied { .. }))));
    assert!(matches!(no_bucket, Err(DatasetError::Store(StoreError::NoBucket { .. }))), "{no_bucket:?}");

    // And a server that goes away while clips are loaded.
    let set = ShardSet::open(store(&server, "s3://music/shards")).unwrap();
    let clip = set.clips()[0].clip_id.clone();
    drop(server);
    let error = set.load(&[clip]).unwrap_err();
    assert!(matches!(error, DatasetError::Store(StoreError::Unreachable { .. })), "{error:?}");
}
