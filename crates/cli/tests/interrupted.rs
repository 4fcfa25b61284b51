//! Ctrl-C finishes what is at hand and says how to go on; a second run is told who is at work.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

struct Folder(tempfile::TempDir);

impl Folder {
    fn segno(&self, line: &str) -> Command {
        let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
        segno.current_dir(self.0.path()).args(line.split(' ')).env("RAYON_NUM_THREADS", "1");
        segno.stdout(Stdio::piped()).stderr(Stdio::piped());
        segno
    }

    fn good(&self, line: &str) {
        let output = self.segno(line).output().unwrap();
        assert!(output.status.success(), "{line}: {}", said(&output));
    }

    /// Starts a stage and waits until `sign` holds.
    fn begun(&self, line: &str, sign: impl Fn() -> bool) -> Child {
        let mut child = self.segno(line).spawn().unwrap();
        while !sign() {
            assert!(child.try_wait().unwrap().is_none(), "{line} ended too early");
            sleep(Duration::from_millis(1));
        }
        child
    }

    /// All files below a folder with their bytes, by name.
    fn files(&self, below: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut folders, mut files) = (vec![self.0.path().join(below)], vec![]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.0.path().join(below)).unwrap().to_owned();
                match fs::read(&path) {
                    // A stage at work has just given it another name.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    bytes => files.push((name, bytes.unwrap())),
                }
            }
        }
        files.sort();
        files
    }

    fn n_parts(&self, work: &str) -> usize {
        self.files(&format!("{work}/features")).iter().filter(|(path, _)| path.extension().is_some_and(|name| name == "parquet")).count()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sends Ctrl-C and waits for the end.
fn interrupt(child: Child) -> Output {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    child.wait_with_output().unwrap()
}

fn prepared() -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    fs::write(folder.0.path().join("e.toml"), include_str!("common/lstm.toml")).unwrap();
    folder.good("corpus synth audio --tracks-per-genre 12 --seconds 6");
    for work in ["whole", "cut"] {
        folder.good(&format!("corpus index synthetic --root audio --work {work}"));
    }
    folder
}

#[test]
fn an_interrupted_stage_saves_says_how_to_go_on_and_goes_on_to_the_same_bytes() {
    let folder = prepared();
    let stage = |line: &str, work: &str| format!("{line} --work {work} --experiment e.toml");

    let extract = "extract --root audio";
    folder.good(&stage(extract, "whole"));
    let child = folder.begun(&stage(extract, "cut"), || folder.n_parts("cut") > 0);
    let (second, pid) = (folder.segno(&stage(extract, "cut")).output().unwrap(), child.id());
    assert_eq!(second.status.code(), Some(1));
    assert!(said(&second).contains(&format!("held by segno extract, process {pid} on")), "{}", said(&second));
    let output = interrupt(child);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(said(&output).contains("finishing what is at hand") && said(&output).contains("the same command goes on"), "{}", said(&output));
    assert!(folder.n_parts("cut") < folder.n_parts("whole"));
    folder.good(&stage(extract, "cut"));
    assert!(folder.files("cut/features") == folder.files("whole/features"), "features differ");

    let train = "train --row lstm --protocol track";
    for work in ["whole", "cut"] {
        folder.good(&stage("split --protocol track", work));
    }
    folder.good(&stage(train, "whole"));
    let checkpoint = folder.0.path().join("cut/models/lstm/track-1.checkpoint.safetensors");
    let child = folder.begun(&stage(train, "cut"), || checkpoint.exists());
    let second = folder.segno(&stage(train, "cut")).output().unwrap();
    assert!(said(&second).contains("held by segno train lstm track-1"), "{}", said(&second));
    let output = interrupt(child);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(said(&output).contains("stopped after epoch") && said(&output).contains("the same command goes on"), "{}", said(&output));
    assert!(checkpoint.exists());
    folder.good(&stage(train, "cut"));
    assert!(folder.files("cut/models") == folder.files("whole/models"), "models differ");
}

#[test]
fn a_stage_with_nothing_to_finish_ends_at_once() {
    let folder = Folder(tempfile::tempdir().unwrap());
    let some = || folder.files("audio").len() > 3;
    let output = interrupt(folder.begun("corpus synth audio --tracks-per-genre 100 --seconds 30", some));
    assert_eq!(output.status.code(), Some(130));
    assert!(said(&output).contains("the same command goes on"), "{}", said(&output));
}
