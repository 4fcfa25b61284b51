//! A second run extracts just what is missing.

use std::{
    fs::{self, File},
    ops::ControlFlow,
    thread,
    time::{Duration, SystemTime},
};

use segno_dataset::{DatasetError, Parts, ShardHeader, ShardSet, Track, write_shards};

use crate::world;

#[test]
fn just_what_is_missing_is_written() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [3, 4]);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    assert_eq!(world::extract(dir, &manifest, &header, 4, 2), 5);
    let whole = world::bytes(dir);
    assert_eq!(world::extract(dir, &manifest, &header, 4, 2), 0);

    fs::remove_file(dir.join("part-00002.parquet")).unwrap();
    // What a killed run left, long ago: half a file under a temporary name.
    let left = dir.join("part-00003.parquet.4711-00000000000000ff.tmp");
    fs::write(&left, &whole["part-00003.parquet"][..100]).unwrap();
    File::options().write(true).open(&left).unwrap().set_modified(SystemTime::now() - Duration::from_secs(25 * 3600)).unwrap();
    assert_eq!(world::extract(dir, &manifest, &header, 4, 2), 1);
    assert_eq!(world::bytes(dir), whole);

    // Cut off after it got its name (a full disk, a bad copy), or not Parquet at all.
    fs::write(dir.join("part-00001.parquet"), &whole["part-00001.parquet"][..500]).unwrap();
    fs::write(dir.join("part-00004.parquet"), "track,label").unwrap();
    assert_eq!(world::extract(dir, &manifest, &header, 4, 2), 2);
    assert_eq!(world::bytes(dir), whole);

    // Parts beyond the last, and under a name that is no number.
    fs::copy(dir.join("part-00000.parquet"), dir.join("part-00017.parquet")).unwrap();
    fs::copy(dir.join("part-00000.parquet"), dir.join("part-old.parquet")).unwrap();
    fs::write(dir.join("notes.txt"), "mine").unwrap();
    assert_eq!(world::extract(dir, &manifest, &header, 4, 2), 0);
    assert!(dir.join("notes.txt").exists(), "what is no part is left alone");
    fs::remove_file(dir.join("notes.txt")).unwrap();
    assert_eq!(world::bytes(dir), whole);
}

/// Whoever comes later replaces a part by the same bytes; nobody takes away what another is writing.
#[test]
fn jobs_of_one_share_do_not_disturb_each_other() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [30, 40]);
    let (alone, shared) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    world::extract(alone.path(), &manifest, &header, 1, 2);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| world::extract(shared.path(), &manifest, &header, 1, 2));
        }
    });
    assert_eq!(world::bytes(shared.path()), world::bytes(alone.path()));
}

#[test]
fn another_extraction_replaces_the_parts() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [3, 4]);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world::extract(dir, &manifest, &header, 4, 2);
    let newer = ShardHeader { extractor_version: "2".into(), ..header.clone() };
    assert_eq!(world::extract(dir, &manifest, &newer, 4, 2), 5);
    // As many parts of other tracks: 5 × 4 against 4 × 4 + 4 would mix without the tracks' digest.
    let mut fewer = manifest.clone();
    fewer.tracks[0].left_out = Some("by hand".into());
    assert_eq!(world::extract(dir, &fewer, &newer, 4, 2), 5);
    // Fewer parts: those beyond are removed.
    assert_eq!(world::extract(dir, &manifest, &newer, 10, 2), 2);
    assert_eq!(world::bytes(dir).len(), 2);
    assert_eq!(ShardSet::open(dir).unwrap().clips().len(), 40);
}

#[test]
fn an_error_stops_the_run_and_leaves_whole_parts() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [3, 4]);
    let dir = tempfile::tempdir().unwrap();
    let tracks: Vec<&Track> = manifest.present().collect();
    #[derive(Debug)]
    enum Stop {
        Dataset(DatasetError),
        Asked(String),
    }
    impl From<DatasetError> for Stop {
        fn from(error: DatasetError) -> Self {
            Self::Dataset(error)
        }
    }
    // One thread: parts are taken in order.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let run = || {
        let fill = |(): &mut (), track: &Track, writer: &mut _| match track.track_id.as_str() {
            "country.00001" => Err(Stop::Asked(track.track_id.clone())),
            _ => Ok(world::fill(&header, 2, track, writer)?),
        };
        write_shards(dir.path(), &header, &tracks, Parts::of(4), || (), fill, |_| ControlFlow::Continue(()))
    };
    match pool.install(run).unwrap_err() {
        Stop::Asked(track) => assert_eq!(track, "country.00001"),
        Stop::Dataset(error) => panic!("{error}"),
    }
    let there: Vec<String> = world::bytes(dir.path()).into_keys().collect();
    assert_eq!(there, ["part-00000.parquet"]);
    let error = ShardSet::open(dir.path()).unwrap_err().to_string();
    assert!(error.contains("found parts 1, 2, 3, 4 missing, expected 5 parts; run the extraction again"), "{error}");
    assert_eq!(world::extract(dir.path(), &manifest, &header, 4, 2), 4);
}

#[test]
fn one_that_is_stopped_finishes_the_part_at_hand() {
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [3, 4]);
    let dir = tempfile::tempdir().unwrap();
    let tracks: Vec<&Track> = manifest.present().collect();
    let fill = |(): &mut (), track: &Track, writer: &mut _| world::fill(&header, 2, track, writer);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let stop = || write_shards(dir.path(), &header, &tracks, Parts::of(4), || (), fill, |_| ControlFlow::Break(()));
    let error = pool.install(stop).unwrap_err();
    assert!(matches!(error, DatasetError::Stopped { written: 1, parts: 5 }), "{error}");
    assert!(error.to_string().contains("1 of 5 open parts written: the same command goes on"), "{error}");
    assert_eq!(world::extract(dir.path(), &manifest, &header, 4, 2), 4);
}

#[test]
fn an_extraction_of_nothing_is_one_empty_part() {
    let manifest = world::manifest(1);
    let header = world::header(&manifest, [3, 4]);
    let dir = tempfile::tempdir().unwrap();
    let fill = |(): &mut (), track: &Track, writer: &mut _| world::fill(&header, 2, track, writer);
    write_shards(dir.path(), &header, &[], Parts::of(4), || (), fill, |_| ControlFlow::Continue(())).unwrap();
    let set = ShardSet::open(dir.path()).unwrap();
    assert!(set.clips().is_empty() && set.failures().is_empty());
}
