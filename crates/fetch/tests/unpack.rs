//! Archives that are whole, cut short, too large, and hostile.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use segno_fetch::{EntryFault, FetchError, Limits, Progress, Unpacked, unpack_tar_gz};
use tar::{EntryType, Header};

/// A tar, entry by entry; nothing here checks what `tar::Builder` would refuse.
#[derive(Default)]
struct Tar(Vec<u8>);

impl Tar {
    fn entry(mut self, kind: EntryType, path: &[u8], link: &[u8], content: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path);
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link);
        header.set_entry_type(kind);
        header.set_mode(0o777);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.0.extend(header.as_bytes());
        self.0.extend(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn file(self, path: &str, content: &[u8]) -> Self {
        self.entry(EntryType::Regular, path.as_bytes(), b"", content)
    }

    fn gz(mut self, path: &Path) {
        self.0.extend([0; 1024]);
        gz(&self.0, path);
    }
}

fn gz(content: &[u8], path: &Path) {
    let mut encoder = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap();
}

struct Place {
    dir: tempfile::TempDir,
    archive: PathBuf,
    dest: PathBuf,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { archive: dir.path().join("a.tar.gz"), dest: dir.path().join("inner/corpus"), dir }
    }

    fn unpack(&self, limits: &Limits) -> Result<Unpacked, FetchError> {
        unpack_tar_gz(&self.archive, &self.dest, limits, &mut |_| {})
    }

    /// Unpacking fails, and nothing but the archive is anywhere.
    fn refusal(&self, limits: &Limits) -> FetchError {
        let error = self.unpack(limits).unwrap_err();
        let mut found = Vec::new();
        list(self.dir.path(), &mut found);
        assert_eq!(found, [self.archive.clone(), self.dest.parent().unwrap().to_owned()]);
        error
    }
}

fn list(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, found);
        }
        found.push(path);
    }
    found.sort();
}

/// Bytes that gzip cannot shrink.
fn noise(n: u64) -> Vec<u8> {
    (0..n).map(|n| (n.wrapping_mul(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

#[test]
fn files_arrive_and_apples_shadows_do_not() {
    let place = Place::new();
    let long = format!("genres/{}/c.wav", "long/".repeat(30));
    Tar::default()
        .entry(EntryType::Directory, b"genres/", b"", b"")
        .file("./genres/blues/a.wav", b"blue")
        .file("genres/blues/._a.wav", b"shadow")
        .file("._genres", b"shadow")
        .entry(EntryType::XGlobalHeader, b"pax_global_header", b"", b"")
        .file("genres/jazz/b.wav", &noise(100_000))
        .entry(EntryType::GNULongName, b"././@LongLink", b"", format!("{long}\0").as_bytes())
        .file("cut-off-name", b"long")
        .entry(EntryType::XHeader, b"pax", b"", b"16 path=pax/d.f\n")
        .file("plain-name", b"pax")
        .gz(&place.archive);

    let mut last = Progress { done: 0, total: None };
    let done = unpack_tar_gz(&place.archive, &place.dest, &Limits::default(), &mut |progress| last = progress).unwrap();
    let archive_bytes = fs::metadata(&place.archive).unwrap().len();
    assert_eq!(last, Progress { done: archive_bytes, total: Some(archive_bytes) });
    assert_eq!(done, Unpacked { files: 4, bytes: 4 + 100_000 + 4 + 3 });
    assert_eq!(fs::read(place.dest.join("genres/blues/a.wav")).unwrap(), b"blue");
    assert_eq!(fs::read(place.dest.join("genres/jazz/b.wav")).unwrap(), noise(100_000));
    assert_eq!(fs::read(place.dest.join(long)).unwrap(), b"long");
    assert_eq!(fs::read(place.dest.join("pax/d.f")).unwrap(), b"pax");
    let mut found = Vec::new();
    list(&place.dest, &mut found);
    assert_eq!(found.iter().filter(|path| path.is_file()).count(), 4);
    let mut beside = Vec::new();
    list(place.dest.parent().unwrap(), &mut beside);
    assert!(beside.iter().all(|path| path.starts_with(&place.dest)), "the staging folder is gone: {beside:?}");
}

#[cfg(unix)]
#[test]
fn permissions_are_those_of_new_files() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    Tar::default().file("a", b"#!/bin/sh").gz(&place.archive);
    place.unpack(&Limits::default()).unwrap();
    let mode = fs::metadata(place.dest.join("a")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0, "the archive's own 777 is not taken over");
}

#[test]
fn paths_that_lead_out_are_refused() {
    for path in ["../evil", "/evil", "a/../../evil", "a\\..\\evil", "C:/evil", "."] {
        let place = Place::new();
        Tar::default().file("good", b"good").file(path, b"evil").gz(&place.archive);
        let error = place.refusal(&Limits::default());
        assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Path, .. }), "{path}: {error}");
    }
}

#[test]
fn a_long_name_that_leads_out_is_refused_too() {
    let place = Place::new();
    Tar::default().entry(EntryType::GNULongName, b"././@LongLink", b"", b"../evil\0").file("good", b"evil").gz(&place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Path, .. }), "{error}");

    let place = Place::new();
    Tar::default().entry(EntryType::XHeader, b"pax", b"", b"16 path=../evil\n").file("good", b"evil").gz(&place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Path, .. }), "{error}");
}

#[test]
fn links_and_devices_are_refused() {
    let kinds = [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Block, EntryType::Fifo, EntryType::GNUSparse];
    for kind in kinds {
        let place = Place::new();
        Tar::default().entry(kind, b"door", b"/etc", b"").file("door/passwd", b"evil").gz(&place.archive);
        let error = place.refusal(&Limits::default());
        assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Kind, .. }), "{kind:?}: {error}");
        assert!(error.to_string().contains("door"), "{error}");
    }
}

#[test]
fn a_path_that_comes_twice_is_refused() {
    let place = Place::new();
    Tar::default().file("a/b", b"one").file("./a//b", b"two").gz(&place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Twice, .. }), "{error}");
}

#[test]
fn headers_that_contradict_each_other_or_never_end_are_refused() {
    let place = Place::new();
    Tar::default().entry(EntryType::XHeader, b"pax", b"", b"10 size=9\n").file("a", b"four").gz(&place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Header, .. }), "{error}");

    let place = Place::new();
    Tar::default().entry(EntryType::GNULongName, b"name", b"", &noise(100_000)).file("a", b"").gz(&place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::UnsafeEntry { fault: EntryFault::Header, .. }), "{error}");
}

#[test]
fn a_bomb_goes_off_at_its_ratio() {
    let place = Place::new();
    Tar::default().file("zeros", &vec![0; 20 << 20]).gz(&place.archive);
    let packed = fs::metadata(&place.archive).unwrap().len();
    assert!(packed * 100 < 20 << 20, "{packed} bytes: not much of a bomb");
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::OverLimit { allowed: 100, .. }), "{error}");
    place.unpack(&Limits { ratio: 1000, ..Limits::default() }).unwrap();
}

#[test]
fn a_bomb_behind_the_last_entry_goes_off_too() {
    let place = Place::new();
    let mut tar = Tar::default().file("a", b"a");
    tar.0.extend(vec![0; 20 << 20]);
    tar.gz(&place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::OverLimit { .. }), "{error}");
}

#[test]
fn files_and_bytes_have_limits() {
    let place = Place::new();
    Tar::default().file("a", b"12345").file("b", b"12345").gz(&place.archive);
    let error = place.refusal(&Limits { files: 1, ..Limits::default() });
    assert!(matches!(error, FetchError::OverLimit { what: "files and folders", allowed: 1, .. }), "{error}");
    let error = place.refusal(&Limits { bytes: 9, ..Limits::default() });
    assert!(matches!(error, FetchError::OverLimit { what: "bytes", allowed: 9, .. }), "{error}");
    place.unpack(&Limits { files: 2, bytes: 10, ..Limits::default() }).unwrap();
}

/// Folders are not in `bytes`: a kilobyte of archive could have made ninety thousand of them.
#[test]
fn a_bomb_of_folders_goes_off() {
    let place = Place::new();
    let path = |n: usize| format!("{n}/{}f", "a/".repeat(400));
    let tar = (0..5)
        .fold(Tar::default(), |tar, n| tar.entry(EntryType::GNULongName, b"././@LongLink", b"", path(n).as_bytes()).file("cut-off", b""));
    tar.gz(&place.archive);
    let error = place.refusal(&Limits { files: 2000, ..Limits::default() });
    assert!(matches!(error, FetchError::OverLimit { what: "files and folders", allowed: 2000, .. }), "{error}");
    assert_eq!(place.unpack(&Limits { files: 5 * 402, ..Limits::default() }).unwrap().files, 5);
}

#[test]
fn an_archive_cut_short_anywhere_is_refused() {
    let place = Place::new();
    Tar::default().file("a", &noise(5000)).file("b", &noise(3000)).gz(&place.archive);
    let whole = fs::read(&place.archive).unwrap();
    for kept in [0, 5, 100, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        fs::write(&place.archive, &whole[..kept]).unwrap();
        let error = place.refusal(&Limits::default());
        assert!(matches!(error, FetchError::BadArchive { .. }), "{kept} bytes: {error}");
    }
}

#[test]
fn a_tar_cut_short_in_a_whole_gzip_is_refused() {
    let place = Place::new();
    let tar = Tar::default().file("a", &noise(5000)).0;
    gz(&tar[..3000], &place.archive);
    let error = place.refusal(&Limits::default());
    assert!(matches!(error, FetchError::BadArchive { .. }), "{error}");
}

#[test]
fn damage_is_found_by_the_checksum() {
    let place = Place::new();
    Tar::default().file("a", &noise(5000)).gz(&place.archive);
    let mut bytes = fs::read(&place.archive).unwrap();
    let crc = bytes.len() - 6;
    bytes[crc] ^= 1;
    fs::write(&place.archive, bytes).unwrap();
    assert!(matches!(place.refusal(&Limits::default()), FetchError::BadArchive { .. }));
}

#[test]
fn what_is_no_archive_is_refused() {
    let place = Place::new();
    fs::write(&place.archive, "<html>Please log in</html>").unwrap();
    let error = place.refusal(&Limits::default());
    assert!(error.to_string().contains("not a whole archive"), "{error}");
}

#[test]
fn an_occupied_place_stays_as_it_is() {
    let place = Place::new();
    Tar::default().file("a", b"a").gz(&place.archive);
    fs::create_dir_all(&place.dest).unwrap();
    fs::write(place.dest.join("mine"), "mine").unwrap();
    assert!(matches!(place.unpack(&Limits::default()), Err(FetchError::Exists { .. })));
    assert_eq!(fs::read_dir(&place.dest).unwrap().count(), 1);
    fs::remove_file(place.dest.join("mine")).unwrap();
    place.unpack(&Limits::default()).unwrap();
    assert_eq!(fs::read(place.dest.join("a")).unwrap(), b"a");
}

#[test]
fn what_a_crash_left_behind_does_not_get_in() {
    let place = Place::new();
    Tar::default().file("a", b"a").gz(&place.archive);
    let left = place.dest.parent().unwrap().join(".corpus.unpacking");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("half"), "half").unwrap();
    place.unpack(&Limits::default()).unwrap();
    assert_eq!(fs::read_dir(&place.dest).unwrap().count(), 1);
}
