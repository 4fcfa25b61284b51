//! What goes wrong with a server is said, and soon.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use segno_store::{Store, StoreError};

use crate::{
    places::{get, noise, places, put},
    server::{BUCKET, SECRET, Server, borrowed, settings},
};

fn store(bucket: &str, address: SocketAddr, secret: &str) -> Store {
    Store::open_with(&format!("s3://{bucket}/shards"), &borrowed(&settings(address, secret))).unwrap()
}

/// What each way to ask a store for something gives.
fn errors(store: &Store) -> [StoreError; 5] {
    [
        store.names().unwrap_err(),
        store.object("object").unwrap().len().unwrap_err(),
        store.object("object").unwrap().read_at(0, &mut [0]).unwrap_err(),
        put(store, "object", b"short").unwrap_err(),
        store.remove("object").unwrap_err(),
    ]
}

#[test]
fn nothing_under_a_name() {
    for place in places() {
        put(&place.store, "other", b"here").unwrap();
        let read = |name: &str| {
            let object = place.store.object(name)?;
            object.read_at(0, &mut [0])?;
            object.len()
        };
        assert_eq!(read("other").unwrap(), 4);
        for error in [read("object").unwrap_err(), get(&place.store, "object").unwrap_err()] {
            assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("there under the name 'object'") && text.contains("yet/there"), "{text}");
        }
    }
}

#[test]
fn wrong_credentials() {
    let server = Server::start();
    for error in errors(&store(BUCKET, server.address, "another secret")) {
        let text = error.to_string();
        assert!(matches!(error, StoreError::Denied { .. }), "{error:?}");
        assert!(text.starts_with("s3://music/shards") && text.contains("check AWS_ACCESS_KEY_ID"), "{text}");
        assert!(!text.contains("another secret"), "{text}");
    }
}

#[test]
fn unknown_bucket() {
    let server = Server::start();
    for error in errors(&store("paintings", server.address, SECRET)) {
        assert!(matches!(error, StoreError::NoBucket { .. }), "{error:?}");
        assert!(error.to_string().starts_with("s3://paintings/shards: the server knows no such bucket"), "{error}");
    }
}

#[test]
fn no_server() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let start = Instant::now();
    for error in [store(BUCKET, nobody, SECRET).names().unwrap_err(), put(&store(BUCKET, nobody, SECRET), "object", b"x").unwrap_err()] {
        let text = error.to_string();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
        assert!(text.contains("check AWS_ENDPOINT_URL"), "{text}");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "two errors in {:?}", start.elapsed());
}

#[test]
fn an_upload_whose_server_goes_away_is_an_error() {
    let server = Server::start();
    let mut writer = store(BUCKET, server.address, SECRET).create("object").unwrap();
    writer.write_all(&noise(9 << 20)).unwrap();
    drop(server);
    assert!(matches!(writer.commit(), Err(StoreError::Unreachable { .. })));
}

#[test]
fn open_http_is_asked_for() {
    let server = Server::start();
    let mut settings = server.settings();
    settings.retain(|(key, _)| *key != "AWS_ALLOW_HTTP");
    let error = Store::open_with("s3://music", &borrowed(&settings)).and_then(|store| store.names()).unwrap_err().to_string();
    assert!(error.contains("AWS_ALLOW_HTTP=true allows it"), "{error}");
}

#[test]
fn an_unknown_setting_is_refused() {
    let error = Store::open_with("s3://music", &[("AWS_COLOUR", "red")]).unwrap_err().to_string();
    assert!(error.contains("found the setting 'AWS_COLOUR'"), "{error}");
}

/// A way to a server that cuts the first connections off.
fn flaky(to: SocketAddr, n_cut: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (index, client) in listener.incoming().enumerate() {
            let client = client.unwrap();
            if index < n_cut {
                continue;
            }
            let server = TcpStream::connect(to).unwrap();
            let (mut up, mut down) = ((client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client));
            thread::spawn(move || io::copy(&mut up.0, &mut up.1));
            thread::spawn(move || io::copy(&mut down.0, &mut down.1));
        }
    });
    address
}

#[test]
fn a_connection_that_breaks_is_tried_again() {
    let server = Server::start();
    // The signature is of the address asked: the server holds it against the header, which says the same.
    let store = store(BUCKET, flaky(server.address, 2), SECRET);
    put(&store, "object", b"in the end").unwrap();
    assert_eq!(get(&store, "object").unwrap(), b"in the end");
}
