//! Thousands of files with every twentieth broken: each of those is listed with its reason, and none of the others is lost.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use segno_dataset::{Manifest, ShardSet};

use crate::breakage::{CLIP, GONE, RATE_HZ, WAYS, good};
use crate::dice::Dice;

/// Files of a run; `SEGNO_TEST_FILES` says another number.
const FILES: usize = 10_000;
const EVERY: usize = 20;
const CLASSES: usize = 10;
/// What a stage may hold, however many the files.
const MOST_MIB: f64 = 512.0;

/// The highest resident memory of a child in MiB, and what it said, once it has come to a good end.
fn watched(mut command: Command) -> (f64, String) {
    let mut child: Child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let said = std::thread::spawn(move || std::io::read_to_string(&mut stderr).unwrap());
    let mut peak = 0.0;
    while child.try_wait().unwrap().is_none() {
        peak = peak_mib(child.id()).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    let said = said.join().unwrap();
    assert!(child.wait().unwrap().success(), "{command:?}: {said}");
    (peak, said)
}

/// The kernel's own peak, so that nothing is missed between two looks; none where it does not tell.
fn peak_mib(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn experiment() -> String {
    format!(
        "title = \"Broken\"\ncorpus = \"broken\"\ntasks = [\"genre\"]\nseeds = 1\nprotocols = [\"track\"]\ndiffers = [\"small\"]\n\
         [features.log]\nsample_rate_hz = {RATE_HZ}\nclip_samples = {CLIP}\n[features.log.representation.spectrogram]\n\
         n_fft = 64\nhop = 64\noutput = {{ log-magnitude = {{ floor = 5e-8 }} }}\n\
         [[rows]]\nid = \"logistic\"\nlabel = \"Logistic\"\nfamily = \"baseline\"\nplace = \"nowhere\"\nfeatures = \"log\"\n\
         standardise = \"per-bin\"\nmodel.logistic = {{ c = 1.0, tolerance = 1e-3, max_iterations = 50 }}\n"
    )
}

/// Writes the corpus; each broken file's path and its way.
fn write_corpus(root: &Path, files: usize) -> (Vec<String>, BTreeMap<String, usize>) {
    let mut dice = Dice::of(5);
    let (mut whole, mut broken) = (vec![], BTreeMap::new());
    for nth in 0..files {
        let class = format!("class-{}", nth % CLASSES);
        fs::create_dir_all(root.join(&class)).unwrap();
        // Never the first of its part only, nor of one class only.
        let (path, bytes) = if nth % EVERY == (nth / EVERY) % EVERY {
            let way = nth / EVERY % WAYS.len();
            let path = format!("{class}/{nth:05}-{}.{}", WAYS[way].name, WAYS[way].ending);
            broken.insert(path.clone(), way);
            (path, (WAYS[way].make)(&mut dice))
        } else {
            let (ending, bytes) = good(nth, &mut dice);
            whole.push(format!("{class}/{nth:05}.{ending}"));
            (whole[whole.len() - 1].clone(), bytes)
        };
        fs::write(root.join(path), bytes).unwrap();
    }
    (whole, broken)
}

/// What no bytes make: a folder under an audio name, a link to nothing, a name that is no text.
fn write_oddities(root: &Path) {
    fs::create_dir_all(root.join("class-0/folder.wav")).unwrap();
    std::os::unix::fs::symlink("nowhere.wav", root.join("class-1/dangling.wav")).unwrap();
    fs::write(root.join("class-2").join(std::ffi::OsStr::from_bytes(b"caf\xe9.wav")), b"RIFF").unwrap();
}

#[test]
fn every_broken_file_is_listed_by_reason_and_no_good_one_is_lost() {
    let files = std::env::var("SEGNO_TEST_FILES").map_or(FILES, |text| text.parse().expect("SEGNO_TEST_FILES is a number"));
    let folder = tempfile::tempdir().unwrap();
    let [root, work, file] = ["audio", "work", "experiment.toml"].map(|name| folder.path().join(name));
    fs::write(&file, experiment()).unwrap();
    let (whole, broken) = write_corpus(&root, files);
    assert_eq!(broken.len(), files / EVERY);
    write_oddities(&root);
    let segno = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
        command.args(words).arg("--root").arg(&root).arg("--work").arg(&work);
        command
    };

    let start = Instant::now();
    let (index_mib, said) = watched(segno(&["corpus", "index", "folders:broken"]));
    let index_s = start.elapsed().as_secs_f64();
    assert!(said.contains(&format!("{files} tracks take part, 2 are left out")), "{said}");
    let manifest = Manifest::read(&work.join("tracks.parquet")).unwrap();
    let left_out: Vec<(&str, &str)> = manifest.left_out().map(|(track, reason)| (track.track_id.as_str(), reason)).collect();
    let [(link, missing), (name, unreadable)] = left_out[..] else { panic!("{left_out:?}") };
    assert!(link == "class-1/dangling.wav" && missing.contains("missing"), "{link}: {missing}");
    assert!(name.starts_with("class-2/caf") && unreadable.contains("unicode"), "{name}: {unreadable}");
    broken.keys().filter(|path| path.contains(GONE)).for_each(|path| fs::remove_file(root.join(path)).unwrap());

    let start = Instant::now();
    let mut extract = segno(&["extract"]);
    extract.arg("--experiment").arg(&file);
    let (extract_mib, said) = watched(extract);
    let extract_s = start.elapsed().as_secs_f64();
    let told: BTreeMap<&str, &str> = said.lines().filter_map(|line| line.strip_prefix("  left out: ")?.split_once(": ")).collect();
    let mut faults = vec![];
    for (path, way) in &broken {
        let way = &WAYS[*way];
        match told.get(path.as_str()) {
            Some(reason) if reason.contains(way.reason) && reason.contains(path.as_str()) => {}
            reason => faults.push(format!("{path}: found {reason:?}, expected {:?}", way.reason)),
        }
    }
    faults.sort_by_key(|fault| fault[15..].to_owned());
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), broken.len(), faults.join("\n"));
    assert_eq!(told.len(), broken.len(), "no good file is called broken");

    let features = fs::read_dir(work.join("features")).unwrap().next().unwrap().unwrap().path();
    let shards = ShardSet::open(&features).unwrap();
    let mut clips: BTreeMap<&str, usize> = BTreeMap::new();
    shards.clips().iter().for_each(|clip| *clips.entry(clip.track_id.as_str()).or_default() += 1);
    assert_eq!(clips.len(), whole.len());
    for path in &whole {
        let expected = if path.ends_with("flac") || path.ends_with("mp3") { 3..20 } else { 2..3 };
        assert!(expected.contains(&clips[path.as_str()]), "{path}: {} clips", clips[path.as_str()]);
    }
    println!(
        "{files} files, {} broken in {} ways: index {index_s:.1} s and {index_mib:.0} MiB, extraction {extract_s:.1} s and {extract_mib:.0} MiB",
        broken.len(),
        WAYS.len()
    );
    assert!(index_mib < MOST_MIB && extract_mib < MOST_MIB, "{index_mib} and {extract_mib} MiB");
}
