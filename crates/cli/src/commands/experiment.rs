//! `segno experiment`: an experiment file as the stages read it.

use std::path::PathBuf;

use anyhow::Result;

use super::print_json;
use crate::experiment::Experiment;
use crate::told::show;

#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  segno experiment datasets/gtzan/experiments/irvin-2016.toml --json")]
pub struct Args {
    /// The experiment file
    file: PathBuf,
    /// Print it whole, as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let experiment = Experiment::read(&args.file)?;
    if args.json {
        let mut whole = serde_json::to_value(&experiment)?;
        // No key of the file, but what follows from it.
        whole["rows_of_splits"] = experiment.rows_of_splits().iter().map(|row| row.id.as_str()).collect();
        print_json(&whole);
        return Ok(());
    }
    show!("{} (corpus {})", experiment.title, experiment.corpus);
    for row in &experiment.rows {
        let of_task = |task: &String| row.paper.get(task).map_or_else(|| "–".to_owned(), f64::to_string);
        let paper = experiment.tasks.iter().map(of_task).collect::<Vec<_>>().join(" / ");
        show!("  {:<20} {:<46} paper {paper} ({})", row.id, row.label, row.place);
    }
    Ok(())
}
