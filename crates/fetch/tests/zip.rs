//! Members are taken out of a zip by name, whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use segno_fetch::{EntryFault, Extracted, FetchError, Limits, Member, extract_members, list_members};
use zip::CompressionMethod::{Bzip2, Deflated, Stored};
use zip::write::SimpleFileOptions;

/// Text that compresses, but by less than a hundred times.
fn text(seed: u32, n: usize) -> Vec<u8> {
    let mut x = seed;
    let mut next = || {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b"abcdefgh"[(x >> 24) as usize % 8]
    };
    (0..n).map(|_| next()).collect()
}

struct Place {
    _dir: tempfile::TempDir,
    zip: PathBuf,
    into: PathBuf,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let zip = dir.path().join("fma.zip");
    let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
    writer.add_directory("fma/000/", SimpleFileOptions::default()).unwrap();
    for (n, method) in [Stored, Deflated, Bzip2].into_iter().enumerate() {
        writer.start_file(format!("fma/000/00000{n}.mp3"), SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(&text(n as u32, 200_000)).unwrap();
    }
    writer.start_file("fma/../../escaped", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"out").unwrap();
    writer.add_symlink("fma/link.mp3", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    writer.start_file("fma/bomb", SimpleFileOptions::default().compression_method(Deflated)).unwrap();
    writer.write_all(&vec![0; 4 << 20]).unwrap();
    writer.start_file("fma/README.txt", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"not asked for").unwrap();
    writer.finish().unwrap();
    Place { into: dir.path().join("cache/audio"), zip, _dir: dir }
}

fn mp3(n: usize) -> String {
    format!("fma/000/00000{n}.mp3")
}

impl Place {
    fn extract(&self, names: &[String]) -> Result<Extracted, FetchError> {
        extract_members(&self.zip, names, &self.into, &Limits::default(), &mut |_| {})
    }

    fn files(&self) -> Vec<String> {
        fn walk(dir: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, root, found) } else { found.push(path.strip_prefix(root).unwrap().display().to_string()) }
            }
        }
        let mut found = Vec::new();
        walk(&self.into, &self.into, &mut found);
        found.sort();
        found
    }
}

#[test]
fn the_members_named_and_no_others() {
    let place = place();
    let names = [mp3(2), mp3(7), mp3(0), mp3(1)];
    let mut seen = Vec::new();
    let done = extract_members(&place.zip, &names, &place.into, &Limits::default(), &mut |progress| seen.push(progress)).unwrap();
    assert_eq!(done, Extracted { written: 3, kept: 0, missing: vec![mp3(7)] });
    assert_eq!(place.files(), [mp3(0), mp3(1), mp3(2)]);
    for n in 0..3 {
        assert_eq!(fs::read(place.into.join(mp3(n))).unwrap(), text(n as u32, 200_000));
    }
    let seen: Vec<_> = seen.into_iter().map(|progress| (progress.done, progress.total)).collect();
    assert_eq!(seen, [200_000, 400_000, 600_000].map(|done| (done, Some(600_000))));
}

#[test]
fn what_is_there_and_whole_is_kept() {
    let place = place();
    place.extract(&[mp3(0), mp3(1)]).unwrap();
    let damaged = place.into.join(mp3(1));
    let mut bytes = fs::read(&damaged).unwrap();
    bytes[7] ^= 1;
    fs::write(&damaged, &bytes).unwrap();
    fs::write(place.into.join("fma/000/.000002.mp3.part"), b"left behind").unwrap();
    let done = place.extract(&[mp3(0), mp3(1), mp3(2)]).unwrap();
    assert_eq!(done, Extracted { written: 2, kept: 1, missing: vec![] });
    assert_eq!(fs::read(&damaged).unwrap(), text(1, 200_000));
    assert_eq!(place.files(), [mp3(0), mp3(1), mp3(2)]);
}

#[test]
fn the_list_is_of_regular_files() {
    let place = place();
    let members = list_members(&place.zip).unwrap();
    assert_eq!(members[0], Member { name: mp3(0), bytes: 200_000 });
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert!(names.contains(&"fma/README.txt") && !names.contains(&"fma/000/") && !names.contains(&"fma/link.mp3"), "{names:?}");
}

#[test]
fn unsafe_members_are_refused_before_anything_is_written() {
    let place = place();
    for (name, expected) in [
        ("fma/../../escaped", EntryFault::Path),
        ("/etc/passwd", EntryFault::Path),
        ("c:\\a", EntryFault::Path),
        ("", EntryFault::Path),
        ("fma/link.mp3", EntryFault::Kind),
        ("fma/000/", EntryFault::Kind),
    ] {
        let error = place.extract(&[mp3(0), name.to_owned()]).unwrap_err();
        assert!(matches!(error, FetchError::UnsafeEntry { fault, .. } if fault == expected), "{name}: {error}");
    }
    let limit = |limits: Limits, name: &str| {
        let names = [mp3(0), mp3(1), name.to_owned()];
        extract_members(&place.zip, &names, &place.into, &limits, &mut |_| {}).unwrap_err().to_string()
    };
    assert!(limit(Limits::default(), "fma/bomb").contains("more than 100 times its own size"));
    assert!(limit(Limits { files: 2, ..Limits::default() }, &mp3(2)).contains("more than 2 files"));
    assert!(limit(Limits { bytes: 599_999, ..Limits::default() }, &mp3(2)).contains("more than 599999 bytes"));
    assert!(place.files().is_empty());
}

/// Each for itself is below the mebibyte that no ratio is held against.
#[test]
fn many_small_bombs_are_one() {
    let place = place();
    let mut writer = zip::ZipWriter::new(fs::File::create(&place.zip).unwrap());
    let names: Vec<String> = (0..15).map(|n| n.to_string()).collect();
    for name in &names {
        writer.start_file(name, SimpleFileOptions::default().compression_method(Bzip2)).unwrap();
        writer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    writer.finish().unwrap();
    assert!(fs::metadata(&place.zip).unwrap().len() < 4000);
    let error = place.extract(&names).unwrap_err();
    assert!(matches!(error, FetchError::OverLimit { what: "times its own size", allowed: 100, .. }), "{error}");
    assert!(place.files().is_empty());
    assert_eq!(place.extract(&names[..1]).unwrap().written, 1);
}

#[test]
fn a_damaged_member_is_named_and_spares_the_others() {
    let place = place();
    let mut bytes = fs::read(&place.zip).unwrap();
    // Inside the stored member, whose bytes lie as they are.
    let at = bytes.windows(64).position(|window| window == &text(0, 200_000)[..64]).unwrap();
    bytes[at + 1000] ^= 1;
    fs::write(&place.zip, &bytes).unwrap();
    let error = place.extract(&[mp3(1), mp3(0), mp3(2)]).unwrap_err();
    assert!(matches!(&error, FetchError::BadMember { member, .. } if *member == mp3(0)), "{error}");
    assert_eq!(place.files(), [mp3(1)]);
}

#[test]
fn what_is_no_zip_is_told() {
    let place = place();
    let whole = fs::read(&place.zip).unwrap();
    for cut in [0, 10, whole.len() / 2, whole.len() - 10] {
        fs::write(&place.zip, &whole[..cut]).unwrap();
        let error = place.extract(&[mp3(0)]).unwrap_err();
        assert!(matches!(error, FetchError::BadArchive { .. }), "{cut}: {error}");
    }
    fs::remove_file(&place.zip).unwrap();
    assert!(matches!(place.extract(&[mp3(0)]), Err(FetchError::Io { action: "open", .. })));
}
