//! A file that cannot or must not be written is whole.

use std::fs;

use segno_tags::{Field, TagError, Tagged};

use super::files::{Files, all, same_audio, wanted};

#[test]
fn a_failure_on_the_way_leaves_the_file_and_nothing_beside_it() {
    let files = Files::new();
    for (name, bytes) in all() {
        let path = files.put(name, &bytes);
        let plan = Tagged::read(&path).unwrap().plan(&wanted()).unwrap();
        let told = plan.write(|_, _| Err("a click at 0:03".into())).unwrap_err().to_string();
        assert!(told.contains(name) && told.contains("would not sound the same (a click at 0:03)"), "{told}");
        // Somebody writes to it while the audio is compared.
        let longer = [&bytes[..], b"more"].concat();
        let told = plan.write(|before, _| fs::write(before, &longer).map_err(|error| error.to_string())).unwrap_err();
        assert!(matches!(told, TagError::Changed { .. }), "{told}");
        assert!(fs::read(&path).unwrap() == longer);
        fs::remove_file(&path).unwrap();
        assert!(files.names().is_empty());
    }
}

#[test]
fn a_file_that_is_read_only_is_not_written_whoever_asks() {
    let files = Files::new();
    let path = files.put("a.mp3", &all()[0].1);
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let told = Tagged::read(&path).unwrap().plan(&wanted()).unwrap().write(same_audio).unwrap_err().to_string();
    assert!(told.contains("a.mp3: the file is read-only"), "{told}");
    assert!(fs::read(&path).unwrap() == all()[0].1);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let files = Files::new();
    let path = files.put("a.mp3", &all()[0].1);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let link = files.folder().join("link.mp3");
    symlink(&path, &link).unwrap();
    let plan = Tagged::read(&link).unwrap().plan(&wanted()).unwrap();
    assert_eq!(plan.file(), path);
    plan.write(same_audio).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(Tagged::read(&path).unwrap().values(&Field::Mood), ["happy"]);
}

#[test]
fn what_has_no_tags_and_values_that_are_none_are_refused() {
    let files = Files::new();
    for (name, bytes, expected) in [
        ("a.au", &b".snd\0\0\0\x18"[..], "AU files"),
        ("a.ogg", &super::files::fixture("opus_48000.ogg"), "another codec than Vorbis"),
        ("a.txt", b"hello", "begins as none of"),
        ("empty.mp3", b"", "begins as none of"),
    ] {
        let told = Tagged::read(&files.put(name, bytes)).unwrap_err().to_string();
        assert!(told.contains(name) && told.contains(expected), "{told}");
    }
    assert!(Tagged::read(files.folder()).unwrap_err().to_string().contains("what is no file"));
    let tagged = Tagged::read(&files.put("a.mp3", &all()[0].1)).unwrap();
    for value in ["", "a\0b"] {
        let told = tagged.plan(&[(Field::Genre, vec![value.into()])]).unwrap_err().to_string();
        assert!(told.contains("GENRE cannot be"), "{told}");
    }
}
