//! What killed writers left in a folder goes, and nothing else.

use std::{
    fs::{self, File},
    io::Write,
    time::{Duration, SystemTime},
};

use segno_store::Store;

#[test]
fn leftovers_go_after_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::folder(dir.path());
    let write = |name: &str, hours: u64| {
        let file = File::create(dir.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
    };
    write("part-00000.parquet.77-00000000000000ff.tmp", 25);
    write("part-00001.parquet.77-00000000000000ff.tmp", 23);
    // As they were before there were random digits.
    write("part-00002.parquet.77.tmp", 25);
    write("part-00003.parquet", 9999);
    write("notes.tmp", 9999);
    fs::create_dir(dir.path().join("folder.77-00ff.tmp")).unwrap();
    assert_eq!(store.names().unwrap(), ["notes.tmp", "part-00003.parquet"], "an unfinished one is none");

    store.clear_leftovers().unwrap();
    let mut there: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    there.sort_unstable();
    assert_eq!(there, ["folder.77-00ff.tmp", "notes.tmp", "part-00001.parquet.77-00000000000000ff.tmp", "part-00003.parquet"]);
}

#[test]
fn a_writer_whose_file_was_taken_away_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::folder(dir.path());
    let mut writer = store.create("object").unwrap();
    writer.write_all(b"half").unwrap();
    let temporary = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(temporary).unwrap();
    let error = writer.commit().unwrap_err().to_string();
    assert!(error.contains("object"), "{error}");
    assert!(store.names().unwrap().is_empty());
}
