//! Writes an invented report to a folder, for looking at the page while working on it:
//! `cargo run -p segno-eval --example invented_report -- FOLDER [two-tasks]`

use std::{error::Error, fs, path::PathBuf};

use segno_eval::report::{build, html, markdown, terminal_table};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("usage: invented_report FOLDER [two-tasks]")?.into();
    fs::create_dir_all(&folder)?;
    let two_tasks = std::env::args_os().nth(2).is_some_and(|kind| kind == "two-tasks");
    let report = build(&if two_tasks { common::two_tasks() } else { common::input() })?;
    fs::write(folder.join("report.html"), html(&report))?;
    fs::write(folder.join("report.md"), markdown(&report))?;
    fs::write(folder.join("report.json"), report.to_json()?)?;
    print!("{}", terminal_table(&report));
    println!("\nwrote report.html, report.md and report.json to {}", folder.display());
    Ok(())
}
