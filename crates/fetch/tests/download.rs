//! Downloads from a server that behaves, breaks, stalls and lies.

mod support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use md5::Md5;
use segno_fetch::{Archive, FetchError, Options, Progress, download_with};
use sha2::{Digest, Sha256};
use support::{Reply, Server};

/// 300 000 bytes that repeat nowhere near a buffer's length.
fn content() -> Vec<u8> {
    (0..300_000u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn described(url: String, content: &[u8]) -> Archive {
    Archive {
        url,
        bytes: Some(content.len() as u64),
        md5: Some(hex(&Md5::digest(content))),
        sha1: None,
        sha256: Some(hex(&Sha256::digest(content))),
    }
}

fn undescribed(url: String) -> Archive {
    Archive { url, bytes: None, md5: None, sha1: None, sha256: None }
}

fn quick() -> Options {
    Options {
        connect_timeout: Duration::from_secs(5),
        stall_timeout: Duration::from_secs(5),
        attempts: 3,
        first_pause: Duration::from_millis(1),
        // The server is on the loopback interface, whatever the environment says.
        use_proxy: false,
    }
}

fn fetch(archive: &Archive, dest: &Path) -> Result<std::path::PathBuf, FetchError> {
    download_with(archive, dest, &quick(), &mut |_| {})
}

fn etag(mark: &str) -> [(&'static str, String); 1] {
    [("ETag", format!("\"{mark}\""))]
}

/// Nothing but `names` lies in `dir`.
fn assert_holds(dir: &Path, names: &[&str]) {
    let mut found: Vec<String> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, names);
}

#[test]
fn a_file_arrives_and_a_second_call_opens_no_connection() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |_, _| Reply::whole("200 OK", &[], &body));
    let dir = tempfile::tempdir().unwrap();
    let dest = dir.path().join("made/on/the/way");
    let archive = described(server.url("data/a.tar.gz?download=1"), &content);

    let mut seen: Vec<Progress> = Vec::new();
    let file = download_with(&archive, &dest, &quick(), &mut |progress| seen.push(progress)).unwrap();
    assert_eq!(file, dest.join("a.tar.gz"));
    assert_eq!(fs::read(&file).unwrap(), content);
    assert_holds(&dest, &["a.tar.gz"]);
    assert_eq!(seen.first(), Some(&Progress { done: 0, total: Some(300_000) }));
    assert_eq!(seen.last(), Some(&Progress { done: 300_000, total: Some(300_000) }));
    assert!(seen.is_sorted_by_key(|progress| progress.done));

    fetch(&archive, &dest).unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_file_already_there_but_wrong_is_replaced() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |_, _| Reply::whole("200 OK", &[], &body));
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "something else").unwrap();
    let file = fetch(&described(server.url("a"), &content), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
}

#[test]
fn after_a_break_only_the_rest_is_asked_for() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, request| match n {
        0 => Reply::cut("200 OK", &etag("v1"), &body, 100_000),
        _ => Reply::rest(&etag("v1"), &body, request.range_start().unwrap()),
    });
    let dir = tempfile::tempdir().unwrap();
    let file = fetch(&described(server.url("a"), &content), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
    assert_holds(dir.path(), &["a"]);

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("range"), None);
    assert_eq!(requests[1].header("range"), Some("bytes=100000-"), "every byte that arrived is kept");
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
}

#[test]
fn a_later_call_goes_on_too() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, request| match n {
        0..3 if request.range_start().is_none() => Reply::cut("200 OK", &etag("v1"), &body, 70_000),
        0..3 => Reply::cut("206 Partial Content", &[("Content-Range", "bytes 70000-299999/300000".into())], &body[70_000..], 0),
        _ => Reply::rest(&etag("v1"), &body, request.range_start().unwrap()),
    });
    let dir = tempfile::tempdir().unwrap();
    let archive = described(server.url("a"), &content);
    let error = fetch(&archive, dir.path()).unwrap_err();
    assert!(matches!(error, FetchError::Broken { failures: 3, done: 70_000, .. }), "{error}");
    assert_holds(dir.path(), &["a.part", "a.part.of"]);

    let file = fetch(&archive, dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
    assert_eq!(server.requests()[3].range_start(), Some(70_000));
}

#[test]
fn a_server_that_ignores_ranges_is_heard_from_the_start() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, _| Reply::cut("200 OK", &[], &body, if n == 0 { 100_000 } else { 300_000 }));
    let dir = tempfile::tempdir().unwrap();
    let file = fetch(&described(server.url("a"), &content), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
    assert_eq!(server.requests()[1].range_start(), Some(100_000), "it was asked");
}

#[test]
fn a_file_that_changed_in_between_is_fetched_from_the_start() {
    let old = content();
    let new: Vec<u8> = old.iter().map(|byte| !byte).collect();
    let (first, second) = (old.clone(), new.clone());
    let server = Server::start(move |n, request| match n {
        0 => Reply::cut("200 OK", &etag("v1"), &first, 100_000),
        // As RFC 9110 asks of a server whose mark does not match `If-Range`.
        _ if request.header("if-range") == Some("\"v1\"") => Reply::whole("200 OK", &etag("v2"), &second),
        _ => Reply::whole("500 Unexpected", &[], b""),
    });
    let dir = tempfile::tempdir().unwrap();
    let file = fetch(&undescribed(server.url("a")), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), new);
}

#[test]
fn a_part_without_a_mark_or_checksum_is_never_trusted() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, _| Reply::cut("200 OK", &[], &body, if n == 0 { 100_000 } else { 300_000 }));
    let dir = tempfile::tempdir().unwrap();
    let file = fetch(&undescribed(server.url("a")), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
    assert_eq!(server.requests()[1].header("range"), None);
}

#[test]
fn a_file_wrongly_joined_is_fetched_once_more_in_one_go() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, request| match (n, request.range_start()) {
        (0, None) => Reply::cut("200 OK", &[], &vec![7; 300_000], 100_000),
        (1, Some(start)) => Reply::rest(&[], &body, start),
        (2, None) => Reply::whole("200 OK", &[], &body),
        _ => Reply::whole("404 Unexpected", &[], b""),
    });
    let dir = tempfile::tempdir().unwrap();
    let file = fetch(&described(server.url("a"), &content), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_part_of_another_address_is_not_gone_on_from() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |_, _| Reply::whole("200 OK", &[], &body));
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.part"), [7; 1000]).unwrap();
    fs::write(dir.path().join("a.part.of"), "http://elsewhere/a\n\"v1\"\n").unwrap();
    let file = fetch(&undescribed(server.url("a")), dir.path()).unwrap();
    assert_eq!(fs::read(file).unwrap(), content);
    assert_eq!(server.requests()[0].header("range"), None);
}

#[test]
fn a_part_that_is_whole_needs_no_byte_more() {
    let content = content();
    let server = Server::start(|_, request| {
        assert_eq!(request.range_start(), Some(300_000));
        Reply::whole("416 Range Not Satisfiable", &[("Content-Range", "bytes */300000".into())], b"")
    });
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive { bytes: None, ..described(server.url("a"), &content) };
    fs::write(dir.path().join("a.part"), &content).unwrap();
    fs::write(dir.path().join("a.part.of"), format!("{}\n\"v1\"\n", archive.url)).unwrap();
    assert_eq!(fs::read(fetch(&archive, dir.path()).unwrap()).unwrap(), content);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_wrong_checksum_is_an_error_and_leaves_nothing() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |_, _| Reply::whole("200 OK", &[], &body));
    for kind in ["md5", "sha256"] {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = described(server.url("a"), &content);
        match kind {
            "md5" => archive.md5 = Some("0".repeat(32)),
            _ => archive.sha256 = Some("0".repeat(64)),
        }
        let error = fetch(&archive, dir.path()).unwrap_err();
        assert!(matches!(error, FetchError::WrongChecksum { kind: k, .. } if k == kind), "{error}");
        assert_holds(dir.path(), &[]);
    }
    assert_eq!(server.requests().len(), 2, "a file fetched in one go is not fetched again");
}

#[test]
fn a_wrong_size_is_an_error_before_the_body_is_read() {
    let content = content();
    let server = Server::start(move |_, _| Reply::cut("200 OK", &[], &content, 0));
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive { bytes: Some(5), ..undescribed(server.url("a")) };
    let error = fetch(&archive, dir.path()).unwrap_err();
    assert!(matches!(error, FetchError::WrongSize { found: 300_000, expected: 5, .. }), "{error}");
    assert_holds(dir.path(), &[]);
}

#[test]
fn a_body_without_end_is_cut_at_the_size_described() {
    let server = Server::start(move |_, _| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        bytes.extend([0; 200_000]);
        Reply { bytes, then_silent: Duration::ZERO }
    });
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive { bytes: Some(1000), ..undescribed(server.url("a")) };
    let error = fetch(&archive, dir.path()).unwrap_err();
    assert!(matches!(error, FetchError::WrongSize { expected: 1000, .. }), "{error}");
    assert_holds(dir.path(), &[]);
}

#[test]
fn what_the_server_will_not_give_is_asked_for_once() {
    let server = Server::start(|_, _| Reply::whole("404 Not Found", &[], b"no such file"));
    let dir = tempfile::tempdir().unwrap();
    let error = fetch(&undescribed(server.url("a")), dir.path()).unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 404, .. }), "{error}");
    assert!(error.to_string().contains(&server.url("a")), "{error}");
    assert_eq!(server.requests().len(), 1);
    assert_holds(dir.path(), &[]);
}

#[test]
fn a_busy_server_is_asked_again() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, _| match n {
        0 => Reply::whole("503 Service Unavailable", &[], b"later"),
        _ => Reply::whole("200 OK", &[], &body),
    });
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(fs::read(fetch(&undescribed(server.url("a")), dir.path()).unwrap()).unwrap(), content);
}

#[test]
fn redirections_are_followed_and_the_name_stays_that_of_the_address() {
    let content = content();
    let body = content.clone();
    let server = Server::start(move |n, _| match n {
        0 => Reply::whole("302 Found", &[("Location", "/elsewhere/b".into())], b""),
        _ => Reply::whole("200 OK", &[], &body),
    });
    let dir = tempfile::tempdir().unwrap();
    let file = fetch(&described(server.url("a"), &content), dir.path()).unwrap();
    assert_eq!(file, dir.path().join("a"));
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let content = content();
    let server = Server::start(move |_, _| Reply { then_silent: Duration::from_secs(3), ..Reply::cut("200 OK", &[], &content, 10) });
    let dir = tempfile::tempdir().unwrap();
    let options = Options { stall_timeout: Duration::from_millis(200), attempts: 1, ..quick() };
    let start = Instant::now();
    let error = download_with(&undescribed(server.url("a")), dir.path(), &options, &mut |_| {}).unwrap_err();
    assert!(matches!(error, FetchError::Broken { failures: 1, done: 10, .. }), "{error}");
    assert!(start.elapsed() < Duration::from_millis(2500), "{:?}", start.elapsed());
}

#[test]
fn nobody_at_the_address_is_an_error_after_the_stated_attempts() {
    let dir = tempfile::tempdir().unwrap();
    // Port 9 of the loopback interface: `discard`, which no system offers any more.
    let error = fetch(&undescribed("http://127.0.0.1:9/a".to_owned()), dir.path()).unwrap_err();
    assert!(matches!(error, FetchError::Broken { failures: 3, done: 0, .. }), "{error}");
}
