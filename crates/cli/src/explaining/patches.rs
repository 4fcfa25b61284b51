//! The answers of those who listen to patches, by occlusion: what is lost with each cell of the mel spectrogram.

use std::path::Path;

use anyhow::{Context, Result};
use segno_eval::explain::{Explanation, Grid, Rectangles, Units, faithfulness, occlusion};
use segno_features::PatchSpec;
use segno_models::{Backbone, Head, TaskClasses};

use super::{CHANCE, CURVE_STEPS, Wanted, axis::marks};
use crate::answer::{HeadAnswers, Tagger};

/// Cells of a patch, along time and frequency: each is asked about on its own.
const CELLS: [usize; 2] = [4, 6];
/// Mel power of nothing, as MusiCNN's features have it: `log10(1 + 10000 · 0)`.
const SILENCE: f32 = 0.0;

/// Explains a head's answer to a file.
///
/// # Errors
/// As [`explain_tagger`]; the head listens with summaries alone, in which there is neither time nor frequency.
pub fn explain_head(head: &Head, mut answers: HeadAnswers<'_>, file: &Path, wanted: Wanted<'_>) -> Result<Explanation> {
    let no_picture = "it listens with summaries alone: there is no picture of that";
    let spec = answers.patch_spec().context(no_picture)?.clone();
    let heard = answers.hear(file, wanted.clips)?;
    let tasks: Vec<TaskClasses> = head.card.tasks.iter().map(|task| task.task.clone()).collect();
    let mut notes = vec![];
    if !heard.fixed.is_empty() {
        notes.push(format!("Of the whole file and left as they are: {}.", heard.fixed.join(", ")));
    }
    let ask = |patches: &[f32]| (0..tasks.len()).map(|task| answers.had_heard(&heard, patches, task)).collect();
    explain(&spec, &heard.patches, &tasks, file, wanted, notes, ask)
}

/// Explains a tag of MusiCNN.
///
/// # Errors
/// The file cannot be heard, or there is no such tag.
pub fn explain_tagger(backbone: &Backbone, mut tagger: Tagger, file: &Path, wanted: Wanted<'_>) -> Result<Explanation> {
    let (spec, patches) = (tagger.patch_spec().clone(), tagger.patches(file, wanted.clips)?);
    let tags = [TaskClasses { task: "tag".to_owned(), classes: backbone.card.tags.clone() }];
    explain(&spec, &patches, &tags, file, wanted, vec![], |patches| Ok(vec![tagger.tags_of(patches)]))
}

fn explain(
    spec: &PatchSpec,
    patches: &[f32],
    tasks: &[TaskClasses],
    file: &Path,
    wanted: Wanted<'_>,
    mut notes: Vec<String>,
    ask: impl Fn(&[f32]) -> Result<Vec<Vec<f32>>>,
) -> Result<Explanation> {
    let shape @ [frames, bands] = spec.shape();
    let clips = patches.len() / (frames * bands);
    let (task, class, answer) = wanted.choose(tasks, &ask(patches)?)?;
    let rectangles = Rectangles { input: shape, size: [frames.div_ceil(CELLS[0]), bands.div_ceil(CELLS[1])] };
    let of_patch = rectangles.of_values();
    let n_cells = rectangles.count().iter().product::<usize>();
    // No cell lies in two patches.
    let cells: Vec<usize> = (0..clips).flat_map(|clip| of_patch.iter().map(move |cell| clip * n_cells + cell)).collect();
    let silence = vec![SILENCE; patches.len()];
    let units = Units { values: patches, baseline: &silence, of_values: &cells };
    let asked = |patches: &[f32]| Ok::<_, anyhow::Error>(f64::from(ask(patches)?[task][class]));
    let lost = occlusion(&units, asked)?;
    let faithfulness = faithfulness(&units, &lost, CURVE_STEPS, asked)?;
    let whole = [clips * frames, bands];
    notes.push(CHANCE.to_owned());
    Ok(Explanation {
        title: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        answer,
        method: format!("Occlusion: what the probability loses with each of {} cells alone; nothing is silence.", units.count()),
        notes,
        heard: Grid { shape: whole, values: patches.to_vec() },
        map: Grid { shape: whole, values: cells.iter().map(|cell| lost[*cell]).collect() },
        attention: None,
        frequencies: marks(&spec.representation, spec.sample_rate_hz),
        seconds: clips as f64 * crate::ear::patch_s(spec),
        clips,
        faithfulness,
    })
}
