//! `segno completions` and `segno man`: every command is in them, and shells read them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use clap::CommandFactory;
use segno_cli::Cli;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

fn segno(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_segno")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The names of a command and all below it, as their manual pages have them.
fn names(command: &clap::Command, above: &str) -> Vec<String> {
    let name = if above.is_empty() { command.get_name().to_owned() } else { format!("{above}-{}", command.get_name()) };
    let below = command.get_subcommands().filter(|command| command.get_name() != "help").flat_map(|command| names(command, &name));
    [name.clone()].into_iter().chain(below).collect()
}

#[test]
fn the_script_of_every_shell_has_every_command() {
    let commands: Vec<String> = Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    assert!(commands.len() > 10);
    for shell in SHELLS {
        let script = segno(&["completions", shell]);
        commands.iter().for_each(|command| assert!(script.contains(command.as_str()), "{shell}: {command}"));
    }
}

#[test]
fn the_shells_that_are_here_read_their_scripts() {
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let Ok(mut reader) = Command::new(shell).arg(check).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn() else {
            eprintln!("{shell}: not here, its script is not read");
            continue;
        };
        reader.stdin.take().unwrap().write_all(segno(&["completions", shell]).as_bytes()).unwrap();
        let output = reader.wait_with_output().unwrap();
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn bash_completes_a_command() {
    let complete = "COMP_WORDS=(segno pred); COMP_CWORD=1; _segno segno pred segno; echo \"${COMPREPLY[*]}\"";
    let script = format!("{}\n{complete}", segno(&["completions", "bash"]));
    match Command::new("bash").args(["--norc", "-c", &script]).output() {
        Ok(output) => assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "predict predict-set"),
        Err(reason) => eprintln!("bash: not here, {reason}"),
    }
}

#[test]
fn every_command_has_a_manual_page_with_its_options() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man/man1");
    segno(&["man", pages.to_str().unwrap()]);
    let found: BTreeSet<String> = fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let expected: BTreeSet<String> = names(&Cli::command(), "").iter().map(|name| format!("{name}.1")).collect();
    assert_eq!(found, expected);
    let page = fs::read_to_string(pages.join("segno-corpus-synth.1")).unwrap();
    assert!(page.contains(".TH segno-corpus-synth 1") && page.contains("tracks\\-per\\-genre"), "{page}");
}
