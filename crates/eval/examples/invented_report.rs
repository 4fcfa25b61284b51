//! Writes an invented report to a folder, for looking at the page while working on it:
//! `cargo run -p segno-eval --example invented_report -- FOLDER`

use std::{error::Error, fs, path::PathBuf};

use segno_eval::report::{build, html, markdown, terminal_table};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("usage: invented_report FOLDER")?.into();
    fs::create_dir_all(&folder)?;
    let report = build(&common::input())?;
    fs::write(folder.join("report.html"), html(&report))?;
    fs::write(folder.join("report.md"), markdown(&report))?;
    fs::write(folder.join("report.json"), report.to_json()?)?;
    print!("{}", terminal_table(&report));
    println!("\nwrote report.html, report.md and report.json to {}", folder.display());
    Ok(())
}
