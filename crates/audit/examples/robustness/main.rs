//! How well copies are found: precision and recall of each change, over real tracks.
//!
//! ```text
//! cargo run --release -p segno-audit --example robustness -- FOLDER… [--copies NAME=FOLDER]…
//! ```
//!
//! Each change is made on every track of the folders; the copies are put beside the originals, and near duplicates are
//! looked for among all. `--copies` names a folder of files made elsewhere (mp3), called as the originals but for the ending.

mod copies;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use segno_audio_io::SUPPORTED_EXTENSIONS;
use segno_audit::{ITEM_SECONDS, Listener, Matching, NearPair, SAMPLE_RATE_HZ, near_duplicates};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut files, mut made_elsewhere) = (vec![], vec![]);
    while let Some(argument) = arguments.next() {
        if argument == "--copies" {
            let copies = arguments.next().expect("--copies wants NAME=FOLDER");
            let (name, folder) = copies.split_once('=').expect("--copies wants NAME=FOLDER");
            made_elsewhere.push((name.to_owned(), collect(Path::new(folder))));
        } else {
            files.extend(collect(Path::new(&argument)));
        }
    }
    let sounds: Vec<Vec<f32>> = files.iter().map(|path| copies::read(path, SAMPLE_RATE_HZ)).collect();
    let originals: Vec<Vec<u32>> = sounds.iter().map(|samples| hear(samples)).collect();
    println!("{} tracks", files.len());
    let found = pairs(&originals, &Matching::default());
    println!("near duplicates among the originals: {}", found.len());
    found.iter().for_each(|pair| show(pair, &|track| stem(&files[track])));
    let known: BTreeSet<(usize, usize)> = found.iter().map(|pair| (pair.first, pair.second)).collect();

    let loose = Matching { max_bit_error_rate: 1.0, max_of_displaced: f64::INFINITY, min_changes: 0, ..Matching::default() };
    let mut strangers = pairs(&originals, &loose);
    strangers.retain(|pair| !known.contains(&(pair.first, pair.second)));
    strangers.sort_by(|one, other| one.bit_error_rate.total_cmp(&other.bit_error_rate));
    println!("with every limit but the length let go, {} more; the nearest:", strangers.len());
    strangers.iter().take(3).for_each(|pair| show(pair, &|track| stem(&files[track])));

    println!("\n{:<30} {:>7} {:>7} {:>9} {:>9}  bits wrong (median, most)", "change", "copies", "found", "recall", "precision");
    for (name, change) in copies::CHANGES.iter().chain(&copies::SPEEDS) {
        let changed: Vec<Option<Vec<u32>>> = sounds.iter().map(|samples| Some(hear(&change(samples)))).collect();
        judge(name, &originals, &changed, &known, &files);
    }
    for (name, copies) in made_elsewhere {
        let by_stem: BTreeMap<String, &PathBuf> = copies.iter().map(|path| (stem(path), path)).collect();
        let heard = |path: &PathBuf| Some(hear(&copies::read(by_stem.get(&stem(path))?, SAMPLE_RATE_HZ)));
        judge(&name, &originals, &files.iter().map(heard).collect::<Vec<_>>(), &known, &files);
    }
}

/// Looks for near duplicates among originals and copies together, and prints a line, and every false pair.
fn judge(name: &str, originals: &[Vec<u32>], copies: &[Option<Vec<u32>>], known: &BTreeSet<(usize, usize)>, files: &[PathBuf]) {
    let n = originals.len();
    let all: Vec<Vec<u32>> = originals.iter().cloned().chain(copies.iter().map(|copy| copy.clone().unwrap_or_default())).collect();
    let mut rates: Vec<f64> = vec![];
    let mut false_pairs = vec![];
    for pair in pairs(&all, &Matching::default()) {
        let (first, second) = (pair.first % n, pair.second % n);
        if first == second {
            rates.push(pair.bit_error_rate);
        } else if !known.contains(&(first.min(second), first.max(second))) {
            false_pairs.push(pair);
        }
    }
    rates.sort_by(f64::total_cmp);
    let n_copies = copies.iter().flatten().count();
    let (right, wrong) = (rates.len() as f64, false_pairs.len() as f64);
    let median = rates.get(rates.len() / 2).copied().unwrap_or(f64::NAN);
    let most = rates.last().copied().unwrap_or(f64::NAN);
    println!(
        "{name:<30} {n_copies:>7} {:>7} {:>9.4} {:>9.4}  {median:.3} {most:.3}",
        rates.len(),
        right / n_copies as f64,
        right / (right + wrong),
    );
    let called = |track: usize| if track < n { stem(&files[track]) } else { format!("copy of {}", stem(&files[track - n])) };
    false_pairs.iter().for_each(|pair| show(pair, &called));
}

fn pairs(fingerprints: &[Vec<u32>], matching: &Matching) -> Vec<NearPair> {
    let items: Vec<&[u32]> = fingerprints.iter().map(Vec::as_slice).collect();
    near_duplicates(&items, matching).unwrap_or_else(|error| panic!("{error}"))
}

fn show(pair: &NearPair, called: &dyn Fn(usize) -> String) {
    let seconds = |items: usize| items as f64 * ITEM_SECONDS;
    println!(
        "    {} and {}: alike for {:.1} s from {:.1} s, {:.1} s apart, bits wrong {:.3}",
        called(pair.first),
        called(pair.second),
        seconds(pair.items),
        seconds(pair.start_item),
        pair.offset_items as f64 * ITEM_SECONDS,
        pair.bit_error_rate
    );
}

fn hear(samples: &[f32]) -> Vec<u32> {
    let mut listener = Listener::new();
    listener.push(samples);
    listener.finish().items
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The audio files below a folder, by name.
fn collect(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = vec![];
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{error}")).path();
        if path.is_dir() {
            files.extend(collect(&path));
        } else if path.extension().is_some_and(|ending| SUPPORTED_EXTENSIONS.iter().any(|known| ending.eq_ignore_ascii_case(known))) {
            files.push(path);
        }
    }
    files.sort();
    files
}
