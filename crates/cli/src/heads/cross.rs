//! What to expect of a head: outer folds, in each of which everything is chosen anew on the rest.

use anyhow::Result;
use segno_dataset::{CrossFolds, CrossPlan, Prediction};
use segno_models::tempered;

use super::{Candidate, Data, choose};

/// Predictions of all folds, each of a head that knew nothing of its fold.
pub struct Crossed {
    /// A row a track.
    pub predictions: Vec<Prediction>,
    /// Fold of each row, counted from 0.
    pub folds: Vec<usize>,
    /// What was chosen in each fold.
    pub chosen: Vec<Candidate>,
}

/// Crosses a task with as many folds as the plan has; inner folds are as many and drawn alike.
///
/// # Errors
/// Too few groups a class, within a fold too.
pub fn cross(data: &Data<'_>, candidates: &[Candidate], plan: &CrossPlan<'_>) -> Result<Crossed> {
    let of_task: Vec<usize> = (0..data.table.tracks.len()).filter(|row| data.labels[*row].is_some()).collect();
    let names: Vec<&str> = of_task.iter().map(|row| data.table.tracks[*row].as_str()).collect();
    let outer = CrossFolds::draw(plan, data.near, data.manifest, &names)?;
    let mut this = Crossed { predictions: vec![], folds: vec![], chosen: vec![] };
    for fold in 0..plan.folds {
        let fold_of = |row: &usize| outer.fold_of.get(&data.table.tracks[*row]).copied();
        let test: Vec<usize> = of_task.iter().copied().filter(|row| fold_of(row) == Some(fold)).collect();
        let train: Vec<usize> = of_task.iter().copied().filter(|row| fold_of(row).is_some_and(|of| of != fold)).collect();
        let purpose = format!("within fold {fold}");
        let chosen = choose(data, candidates, &CrossPlan { purpose: &purpose, ..*plan }, &train)?;
        let logits = data.logits(&chosen.candidate, &chosen.classifier, &test)?;
        let classes = data.task.classes.len();
        let probabilities = tempered(&logits, classes, chosen.temperature);
        for (row, probabilities) in test.iter().zip(probabilities.chunks_exact(classes)) {
            let track_id = data.table.tracks[*row].clone();
            let label = data.labels[*row].expect("rows of the task");
            this.predictions.push(Prediction {
                clip_id: segno_dataset::ClipRef::new(&data.manifest.corpus, &track_id, 0).clip_id,
                track_id,
                task: data.task.task.clone(),
                true_label: data.task.classes[label].clone(),
                probabilities: probabilities.to_vec(),
            });
            this.folds.push(fold);
        }
        this.chosen.push(chosen.candidate);
    }
    Ok(this)
}
