//! A full disk and a read-only folder: one clear error, and with room the stage completes.
//!
//! The disk is a small one in memory, mounted in a mount namespace of the test's own: the test starts itself again in there.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::dice::Dice;
use crate::fetching::Server;
use crate::files::{self, Files};
use crate::world::{STAGES, World, good, said};

/// Set for the test that runs in a namespace of its own.
const INSIDE: &str = "SEGNO_TEST_INSIDE";
const KIB: u64 = 1 << 10;

/// Whether this is the inside; else the test of this name is run there, where the system lets it.
fn is_inside(test: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let namespace = || {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount"]);
        command
    };
    let trial = tempfile::tempdir().unwrap();
    let mut mount = namespace();
    mount.args(["mount", "-t", "tmpfs", "tmpfs"]).arg(trial.path()).stderr(Stdio::null());
    if !mount.status().is_ok_and(|status| status.success()) {
        // Not by the macro, whose words a passing test keeps to itself.
        #[allow(clippy::explicit_write, reason = "the test harness holds back what the macros print")]
        writeln!(std::io::stderr(), "LEFT OUT: {test}: no disk can be mounted here").unwrap();
        return false;
    }
    let mut again = namespace();
    good({
        again.arg(env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).env(INSIDE, "1");
        again
    });
    false
}

fn mount(options: &str, disk: &Path) {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(disk);
    good(command);
}

/// A stage, the folder as it finds it, and what it leaves.
struct Case<'a> {
    name: &'a str,
    command: Box<dyn Fn(&Path) -> Command + 'a>,
    before: Files,
    whole: Files,
}

impl Case<'_> {
    /// Runs it where it cannot write: the one error that it gives, which names a place on the disk and the reason.
    fn refused(&self, disk: &Path, reason: &str) -> bool {
        let output = (self.command)(&disk.join("work")).output().unwrap();
        if output.status.success() {
            return false;
        }
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{}: {said}", self.name);
        let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("segno: ")).collect();
        let [error] = errors[..] else { panic!("{}: expected one error, found {said}", self.name) };
        assert!(said.ends_with(&format!("{error}\n")) && !said.contains("panicked"), "{}: {said}", self.name);
        assert!(error.contains(reason) && error.contains(disk.to_str().unwrap()), "{}: {error}", self.name);
        assert_eq!(error.matches(reason).count(), 1, "{}: a reason is told once: {error}", self.name);
        for (path, bytes) in files::real(&disk.join("work")) {
            if let Some(whole) = self.whole.get(&path) {
                files::assert_same_bytes(self.name, &path, &bytes, whole);
            } else {
                assert!(path.to_str().unwrap().contains("checkpoint"), "{}: a stray file: {}", self.name, path.display());
            }
        }
        true
    }

    /// Runs it where it can write again.
    fn completes(&self, disk: &Path) {
        good((self.command)(&disk.join("work")));
        files::assert_same(self.name, &files::real(&disk.join("work")), &self.whole);
        let is_left = |path: &PathBuf| files::is_temporary(path) && path.extension().is_none_or(|end| end != "lock");
        let left: Vec<_> = files::all(&disk.join("work")).into_keys().filter(is_left).collect();
        assert!(left.is_empty(), "{}: left behind: {left:?}", self.name);
    }

    fn lay_out(&self, disk: &Path) {
        if disk.join("work").exists() {
            fs::remove_dir_all(disk.join("work")).unwrap();
        }
        for (path, bytes) in &self.before {
            let path = disk.join("work").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::create_dir_all(disk.join("work")).unwrap();
    }
}

/// Every stage of a road, and a fetch.
fn cases(world: &World) -> Vec<Case<'_>> {
    let work = world.path("work");
    fs::create_dir(&work).unwrap();
    let mut before = Files::new();
    let mut cases = vec![];
    for line in STAGES {
        good(world.segno(line, &work));
        let whole = files::real(&work);
        let command = Box::new(|work: &Path| world.segno(line, work));
        cases.push(Case { name: line, command, before: before.clone(), whole });
        before = files::all(&work);
    }
    let server = Server::start(Dice::of(7).bytes(1 << 18));
    fs::write(world.path("corpus.toml"), server.corpus()).unwrap();
    let command = |to: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
        command.args(["corpus", "fetch"]).arg(world.path("corpus.toml")).arg("--to").arg(to);
        command
    };
    let fetched = world.path("fetched");
    good(command(&fetched));
    cases.push(Case { name: "corpus fetch", command: Box::new(command), before: Files::new(), whole: files::real(&fetched) });
    cases
}

/// Fills the disk but for so many bytes.
fn fill(disk: &Path, room: u64) {
    let mut filler = File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}
    let length = filler.metadata().unwrap().len();
    filler.set_len(length.saturating_sub(room)).unwrap();
}

#[test]
fn a_full_disk_is_one_error_and_with_room_the_stage_completes() {
    if !is_inside("disk::a_full_disk_is_one_error_and_with_room_the_stage_completes") {
        return;
    }
    let world = World::new(10);
    let cases = cases(&world);
    let disk = world.path("disk");
    fs::create_dir(&disk).unwrap();
    mount("size=16m", &disk);
    for case in &cases {
        let mut refused = 0;
        // From no room at all to where the stage has enough: it breaks off at one write or another.
        for room in [0, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048] {
            case.lay_out(&disk);
            fill(&disk, room * KIB);
            if !case.refused(&disk, "No space left on device") {
                break;
            }
            refused += 1;
            fs::remove_file(disk.join("filler")).unwrap();
            case.completes(&disk);
        }
        println!("{}: refused {refused} times", case.name);
        assert!(refused > 0, "{}: never out of room", case.name);
        let _ = fs::remove_file(disk.join("filler"));
    }
}

#[test]
fn a_read_only_folder_is_one_error_and_with_leave_to_write_the_stage_completes() {
    if !is_inside("disk::a_read_only_folder_is_one_error_and_with_leave_to_write_the_stage_completes") {
        return;
    }
    let world = World::new(10);
    let cases = cases(&world);
    let disk = world.path("disk");
    fs::create_dir(&disk).unwrap();
    mount("size=16m", &disk);
    for case in &cases {
        case.lay_out(&disk);
        mount("remount,ro", &disk);
        assert!(case.refused(&disk, "Read-only file system"), "{}: wrote to a read-only folder", case.name);
        mount("remount,rw", &disk);
        case.completes(&disk);
    }
}
