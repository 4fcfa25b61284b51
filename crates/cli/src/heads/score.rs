//! What the outer folds say of a head.

use std::collections::BTreeMap;

use anyhow::Result;
use segno_dataset::{LeftOutLabel, Protocol};
use segno_eval::metrics::{Level, Metrics};
use segno_eval::stats::{Bootstrap, Summary};
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

/// Scores of every draw: told, for the head's card, and as JSON.
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
    let right: Vec<bool> = first.iter().map(|row| data.task.classes[row.argmax()] == row.true_label).collect();
    let share = |drawn: &[u32]| {
        let hits: u32 = drawn.iter().zip(&right).filter(|(_, right)| **right).map(|(n, _)| n).sum();
        Some(f64::from(hits) / right.len() as f64)
    };
    let interval = Bootstrap::default().interval(right.len(), share).map(|interval| [interval.low, interval.high]);
    let calibration_error = scores[0].probabilities.as_ref().and_then(|scores| scores.ece);
    let left_out: Vec<String> = left_out.iter().map(|label| format!("{} ({})", label.label, label.artists)).collect();
    let mean = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
    let between = interval.map_or_else(String::new, |[low, high]| format!(", 95 % interval {low:.3} to {high:.3} over tracks"));
    let spread = summary.sd.map_or_else(String::new, |sd| format!(" ± {sd:.3} over {} draws", accuracies.len()));
    tell!(
        "{}: {mean:.3} of {} tracks right{spread}{between}; calibration error {}",
        data.task.task,
        right.len(),
        calibration_error.map_or_else(|| "–".to_owned(), |error| format!("{error:.3}"))
    );
    let beside = published(&data.manifest.corpus, &data.task.task, protocol);
    if let Some(beside) = beside {
        tell!("  {}", beside.told(right.len()));
    }
    if !left_out.is_empty() {
        tell!("  left out, {}: {}", left_out_for(protocol), left_out.join(", "));
    }
    let mut chosen: BTreeMap<String, usize> = BTreeMap::new();
    runs.iter().flat_map(|run| &run.chosen).for_each(|candidate| *chosen.entry(shown(candidate, inputs)).or_default() += 1);
    let of = if protocol == Protocol::FaultFiltered { "draws of inner folds" } else { "folds" };
    chosen.iter().for_each(|(what, times)| tell!("  chosen in {times} {of}: {what}"));
    let selective = &runs[0].selective;
    selective.iter().for_each(|of| tell!("  {}", precision(of, right.len() as u64)));
    let told = json!({
        "selective": selective,
        "task": data.task.task, "tracks": right.len(), "accuracies": accuracies, "accuracy": mean, "interval": interval,
        "calibration_error": calibration_error, "left_out": left_out, "chosen": chosen,
        "published": beside,
    });
    Ok((Measured { tracks: right.len() as u64, accuracy: mean, interval, calibration_error, left_out, selective: selective.clone() }, told))
}
