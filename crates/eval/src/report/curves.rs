//! Learning curves, a row and protocol each.

use super::{
    build::runs_in_order,
    input::{ReportInput, RowFacts, Run},
    model::{CurveGroup, CurveRun, Epoch, ProtocolEntry},
};

pub(super) fn curves(rows: &[RowFacts], protocols: &[ProtocolEntry], input: &ReportInput) -> Vec<CurveGroup> {
    let all = runs_in_order(input, rows);
    let pairs = rows.iter().flat_map(|row| protocols.iter().map(move |entry| (row, entry)));
    pairs
        .filter_map(|(row, entry)| {
            let here: Vec<&Run> = all.iter().copied().filter(|run| run.row == row.id && run.protocol.name() == entry.name).collect();
            let runs: Vec<CurveRun> = here.iter().filter_map(|run| curve_run(run)).collect();
            let reason = runs.is_empty().then(|| "fitted without epochs, or its curves were not handed in".to_owned());
            let tasks = here.iter().find_map(|run| run.curves.as_ref()).map_or_else(Vec::new, |curves| curves.tasks.clone());
            (!here.is_empty()).then(|| CurveGroup { row: row.id.clone(), protocol: entry.name.clone(), tasks, runs, reason })
        })
        .collect()
}

fn curve_run(run: &Run) -> Option<CurveRun> {
    let curves = run.curves.as_ref().filter(|curves| !curves.epochs.is_empty())?;
    let epochs = curves
        .epochs
        .iter()
        .map(|row| Epoch {
            epoch: row.epoch,
            train_loss: row.train_loss,
            train_accuracy: row.train_accuracy.clone(),
            valid_loss: row.valid_loss,
            valid_accuracy: row.valid_accuracy.clone(),
        })
        .collect();
    Some(CurveRun { seed: run.seed, best_epoch: curves.best_epoch, epochs })
}
