//! What `segno report` draws of the data: a number of the tracks, the clips in the plane.

use anyhow::Result;
use segno_dataset::Manifest;
use segno_eval::{
    embedding::{TsneConfig, tsne},
    report::{EmbeddingFacts, HistogramFacts},
};

use super::{corpus_file, features::Features};
use crate::experiment::{Experiment, Tsne};
use crate::layout::Layout;
use crate::told::tell;

/// The values that the experiment asks for, with the cuts of the corpus; where there are none, a note says so.
pub fn histogram(layout: &Layout, experiment: &Experiment, manifest: &Manifest, notes: &mut Vec<String>) -> Result<Option<HistogramFacts>> {
    let Some(name) = &experiment.figures.histogram else { return Ok(None) };
    let values: Vec<f64> = manifest.present().filter_map(|track| track.values.get(name).copied()).collect();
    let cuts = corpus_file(layout)?.fma.filter(|_| name == "valence").map(|fma| fma.mood);
    let Some(cuts) = cuts.filter(|_| !values.is_empty()) else {
        notes.push(format!("no histogram of {name}: the tracks of this corpus have no such number"));
        return Ok(None);
    };
    Ok(Some(HistogramFacts {
        name: name.clone(),
        range: [0.0, 1.0],
        values,
        cuts: vec![cuts.sad_below, cuts.happy_from],
        classes: ["Sad", "Neutral", "Happy"].map(str::to_owned).into(),
    }))
}

/// The principal components that t-SNE sees.
const COMPONENTS: usize = 50;

/// The clips in the plane, by the first features that lie in the work folder.
pub fn embedding(
    features: &Features<'_>,
    experiment: &Experiment,
    manifest: &Manifest,
    notes: &mut Vec<String>,
) -> Result<Option<EmbeddingFacts>> {
    let Some(Tsne { clips, perplexity, epochs, seed }) = experiment.figures.tsne else { return Ok(None) };
    let mut found = None;
    for row in &experiment.rows {
        if let Some(opened) = features.of(row)? {
            found = Some((row, opened.shards));
            break;
        }
    }
    let Some((row, shards)) = found else {
        notes.push("no t-SNE: no row's features lie in the work folder; run `segno extract`".to_owned());
        return Ok(None);
    };
    // Evenly over all clips, so that every track has its share.
    let all = shards.clips();
    let step = all.len().div_ceil(clips).max(1);
    let chosen: Vec<_> = all.iter().step_by(step).collect();
    if chosen.len() as f32 <= 3.0 * perplexity {
        notes.push(format!("no t-SNE: {} clips are too few for a perplexity of {perplexity}", chosen.len()));
        return Ok(None);
    }
    let ids: Vec<&str> = chosen.iter().map(|clip| clip.clip_id.as_str()).collect();
    let [frames, values] = shards.shape();
    tell!("t-SNE of {} clips", ids.len());
    let config = TsneConfig { components: COMPONENTS, perplexity, epochs, seed };
    let points = tsne(&shards.load(&ids)?, frames * values, &config)?;
    let label = |track: &str, task: &String| manifest.label(track, task).unwrap_or("no label").to_owned();
    let labels =
        experiment.tasks.iter().map(|task| (task.clone(), chosen.iter().map(|clip| label(&clip.track_id, task)).collect())).collect();
    let sampled = if step == 1 { String::new() } else { format!(" of {}, one of every {step} in their order", all.len()) };
    Ok(Some(EmbeddingFacts {
        made: format!(
            "{} clips{sampled}; features {}; {COMPONENTS} principal components, then t-SNE with perplexity {perplexity}, {epochs} epochs, \
             seed {seed}.",
            ids.len(),
            row.features
        ),
        clip_ids: ids.into_iter().map(str::to_owned).collect(),
        points,
        labels,
    }))
}
