//! Bytes are under their name whole, or nothing is.

use std::io::Write;

use segno_store::StoreError;

use crate::places::{get, noise, places, put};

const MIB: usize = 1 << 20;

#[test]
fn what_is_written_is_read() {
    for place in places() {
        let store = &place.store;
        assert_eq!(store.names().unwrap(), [""; 0], "{store}: a place that is not there yet holds nothing");
        // Around the length of a part of an upload.
        for n_bytes in [0, 1, 1000, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 20 * MIB] {
            let bytes = noise(n_bytes);
            put(store, "object", &bytes).unwrap();
            assert!(get(store, "object").unwrap() == bytes, "{store}: {n_bytes} bytes");
        }
        assert_eq!(place.remains(), [""; 0], "{store}");
    }
}

#[test]
fn small_writes_make_one_object() {
    let bytes = noise(17 * MIB);
    for place in places() {
        let mut writer = place.store.create("object").unwrap();
        for piece in bytes.chunks(MIB / 3) {
            writer.write_all(piece).unwrap();
            writer.flush().unwrap();
        }
        writer.commit().unwrap();
        assert!(get(&place.store, "object").unwrap() == bytes, "{}", place.store);
    }
}

#[test]
fn ranges_are_read_in_any_order() {
    let bytes = noise(9 * MIB);
    for place in places() {
        put(&place.store, "object", &bytes).unwrap();
        let object = place.store.object("object").unwrap();
        for (start, n_bytes) in [(9 * MIB - 8, 8), (0, 4), (5 * MIB, 100_000), (0, 9 * MIB), (9 * MIB, 0), (1, 1)] {
            let mut out = vec![0; n_bytes];
            object.read_at(start as u64, &mut out).unwrap();
            assert!(out == bytes[start..start + n_bytes], "{}: {n_bytes} bytes from {start}", place.store);
        }
        assert_eq!(object.len().unwrap(), bytes.len() as u64);
    }
}

#[test]
fn a_range_behind_the_end_is_an_error() {
    for place in places() {
        put(&place.store, "object", &noise(1000)).unwrap();
        for (start, n_bytes) in [(990, 11), (1000, 1), (5000, 10), (u64::MAX - 4, 3)] {
            // Before the object's length is known, and after.
            let object = place.store.object("object").unwrap();
            for _ in 0..2 {
                let error = object.read_at(start, &mut vec![0; n_bytes]).unwrap_err();
                assert!(matches!(error, StoreError::Range { len: 1000, .. }), "{}: {error:?}", place.store);
            }
        }
    }
}

#[test]
fn a_dropped_writer_leaves_nothing() {
    for place in places() {
        let store = &place.store;
        for n_bytes in [0, 1000, 20 * MIB] {
            let mut writer = store.create("object").unwrap();
            writer.write_all(&noise(n_bytes)).unwrap();
            assert_eq!(store.names().unwrap(), [""; 0], "{store}: {n_bytes} bytes, not committed");
            if n_bytes == 20 * MIB {
                assert!(!place.remains().is_empty(), "{store}: else the next line shows nothing");
            }
            drop(writer);
            assert_eq!(place.remains(), [""; 0], "{store}: {n_bytes} bytes, dropped");
            assert!(matches!(get(store, "object"), Err(StoreError::Missing { .. })), "{store}");
        }
    }
}

#[test]
fn names_are_those_directly_below() {
    let names = ["a b", "a#1b", "a%20b", "part-00000.parquet", "part-00001.parquet", "ä"];
    for place in places() {
        let store = &place.store;
        for name in names.iter().rev() {
            put(store, name, name.as_bytes()).unwrap();
        }
        let below = store.below("deeper").unwrap();
        put(&below, "object", b"deep").unwrap();
        assert_eq!(store.names().unwrap(), names, "{store}");
        assert_eq!(below.names().unwrap(), ["object"]);
        assert_eq!(below.to_string(), format!("{store}/deeper"));
        for name in names {
            assert_eq!(get(store, name).unwrap(), name.as_bytes(), "{store}");
            store.remove(name).unwrap();
            store.remove(name).unwrap();
        }
        assert_eq!(store.names().unwrap(), [""; 0]);
        assert_eq!(get(&below, "object").unwrap(), b"deep");
    }
}

#[test]
fn what_is_no_name_is_refused_everywhere() {
    for place in places() {
        let store = &place.store;
        for name in ["", "..", "a/b", "object.77-00ff.tmp"] {
            assert!(matches!(store.object(name), Err(StoreError::Name { .. })), "{store}: {name}");
            assert!(matches!(store.create(name), Err(StoreError::Name { .. })), "{store}: {name}");
            assert!(matches!(store.remove(name), Err(StoreError::Name { .. })), "{store}: {name}");
            assert!(matches!(store.below(name), Err(StoreError::Name { .. })), "{store}: {name}");
        }
    }
}
