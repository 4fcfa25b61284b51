//! `cargo xtask bench`: our programs and their peers, in turn on one machine, into docs/performance.{json,md}.

mod build;
mod environment;
mod machine;
mod material;
mod page;
mod quiet;
mod record;
mod roof;
mod rounds;
mod rows;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, ensure};

use build::Built;
use environment::{Pythons, pythons};
use machine::Machine;
pub use machine::gpu;
use material::Material;
use quiet::Disturbance;
use record::{Measured, Record};
use rows::{Description, Program, Row};

#[derive(clap::Args)]
#[command(after_help = "\
What is measured stands in xtask/bench.toml. Everything is built and made before the first clock runs; then the programs
of a row run in turn, round by round, and each row is kept as soon as it is done. Leave the machine alone meanwhile.

Examples:
  cargo xtask bench --data ../shared/data
  cargo xtask bench --only lstm-1x250 --only lstm-2x250 --against torch
  cargo xtask bench --list")]
pub struct Args {
    /// This row alone (can be repeated); the others keep their figures
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// These peers alone, separated by commas; all if absent
    #[arg(long, value_name = "PEERS", value_delimiter = ',')]
    against: Vec<String>,
    /// Folder with gtzan/ and 4qaed/; without it the synthetic corpus, and no mp3
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Rounds of every row, in place of its own number
    #[arg(long)]
    rounds: Option<usize>,
    /// A Python that has the peers, in place of a virtual environment: `python=FILE` or `tensorflow=FILE`
    #[arg(long, value_name = "NAME=FILE", value_parser = python)]
    python: Vec<(String, PathBuf)>,
    /// Folder of virtual environments and of what the programs work on
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    work: PathBuf,
    /// Keep the figures here, and leave docs/performance.md alone
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Print the rows with what each took the last time, and measure nothing
    #[arg(long, conflicts_with = "page")]
    list: bool,
    /// Write the tables of docs/performance.md anew from docs/performance.json, and measure nothing
    #[arg(long)]
    page: bool,
}

pub fn python(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or_else(|| format!("expected NAME=FILE, found '{text}'"))?;
    Ok((name.to_owned(), file.into()))
}

/// The rows that need a GPU, and nothing else.
pub fn on_gpu(python: Vec<(String, PathBuf)>, work: PathBuf) -> Result<()> {
    let rows = Description::read()?.row;
    let only = rows.into_iter().filter(|row| row.gpu).map(|row| row.id).collect();
    run(&Args { only, against: vec![], data: None, rounds: None, python, work, record: None, list: false, page: false })
}

pub fn run(args: &Args) -> Result<()> {
    let description = Description::read()?;
    let path = args.record.clone().unwrap_or_else(Record::path);
    let mut record = Record::read(&path)?;
    record.rows.retain(|id, _| description.row.iter().any(|row| row.id == *id));
    let chosen = description.chosen(&args.only)?;
    if args.list {
        list(&chosen, &record);
        return Ok(());
    }
    if args.page {
        return page::write(&page::path(), &description, &record);
    }
    ensure!(args.rounds != Some(0), "--rounds is 0: a row has one at least");
    for peer in &args.against {
        ensure!(description.peers().contains(peer.as_str()), "--against '{peer}': expected some of {:?}", description.peers());
    }
    let wanted = |program: &Program| program.peer.as_ref().is_none_or(|peer| args.against.is_empty() || args.against.contains(peer));
    std::fs::create_dir_all(&args.work)?;
    let work = args.work.canonicalize()?;
    let possible = |row: &&&Row| !row.gpu || gpu().is_some();
    let programs = chosen.iter().filter(possible).flat_map(|row| &row.program).filter(|program| wanted(program));
    let needed: BTreeSet<_> = programs.filter(|program| program.script.is_some()).map(|program| program.environment).collect();
    let pythons = pythons(&needed, &args.python, &work)?;

    let (mut built, mut material) = (Built::default(), Material::new(args.data.as_deref(), &work));
    let mut prepared = vec![];
    for row in &chosen {
        prepared.push((*row, prepare(row, &wanted, &mut built, &pythons, &mut material)?));
    }
    let load = quiet::load();
    warn_of_load(load);
    // The run's own tables change the tree: the commit is asked for before the first.
    let (machine, command, date, commit) = (Machine::this(), told(args), machine::today(), machine::commit());
    let mut faults = vec![];
    for (row, (ready, left_out)) in prepared {
        eprintln!("{}: {}", row.id, row.title);
        let (start, ticks) = (Instant::now(), quiet::Ticks::now());
        let outcome = rounds::measure(row, ready, args.rounds.unwrap_or(row.rounds));
        let measured = Measured {
            date: date.clone(),
            commit: commit.clone(),
            command: command.clone(),
            audio: material.told().to_owned(),
            machine: machine.clone(),
            disturbance: Disturbance { busy: outcome.busy, stolen: quiet::stolen(ticks), load },
            seconds: start.elapsed().as_secs_f64(),
            programs: outcome.programs,
            left_out: left_out.into_iter().chain(outcome.failed.clone()).collect(),
        };
        if measured.disturbance.is_loud() {
            eprintln!("  warning: the machine was not quiet ({:?}): these figures say little", measured.disturbance);
        }
        faults.extend(outcome.failed.iter().map(|(name, reason)| format!("{name} of {}: {reason}", row.id)));
        record.rows.insert(row.id.clone(), measured);
        record.write(&path)?;
    }
    if args.record.is_none() {
        page::write(&page::path(), &description, &record)?;
    }
    println!("{}", tables::claims(&description, &record));
    ensure!(faults.is_empty(), "{} programs failed, and their rows lack them: {}", faults.len(), faults.join("; "));
    Ok(())
}

/// A row's programs made ready, and those that cannot be on this machine with the reason. What does not build is an error.
fn prepare<'a>(
    row: &'a Row,
    wanted: &dyn Fn(&Program) -> bool,
    built: &mut Built,
    pythons: &Pythons,
    material: &mut Material,
) -> Result<(Vec<rounds::Ready<'a>>, BTreeMap<String, String>)> {
    let (mut all, mut left_out) = (vec![], BTreeMap::new());
    if row.gpu && gpu().is_none() {
        eprintln!("bench: {} is left out: no NVIDIA GPU", row.id);
        left_out.extend(row.program.iter().map(|program| (program.name.clone(), "there was no NVIDIA GPU".to_owned())));
        return Ok((all, left_out));
    }
    for program in row.program.iter().filter(|program| wanted(program)) {
        built.build(program)?;
        match rounds::ready(row, program, built, pythons, material) {
            Ok(ready) => all.push(ready),
            Err(error) => {
                eprintln!("bench: {} of {} is left out: {error:#}", program.name, row.id);
                left_out.insert(program.name.clone(), rounds::reason(&error));
            }
        }
    }
    Ok((all, left_out))
}

fn warn_of_load(load: Option<f64>) {
    if let Some(load) = load.filter(|load| *load > 0.3) {
        eprintln!("warning: the load average is {load:.2}: others work on this machine, or did a minute ago");
    }
}

/// How the run was started, without the paths of this machine.
fn told(args: &Args) -> String {
    let mut text = "cargo xtask bench".to_owned();
    text += if args.data.is_some() { " --data DIR" } else { "" };
    args.only.iter().for_each(|row| text += &format!(" --only {row}"));
    if !args.against.is_empty() {
        text += &format!(" --against {}", args.against.join(","));
    }
    text += &args.rounds.map_or_else(String::new, |rounds| format!(" --rounds {rounds}"));
    text
}

fn list(chosen: &[&Row], record: &Record) {
    let mut all = 0.0;
    for row in chosen {
        let last = record.rows.get(&row.id).map(|measured| measured.seconds);
        all += last.unwrap_or(0.0);
        let told = last.map_or_else(|| "not measured".to_owned(), |seconds| format!("{seconds:.0} s the last time"));
        println!("{:<12} {} rounds of {} programs, {told}: {}", row.id, row.rounds, row.program.len(), row.title);
    }
    println!("{:.0} minutes in all, where they were measured", all / 60.0);
}
