//! The same input and seed give the same bytes, on any number of threads and every time.

use std::fs;

use crate::files::{self, Files};
use crate::world::{EXTRACT, INDEX, PREDICT, REPORT, SPLIT, TRAIN, World, good};

/// A recurrent row, a convolutional one, and two that are fitted as a whole.
const ROWS: [&str; 4] = ["lstm", "cnn", "logistic", "svm"];

/// The road from audio to report; every file that it leaves.
fn walk(world: &World, name: &str, threads: &str) -> Files {
    let work = world.path(name);
    let segno = |line: &str| {
        let mut command = world.segno(line, &work);
        command.env("RAYON_NUM_THREADS", threads);
        good(command);
    };
    [INDEX, EXTRACT, SPLIT].into_iter().for_each(segno);
    for row in ROWS {
        for line in [TRAIN, PREDICT] {
            segno(&line.replace("--row lstm", &format!("--row {row}")));
        }
    }
    // What a stage took stands in the report, and is another time each time; all else of it is compared.
    fs::remove_dir_all(work.join("timings")).unwrap();
    segno(REPORT);
    files::all(&work)
}

#[test]
fn one_two_and_four_threads_give_the_same_bytes() {
    let world = World::new(16);
    let one = walk(&world, "one", "1");
    let ends = |end: &str| one.keys().filter(|path| path.to_str().unwrap().ends_with(end)).count();
    assert_eq!((ends("track-1.safetensors"), ends("track-1.parquet"), ends(".svg") > 0), (4, 5, true), "{:?}", one.keys());
    for (name, threads) in [("two", "2"), ("two-again", "2"), ("four", "4")] {
        files::assert_same(name, &walk(&world, name, threads), &one);
    }
}
