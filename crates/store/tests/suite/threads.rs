//! Many threads at once.

use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use segno_store::StoreError;

use crate::places::{get, noise, places, put};

#[test]
fn many_threads_read_one_object() {
    let bytes = noise(1 << 20);
    for place in places() {
        put(&place.store, "object", &bytes).unwrap();
        let object = place.store.object("object").unwrap();
        thread::scope(|scope| {
            for thread in 0..16_usize {
                let (object, bytes) = (&object, &bytes);
                scope.spawn(move || {
                    for step in 0..20 {
                        let start = (thread * 50_021 + step * 30_011) % (bytes.len() - 10_000);
                        let mut out = vec![0; 10_000];
                        object.read_at(start as u64, &mut out).unwrap();
                        assert!(out == bytes[start..start + 10_000]);
                    }
                });
            }
        });
    }
}

#[test]
fn threads_write_each_its_own() {
    for place in places() {
        thread::scope(|scope| {
            for thread in 0..8_usize {
                let store = place.store.clone();
                scope.spawn(move || put(&store, &format!("part-{thread}"), &noise((1 + thread) << 18)).unwrap());
            }
        });
        assert_eq!(place.store.names().unwrap().len(), 8);
        for thread in 0..8_usize {
            assert!(get(&place.store, &format!("part-{thread}")).unwrap() == noise((1 + thread) << 18));
        }
    }
}

/// Two jobs with the same part: neither disturbs the other, and either one's bytes stand whole.
#[test]
fn two_writers_of_one_name_do_not_mix() {
    for place in places() {
        let store = &place.store;
        let mut first = store.create("object").unwrap();
        let mut second = store.create("object").unwrap();
        for _ in 0..20 {
            first.write_all(&[1; 1 << 19]).unwrap();
            second.write_all(&[2; 1 << 19]).unwrap();
        }
        store.clear_leftovers().unwrap();
        first.commit().unwrap();
        assert!(get(store, "object").unwrap() == [1; 20 << 19], "{store}");
        second.commit().unwrap();
        assert!(get(store, "object").unwrap() == [2; 20 << 19], "{store}");
        assert_eq!(place.remains(), [""; 0]);
    }
}

#[test]
fn a_reader_sees_the_old_bytes_or_the_new() {
    const N_BYTES: usize = 300_000;
    for place in places() {
        let store = &place.store;
        put(store, "object", &[0; N_BYTES]).unwrap();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut version = 0_u8;
                while !done.load(Ordering::Relaxed) {
                    version += 1;
                    put(store, "object", &vec![version; N_BYTES + usize::from(version)]).unwrap();
                    // Ever longer, so that a reader on a busy machine has its time too.
                    thread::sleep(Duration::from_millis(3 * u64::from(version)));
                }
                version
            });
            let mut n_whole = 0;
            while n_whole < 20 && !writer.is_finished() {
                match get(store, "object") {
                    Ok(bytes) => {
                        let version = bytes[0];
                        assert!(bytes == vec![version; N_BYTES + usize::from(version)], "{store}: a mixture");
                        n_whole += 1;
                    }
                    Err(StoreError::Replaced { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            done.store(true, Ordering::Relaxed);
            let version = writer.join().unwrap();
            assert!(get(store, "object").unwrap() == vec![version; N_BYTES + usize::from(version)]);
        });
    }
}

#[test]
fn an_object_stays_the_version_first_read() {
    for place in places() {
        let store = &place.store;
        put(store, "object", b"first version").unwrap();
        let object = store.object("object").unwrap();
        let mut out = [0; 5];
        object.read_at(0, &mut out).unwrap();
        put(store, "object", b"other version").unwrap();
        match object.read_at(0, &mut out) {
            Ok(()) => assert_eq!(&out, b"first", "{store}"),
            Err(StoreError::Replaced { name, .. }) => assert_eq!(name, "object"),
            Err(error) => panic!("{error}"),
        }
        store.object("object").unwrap().read_at(0, &mut out).unwrap();
        assert_eq!(&out, b"other", "{store}");
    }
}
