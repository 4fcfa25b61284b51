//! `cargo xtask regress` end to end, with this build of `segno`, on a tiny corpus: what was blessed holds, and a baseline
//! that says otherwise makes it fail and is named.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const EXPERIMENT: &str = include_str!("common/tiny.toml");

fn regress(folder: &Path, more: &[&str]) -> Output {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(repository).args(["run", "--quiet", "--package", "xtask", "--", "regress"]);
    cargo.args(["--program", env!("CARGO_BIN_EXE_segno")]);
    cargo.arg("--baselines").arg(folder.join("baselines")).arg("--work").arg(folder.join("work"));
    cargo.args(more).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_was_blessed_holds_and_a_changed_baseline_fails_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let experiment = folder.path().join("experiment.toml");
    fs::write(&experiment, EXPERIMENT).unwrap();
    fs::create_dir(folder.path().join("baselines")).unwrap();
    let file = folder.path().join("baselines/tiny.toml");
    let experiment = experiment.to_str().unwrap();
    let by_hand = format!(
        "about = \"a test\"\ncorpus = \"synthetic\"\nexperiment = '{experiment}'\ndevice = \"cpu\"\n\
         [synth]\ntracks_per_genre = 3\nseconds = 5\n[tolerance]\nlogistic = 0.01\n"
    );
    fs::write(&file, &by_hand).unwrap();

    // Nothing was blessed yet: a run that nothing is said of is a fault, and a reason is asked for.
    let before = regress(folder.path(), &[]);
    assert!(!before.status.success() && said(&before).contains("the baseline has no such run"), "{}", said(&before));
    let without = regress(folder.path(), &["--bless"]);
    assert!(!without.status.success() && said(&without).contains("--reason"), "{}", said(&without));
    assert_eq!(fs::read_to_string(&file).unwrap(), by_hand);

    let blessed = regress(folder.path(), &["--bless", "--reason", "the first numbers"]);
    assert!(blessed.status.success(), "{}", said(&blessed));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("reason = \"the first numbers\"") && text.contains("processor = "), "{text}");

    // Fresh work folders, the same code: the same answers.
    let again = regress(folder.path(), &[]);
    assert!(again.status.success(), "{}", said(&again));
    assert!(said(&again).contains("inside, the same answers"), "{}", said(&again));
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "nothing is written without --bless");

    // One answer otherwise: told, and a failure, as this is the processor that blessed it.
    let line = text.lines().find(|line| line.starts_with("answers = ")).unwrap();
    let letter = &line["answers = \"".len()..][..1];
    let changed = line.replacen(letter, if letter == "A" { "B" } else { "A" }, 1);
    let digest = text.lines().find(|line| line.starts_with("digest = ")).unwrap();
    fs::write(&file, text.replace(line, &changed).replace(digest, "digest = \"another\"")).unwrap();
    let one = regress(folder.path(), &["--only", "tiny"]);
    assert!(!one.status.success(), "{}", said(&one));
    assert!(said(&one).contains("tiny: logistic, published, seed 1, genre: "), "{}", said(&one));
    assert!(said(&one).contains("1 of 30 clips is answered otherwise"), "{}", said(&one));

    // Another processor's answers are not held, and that is said; its accuracy is.
    let processor = text.lines().find(|line| line.starts_with("processor = ")).unwrap();
    let elsewhere = text.replace(line, &changed).replace(digest, "digest = \"another\"").replace(processor, "processor = \"another\"");
    fs::write(&file, &elsewhere).unwrap();
    let told = regress(folder.path(), &[]);
    assert!(told.status.success(), "{}", said(&told));
    assert!(said(&told).contains("answers are not held clip by clip, accuracies are"), "{}", said(&told));
    let interval = elsewhere.lines().find(|line| line.starts_with("interval = ")).unwrap();
    fs::write(&file, elsewhere.replace(interval, "interval = [0.0, 0.001]")).unwrap();
    let outside = regress(folder.path(), &[]);
    assert!(!outside.status.success(), "{}", said(&outside));
    assert!(said(&outside).contains("is outside 0.000 to 0.001"), "{}", said(&outside));
}

#[test]
fn names_and_folders_that_are_not_there_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let none = regress(folder.path(), &[]);
    assert!(!none.status.success() && said(&none).contains("baselines in"), "{}", said(&none));
    fs::create_dir(folder.path().join("baselines")).unwrap();
    let real = "about = \"a test\"\ncorpus = \"gtzan\"\nexperiment = \"experiment.toml\"\ndevice = \"cpu\"\n[tolerance]\n";
    fs::write(folder.path().join("baselines/real.toml"), real).unwrap();
    let unknown = regress(folder.path(), &["--only", "unreal"]);
    assert!(said(&unknown).contains("baseline 'unreal' is none of real"), "{}", said(&unknown));
    // Real tracks without --data: nothing was held, which is no success.
    let left_out = regress(folder.path(), &[]);
    assert!(!left_out.status.success() && said(&left_out).contains("real: left out: it is of gtzan"), "{}", said(&left_out));
}
