//! What the outer folds say of a head.

use std::collections::BTreeMap;

use anyhow::Result;
use segno_dataset::{LeftOutLabel, Protocol};
use segno_eval::metrics::{Level, Metrics};
use segno_eval::stats::Summary;
use segno_models::{
    HeadInput, Measured, ModelConfig, Selective,
    threshold::{Z95, wilson},
};
use serde_json::json;

use super::{Candidate, Crossed, Data, left_out_for, published};
use crate::told::tell;

/// A candidate in words.
pub fn shown(candidate: &Candidate, inputs: &[HeadInput]) -> String {
    let names: Vec<&str> = candidate.inputs.iter().map(|input| inputs[*input].name.as_str()).collect();
    let model = match &candidate.model {
        ModelConfig::Logistic(config) => format!("logistic regression, C {}", config.c),
        ModelConfig::Svm(config) => format!("support vector machine, C {}", config.c),
        other => format!("{other:?}"),
    };
    format!("{} → {model}", names.join(" + "))
}

/// What asking for a precision came to, in words.
pub fn precision(of: &Selective, tracks: u64) -> String {
    let Selective { asked, answered, right, folds_without } = *of;
    if answered == 0 {
        return format!("asked for {asked}: nothing is answered, no confidence promises it");
    }
    let ([low, high], share) = (wilson(right, answered, Z95), right as f64 / answered as f64);
    let coverage = answered as f64 / tracks as f64;
    let without = if folds_without == 0 { String::new() } else { format!("; in {folds_without} folds no confidence promised it") };
    format!(
        "asked for {asked}: {coverage:.3} of the tracks answered, {right} of {answered} rightly: {share:.3} ({low:.3} to {high:.3}){without}"
    )
}

/// Scores of every draw: told, for the head's card, and as JSON. The interval is Wilson's, around the mean over draws.
///
/// # Errors
/// Predictions that are none.
pub fn measure(
    data: &Data<'_>,
    runs: &[Crossed],
    inputs: &[HeadInput],
    left_out: &[LeftOutLabel],
    protocol: Protocol,
) -> Result<(Measured, serde_json::Value)> {
    let scores = runs
        .iter()
        .map(|run| Ok(Metrics::of(Level::Track, &data.task.classes, &run.predictions.iter().collect::<Vec<_>>())?))
        .collect::<Result<Vec<_>>>()?;
    let accuracies: Vec<f64> = scores.iter().filter_map(|score| score.accuracy).collect();
    let summary = Summary::of(&accuracies);
    let first = &runs[0].predictions;
    let mean = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
    // Of draws that test the same tracks, as many independent answers as there are tracks.
    let interval = wilson((mean * first.len() as f64).round() as u64, first.len() as u64, Z95);
    let calibration_error = scores[0].probabilities.as_ref().and_then(|scores| scores.ece);
    let left_out: Vec<String> = left_out.iter().map(|label| format!("{} ({})", label.label, label.artists)).collect();
    let spread = summary.sd.map_or_else(String::new, |sd| format!(" ± {sd:.3} over {} draws", accuracies.len()));
    tell!(
        "{}: {mean:.3} of {} tracks right{spread}, 95 % interval {:.3} to {:.3} over tracks; calibration error {}",
        data.task.task,
        first.len(),
        interval[0],
        interval[1],
        calibration_error.map_or_else(|| "–".to_owned(), |error| format!("{error:.3}"))
    );
    let beside = published(&data.manifest.corpus, &data.task.task, protocol);
    if let Some(beside) = beside {
        tell!("  {}", beside.told(first.len()));
    }
    if !left_out.is_empty() {
        tell!("  left out, {}: {}", left_out_for(protocol), left_out.join(", "));
    }
    let mut chosen: BTreeMap<String, usize> = BTreeMap::new();
    runs.iter().flat_map(|run| &run.chosen).for_each(|candidate| *chosen.entry(shown(candidate, inputs)).or_default() += 1);
    let of = match protocol {
        Protocol::FaultFiltered => "draws of inner folds",
        Protocol::ArtistOnce => "draws of the test part",
        _ => "folds",
    };
    chosen.iter().for_each(|(what, times)| tell!("  chosen in {times} {of}: {what}"));
    let selective = &runs[0].selective;
    selective.iter().for_each(|of| tell!("  {}", precision(of, first.len() as u64)));
    let told = json!({
        "selective": selective,
        "task": data.task.task, "tracks": first.len(), "accuracies": accuracies, "accuracy": mean, "interval": interval,
        "calibration_error": calibration_error, "left_out": left_out, "chosen": chosen,
        "published": beside,
    });
    Ok((
        Measured {
            tracks: first.len() as u64,
            accuracy: mean,
            interval: Some(interval),
            calibration_error,
            left_out,
            selective: selective.clone(),
        },
        told,
    ))
}
