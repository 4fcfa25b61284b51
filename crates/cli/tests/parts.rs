//! An extraction that several processes do together, without knowing of each other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

const EXPERIMENT: &str = include_str!("common/tiny.toml");

struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn extract(&self, work: &str, more: &[&str]) -> Command {
        let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
        segno.arg("extract").arg("--root").arg(self.path("audio")).arg("--work").arg(self.path(work));
        segno.arg("--experiment").arg(self.path("experiment.toml")).args(more);
        segno
    }

    fn index(&self, work: &str) {
        let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
        segno.args(["corpus", "index", "synthetic", "--root"]).arg(self.path("audio")).arg("--work").arg(self.path(work));
        good(&segno.output().unwrap());
    }

    /// The parts of a work folder, by name.
    fn parts(&self, work: &str) -> Vec<(String, Vec<u8>)> {
        let mut parts = vec![];
        for entry in fs::read_dir(self.path(work).join("features")).unwrap() {
            for part in fs::read_dir(entry.unwrap().path()).unwrap() {
                let path: PathBuf = part.unwrap().path();
                parts.push((name(&path), fs::read(&path).unwrap()));
            }
        }
        parts.sort();
        parts
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn good(output: &Output) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn jobs_with_a_share_each_write_what_one_job_writes() {
    let folder = Folder(tempfile::tempdir().unwrap());
    fs::write(folder.path("experiment.toml"), EXPERIMENT).unwrap();
    let mut synth = Command::new(env!("CARGO_BIN_EXE_segno"));
    synth.args(["corpus", "synth"]).arg(folder.path("audio")).args(["--tracks-per-genre", "12", "--seconds", "2"]);
    good(&synth.output().unwrap());
    for work in ["whole", "shared"] {
        folder.index(work);
    }
    good(&folder.extract("whole", &[]).output().unwrap());
    let whole = folder.parts("whole");
    assert!(whole.len() >= 6, "{} parts", whole.len());

    // Two of three are done: the whole is not, and says which parts are missing.
    let jobs = ["1/3", "2/3"].map(|part| folder.extract("shared", &["--part", part]).spawn().unwrap());
    for mut job in jobs {
        assert!(job.wait().unwrap().success());
    }
    let some = folder.parts("shared");
    assert!(!some.is_empty() && some.len() < whole.len(), "{} of {}", some.len(), whole.len());
    assert!(some.iter().all(|part| whole.contains(part)), "a part is the same whoever writes it");

    // What a killed job left goes when nobody can be writing it any more, whoever comes; before that it stays.
    let features = fs::read_dir(folder.path("shared/features")).unwrap().next().unwrap().unwrap().path();
    let (young, old) = (features.join("part-00002.parquet.1-0a.tmp"), features.join("part-00000.parquet.1-0b.tmp"));
    fs::write(&young, "half").unwrap();
    fs::write(&old, "half").unwrap();
    let age = |path: &Path, hours: u64| {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
    };
    age(&old, 25);
    let said = good(&folder.extract("shared", &["--part", "3/3"]).output().unwrap());
    assert!(said.contains("job 3/3"), "{said}");
    assert!(young.exists() && !old.exists());

    // The last call finds nothing to write, clears away, and the folder is that of one job.
    age(&young, 25);
    let said = good(&folder.extract("shared", &["--strict"]).output().unwrap());
    assert!(said.contains("0 parts written new"), "{said}");
    assert_eq!(folder.parts("shared"), whole);
}

#[test]
fn a_share_that_is_none_is_refused_before_any_work() {
    let folder = Folder(tempfile::tempdir().unwrap());
    for part in ["0/3", "4/3", "x"] {
        let output = folder.extract("work", &["--part", part]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("i from 1 to n"), "{said}");
    }
    assert!(!folder.path("work").exists());
}
