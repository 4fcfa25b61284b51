//! Stages killed at random moments, and started again: the same bytes as if nothing had happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::fetching::Server;
use crate::files::{self, Files};
use crate::world::{EXTRACT, INDEX, PREDICT, REPORT, SPLIT, STAGES, TRAIN, World, good};

/// A stage, and what an undisturbed run of it leaves.
struct Stage<'a> {
    name: &'a str,
    /// Runs it on a folder.
    command: &'a dyn Fn(&Path) -> Command,
    /// The folder as the stage finds it.
    before: PathBuf,
    whole: Files,
    seconds: f64,
}

/// What is known of the checkpoints of a training: epochs done → the parameters' bytes.
type Checkpoints = BTreeMap<usize, Vec<u8>>;

impl<'a> Stage<'a> {
    /// Runs the stage twice undisturbed, the second time by the clock.
    fn new(name: &'a str, before: &Path, scratch: &Path, command: &'a dyn Fn(&Path) -> Command) -> Self {
        let run = |nth: usize| {
            let folder = scratch.join(format!("{name}-{nth}"));
            files::copy(before, &folder);
            let start = Instant::now();
            good(command(&folder));
            (start.elapsed().as_secs_f64(), folder)
        };
        let (_, first) = run(1);
        let (seconds, second) = run(2);
        let whole = files::real(&first);
        files::assert_same(name, &files::real(&second), &whole);
        Self { name, command, before: before.to_owned(), whole, seconds }
    }

    /// Kills the stage `kills` times, each time wherever it happens to be, and goes on with what it left; once it has come
    /// to its end, it begins again.
    fn harass(&self, kills: usize, scratch: &Path, dice: &mut Dice) {
        let (mut hits, mut ends, mut checkpoints) = (0, 0, Checkpoints::new());
        while hits < kills {
            let folder = scratch.join(format!("{}-lap-{ends}", self.name));
            files::copy(&self.before, &folder);
            let mut epochs = 0;
            loop {
                // One run in eight is let through to its end.
                let after = (dice.below(8) > 0).then(|| Duration::from_secs_f64(1.1 * dice.share() * self.seconds));
                match disturbed((self.command)(&folder), after) {
                    Ok(()) => break,
                    Err(Killed) => hits += 1,
                }
                let done = self.look(&folder, &mut checkpoints);
                assert!(done.is_none_or(|done| done >= epochs), "{}: {done:?} epochs after {epochs}", self.name);
                epochs = done.unwrap_or(epochs);
            }
            files::assert_same(self.name, &files::real(&folder), &self.whole);
            fs::remove_dir_all(&folder).unwrap();
            ends += 1;
        }
        println!("{}: {hits} kills, {ends} ends, {:.3} s undisturbed", self.name, self.seconds);
    }

    /// After a kill: what lies there under a name that is read is whole. The epochs of the checkpoint, if there is one.
    fn look(&self, folder: &Path, checkpoints: &mut Checkpoints) -> Option<usize> {
        let mut epochs = None;
        for (path, bytes) in files::all(folder) {
            if path.extension().is_some_and(|end| end == "part") {
                assert!(self.whole[&path.with_extension("")].starts_with(&bytes), "{}: {} is no beginning", self.name, path.display());
            }
            if files::is_temporary(&path) {
                continue;
            }
            if files::is_timing(&path) {
                serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            } else if path.to_str().unwrap().ends_with(".checkpoint.safetensors") {
                let (done, parameters) = opened(&bytes);
                let known = checkpoints.entry(done).or_insert_with(|| parameters.to_owned());
                files::assert_same_bytes(self.name, &path, parameters, known);
                epochs = Some(done);
            } else {
                let whole = self.whole.get(&path).unwrap_or_else(|| panic!("{}: a stray file: {}", self.name, path.display()));
                files::assert_same_bytes(self.name, &path, &bytes, whole);
            }
        }
        epochs
    }
}

struct Killed;

/// Runs a command and kills it after a while; `Ok` if it came to its end before that.
fn disturbed(mut command: Command, after: Option<Duration>) -> Result<(), Killed> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    if let Some(after) = after {
        sleep(after);
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    match output.status.code() {
        None => Err(Killed),
        Some(0) => Ok(()),
        Some(code) => panic!("{command:?} ended with {code} after a kill: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// The epochs that a checkpoint has, and the bytes of its parameters; it is as long as its header says.
///
/// What the optimiser keeps is left out: it names parameters by numbers that are drawn anew in each process.
fn opened(bytes: &[u8]) -> (usize, &[u8]) {
    let (length, rest) = bytes.split_at(8);
    let (header, tensors) = rest.split_at(u64::from_le_bytes(length.try_into().unwrap()) as usize);
    let header: serde_json::Value = serde_json::from_slice(header).unwrap();
    let bounds = |tensor: &serde_json::Value, at: usize| tensor["data_offsets"][at].as_u64().unwrap() as usize;
    let of_parameters = |(name, _): &(&String, &serde_json::Value)| name.starts_with("last.") || name.starts_with("best.");
    let parameters = header.as_object().unwrap().iter().filter(of_parameters);
    let end = parameters.map(|(_, tensor)| bounds(tensor, 1)).max().unwrap();
    let (start, all) = (bounds(&header["optimiser"], 0), bounds(&header["optimiser"], 1));
    assert!(end <= start && all == tensors.len(), "parameters to {end}, optimiser from {start} to {all} of {}", tensors.len());
    let document: serde_json::Value = serde_json::from_str(header["__metadata__"]["segno"].as_str().unwrap()).unwrap();
    (document["epochs"].as_array().unwrap().len(), &tensors[..end])
}

#[test]
fn two_hundred_kills_change_nothing() {
    let world = World::new(16);
    let mut dice = Dice::seeded();
    let mut before = world.path("nothing");
    fs::create_dir(&before).unwrap();
    for (nth, line) in STAGES.into_iter().enumerate() {
        let kills = match line {
            EXTRACT | TRAIN => 70,
            INDEX | SPLIT | PREDICT | REPORT => 5,
            other => unreachable!("{other}"),
        };
        let name = line.trim_start_matches("corpus ").split(' ').next().unwrap();
        let command = |work: &Path| world.segno(line, work);
        let stage = Stage::new(name, &before, &world.path("scratch"), &command);
        stage.harass(kills, &world.path("laps"), &mut dice);
        let after = world.path(&format!("after-{nth}"));
        files::copy(&before, &after);
        good(world.segno(line, &after));
        before = after;
    }

    let server = Server::start(Dice::of(7).bytes(1 << 20));
    fs::write(world.path("corpus.toml"), server.corpus()).unwrap();
    let empty = world.path("empty");
    fs::create_dir(&empty).unwrap();
    let command = |to: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
        command.args(["corpus", "fetch"]).arg(world.path("corpus.toml")).arg("--to").arg(to);
        command
    };
    let fetch = Stage::new("fetch", &empty, &world.path("scratch"), &command);
    fetch.harass(60, &world.path("laps"), &mut dice);
}
