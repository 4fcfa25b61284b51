//! `segno map`: a library of embeddings → a page that shows all of it at once.

use std::{
    path::{Path, PathBuf, absolute},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use segno_dataset::Manifest;
use segno_eval::embedding::{TsneConfig, principal_components, tsne};
use segno_map::{Answer, Map, Task, Track};
use serde_json::json;

use super::{print_json, write_whole};
use crate::Layout;
use crate::colouring::{Table, files, of_head, of_labels};
use crate::library::Library;
use crate::neighbours::Neighbours;
use crate::told::{show, tell};

/// Nearest tracks that the page lists of each.
const NEAREST: usize = 5;
/// Fewer tracks than this have no neighbourhoods to lay out by t-SNE.
const FEWEST_FOR_TSNE: usize = 10;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The page is one file that loads nothing: a mark a track, t-SNE and principal components of the embeddings to choose between, search, names
under the pointer and by keyboard, each track's path to copy and what is nearest to it. The same library gives the same bytes.

What the tracks are coloured by is a table that `segno predict` wrote of the same paths, or a head that was fitted to these embeddings
alone, which answers at once. A library that was embedded from a manifest has its labels too (--work, and --root for the audio). Without any
of them the map has one colour.

Examples:
  segno embed --model musicnn-msd --out embeddings music/
  segno predict --model mine --min-precision 0.9 --format csv --out mine.csv music/
  segno map embeddings --colour mine.csv --out map.html
  segno map embeddings --model mine --min-precision 0.9 --out map.html")]
pub struct Args {
    /// Folder that `segno embed` wrote
    #[arg(value_name = "LIBRARY")]
    library: PathBuf,
    /// The page
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Colour by what `segno predict --out` wrote: .csv, .parquet or .jsonl
    #[arg(long, value_name = "TABLE", conflicts_with = "model")]
    colour: Option<PathBuf>,
    /// Colour by a head over these embeddings, a file or a name of the model library
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// With --model: below the confidence that gives this precision, "not sure"
    #[arg(long, value_name = "SHARE", requires = "model")]
    min_precision: Option<f64>,
    /// Work folder whose manifest was embedded
    #[arg(long, value_name = "DIR", requires = "root")]
    work: Option<PathBuf>,
    /// Folder that the manifest's paths are relative to
    #[arg(long, value_name = "DIR", requires = "work")]
    root: Option<PathBuf>,
    /// Principal components alone: t-SNE takes its time where tracks are many
    #[arg(long)]
    pca: bool,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    if let Some(precision) = args.min_precision {
        ensure!(precision > 0.0 && precision < 1.0, "--min-precision {precision}: expected a share above 0 and below 1, as 0.9");
    }
    let library = Neighbours::read(&args.library)?;
    let n = library.tracks().len();
    ensure!(n > 0, "{}: no track in it", args.library.display());
    let manifest = args.work.as_ref().map(|work| Manifest::read(&Layout::new(work).manifest())).transpose()?;
    let files = match (&manifest, &args.root) {
        (Some(manifest), Some(root)) => files(manifest, root, library.tracks())?,
        _ => library.tracks().to_vec(),
    };
    let mut tasks = match (&args.colour, &args.model) {
        (Some(table), _) => Table::read(table)?.tasks(&files).with_context(|| table.display().to_string())?,
        (None, Some(model)) => of_head(&Library::model_file(Some(model))?, &library, args.min_precision)?,
        (None, None) => vec![],
    };
    tasks.extend(manifest.iter().flat_map(|manifest| of_labels(manifest, library.tracks())));
    let track = |(name, near): (&String, _)| Ok(Track { path: place(name)?, near });
    let map = Map {
        title: if n == 1 { "A library of one track".to_owned() } else { format!("A library of {n} tracks") },
        made: made(args, &library),
        tracks: files.iter().zip(library.nearest_of_all(NEAREST)).map(track).collect::<Result<_>>()?,
        layouts: layouts(&library, args.pca).with_context(|| args.library.display().to_string())?,
        tasks,
    };
    write_whole(&args.out, map.html()?.as_bytes())?;
    let layouts: Vec<&str> = map.layouts.iter().map(|layout| layout.name.as_str()).collect();
    if args.json {
        let tasks: Vec<_> =
            map.tasks.iter().map(|task| json!({ "task": task.name, "classes": task.classes, "answers": counts(task) })).collect();
        print_json(&json!({ "page": args.out, "tracks": n, "layouts": layouts, "tasks": tasks }));
        return Ok(());
    }
    for task in &map.tasks {
        let [class, not_sure, unknown] = counts(task);
        show!("{}: {class} tracks have a class, {not_sure} are not sure, {unknown} have no answer", task.name);
    }
    show!("map: {n} tracks by {}: {}", layouts.join(" and "), args.out.display());
    Ok(())
}

/// Tracks with a class, of which it is not sure, and without an answer.
fn counts(task: &Task) -> [usize; 3] {
    let count = |is: fn(&Answer) -> bool| task.answers.iter().filter(|answer| is(answer)).count();
    [
        count(|answer| matches!(answer, Answer::Class { .. })),
        count(|answer| matches!(answer, Answer::NotSure { .. })),
        count(|answer| matches!(answer, Answer::Unknown)),
    ]
}

/// A file from here by its absolute path, as a player or a file manager takes it; anything else by its name.
fn place(name: &str) -> Result<String> {
    let path = absolute(name).with_context(|| format!("{name:?}"))?;
    Ok(if path.is_file() { path.to_string_lossy().into_owned() } else { name.to_owned() })
}

fn made(args: &Args, library: &Neighbours) -> String {
    let file = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let spec = &library.spec;
    let coloured = match (&args.colour, &args.model) {
        (Some(by), _) | (None, Some(by)) => format!("; coloured by {}", file(by)),
        (None, None) => String::new(),
    };
    format!("What {} makes of each track (layer {}){coloured}", spec.backbone, spec.layer.name())
}

/// t-SNE, unless it is not wanted or tracks are too few, and the first two principal components.
fn layouts(library: &Neighbours, pca_alone: bool) -> Result<Vec<segno_map::Layout>> {
    let (n, width, rows) = (library.tracks().len(), library.width(), library.directions());
    let mut layouts = vec![];
    if !pca_alone && n >= FEWEST_FOR_TSNE {
        let defaults = TsneConfig::default();
        let config = TsneConfig { perplexity: defaults.perplexity.min((n - 1) as f32 / 3.0), ..defaults };
        let start = Instant::now();
        tell!("map: t-SNE of {n} tracks …");
        let points = tsne(&rows, width, &config).context("t-SNE (--pca goes without it)")?;
        tell!("map: t-SNE of {n} tracks took {:.1} s", start.elapsed().as_secs_f64());
        layouts.push(segno_map::Layout { name: "t-SNE".into(), points });
    }
    let components = n.min(width).min(2);
    let scores = principal_components(&rows, width, components, TsneConfig::default().seed);
    let point = |row: &[f32]| [row[0], row.get(1).copied().unwrap_or(0.0)];
    let points = scores.chunks_exact(components).map(point).collect();
    layouts.push(segno_map::Layout { name: "principal components".into(), points });
    Ok(layouts)
}
