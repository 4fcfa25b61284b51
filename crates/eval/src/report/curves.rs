//! Learning curves, a row and protocol each.

use super::{
    build::Scored,
    input::{RowFacts, Run},
    model::{CurveGroup, CurveRun, Epoch, ProtocolEntry},
};

pub(super) fn curves(rows: &[RowFacts], protocols: &[ProtocolEntry], scored: &[Scored<'_>]) -> Vec<CurveGroup> {
    let pairs = rows.iter().flat_map(|row| protocols.iter().map(move |entry| (row, entry)));
    pairs
        .filter_map(|(row, entry)| {
            let here: Vec<&Scored<'_>> =
                scored.iter().filter(|one| one.run.row == row.id && one.run.protocol.name() == entry.name).collect();
            let runs: Vec<CurveRun> = here.iter().filter_map(|one| curve_run(one.run)).collect();
            let reason = runs.is_empty().then(|| "fitted without epochs, or its curves were not handed in".to_owned());
            (!here.is_empty()).then(|| CurveGroup { row: row.id.clone(), protocol: entry.name.clone(), runs, reason })
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
            train_accuracy: row.train_accuracy[0],
            valid_loss: row.valid_loss,
            valid_accuracy: row.valid_accuracy[0],
        })
        .collect();
    Some(CurveRun { seed: run.seed, best_epoch: curves.best_epoch, epochs })
}
