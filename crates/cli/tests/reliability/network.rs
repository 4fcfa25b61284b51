//! Nothing but a fetch, or a bucket that was asked for, opens a connection.

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::dice::Dice;
use crate::fetching::Server;
use crate::world::{STAGES, World, good};

/// The system calls about sockets of a command and all its threads.
fn calls(command: &Command, world: &World) -> Vec<String> {
    let log = world.path("calls");
    let mut strace = Command::new("strace");
    strace.args(["--follow-forks", "--trace=%network", "--output"]).arg(&log);
    strace.arg(command.get_program()).args(command.get_args());
    strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    good(strace);
    let text = fs::read_to_string(&log).unwrap();
    text.lines().filter(|line| !line.contains("+++ ") && !line.contains("--- ")).map(str::to_owned).collect()
}

#[test]
fn no_stage_opens_a_socket() {
    // Built-in containers may have it and not be allowed to use it.
    if !Command::new("strace").args(["--output=/dev/null", "true"]).status().is_ok_and(|status| status.success()) {
        writeln!(std::io::stderr(), "LEFT OUT: no_stage_opens_a_socket: strace cannot be used here").unwrap();
        return;
    }
    let world = World::new(16);
    for line in STAGES.into_iter().chain(["audit --work WORK --experiment EXPERIMENT --root AUDIO"]) {
        let calls = calls(&world.segno(line, &world.path("work")), &world);
        assert!(calls.is_empty(), "{line}: {calls:?}");
    }
    let server = Server::start(Dice::of(7).bytes(1 << 12));
    fs::write(world.path("corpus.toml"), server.corpus()).unwrap();
    let mut fetch = Command::new(env!("CARGO_BIN_EXE_segno"));
    fetch.args(["corpus", "fetch"]).arg(world.path("corpus.toml")).arg("--to").arg(world.path("fetched"));
    let calls = calls(&fetch, &world);
    assert!(calls.iter().any(|call| call.contains("connect(")), "a fetch is seen to connect: {calls:?}");
}
