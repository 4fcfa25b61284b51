//! What to expect of a head: outer folds, in each of which everything is chosen anew on the rest; or one test part, drawn or public.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use segno_dataset::{ClipRef, CrossFolds, CrossPlan, Digest, Fractions, Part, Prediction, Protocol, Split, SplitPlan};
use segno_models::{Selective, tempered, threshold::reaching};

use super::{Candidate, Data, choose, choose::most_probable, part};

/// Predictions of all folds, each of a head that knew nothing of its fold; a test part, drawn once or public, is the only one.
pub struct Crossed {
    /// A row a track.
    pub predictions: Vec<Prediction>,
    /// Fold of each row, counted from 0.
    pub folds: Vec<usize>,
    /// What was chosen in each fold.
    pub chosen: Vec<Candidate>,
    /// Digest of what was fitted in each fold.
    pub fitted: Vec<Digest>,
    /// What asking for a precision came to, of each of [`ASKED`].
    pub selective: Vec<Selective>,
}

/// Precisions that are measured; any may be asked for.
pub const ASKED: [f64; 5] = [0.7, 0.8, 0.9, 0.95, 0.99];

/// A fold: rows that are tested, and those that may be chosen and fitted on.
struct Fold {
    test: Vec<usize>,
    train: Vec<usize>,
}

/// Folds that test every track once; under `artist-once` one, whose test part is drawn as a [`Split`] is; under `fault-filtered` one, whose
/// test is the public test part and whose training is the public train and valid parts together, the same for every seed.
fn outer(data: &Data<'_>, plan: &CrossPlan<'_>) -> Result<Vec<Fold>> {
    let of_task: Vec<usize> = (0..data.table.tracks.len()).filter(|row| data.labels[*row].is_some()).collect();
    let name = |row: &usize| data.table.tracks[*row].as_str();
    let one = |is_tested: &dyn Fn(&str) -> bool| {
        let (test, train) = of_task.iter().copied().partition(|row| is_tested(name(row)));
        vec![Fold { test, train }]
    };
    if plan.protocol == Protocol::FaultFiltered {
        let folds = one(&|track| part(data.manifest, track) == Some(Part::Test));
        let missing = "no track of the public test part could be heard, or none is of a class of its train and valid parts";
        ensure!(!folds[0].test.is_empty(), missing);
        return Ok(folds);
    }
    if plan.protocol == Protocol::ArtistOnce {
        let tracks: Vec<ClipRef> = of_task.iter().map(|row| ClipRef::new(&data.manifest.corpus, name(row), 0)).collect();
        let plan = SplitPlan { protocol: plan.protocol, seed: plan.seed, fractions: Fractions::default(), stratify_by: plan.task };
        let split = Split::draw(&plan, data.manifest, &tracks)?;
        let tested: BTreeSet<&str> = split.part(Part::Test).map(|row| row.track_id.as_str()).collect();
        return Ok(one(&|track| tested.contains(track)));
    }
    let names: Vec<&str> = of_task.iter().map(name).collect();
    let drawn = CrossFolds::draw(plan, data.near, data.manifest, &names)?;
    let rows = |wanted: &dyn Fn(usize) -> bool| {
        of_task.iter().copied().filter(|row| drawn.fold_of.get(name(row)).is_some_and(|fold| wanted(*fold))).collect::<Vec<_>>()
    };
    Ok((0..plan.folds).map(|fold| Fold { test: rows(&|of| of == fold), train: rows(&|of| of != fold) }).collect())
}

/// Crosses a task with as many folds as the plan has; inner folds are as many and drawn alike. Under `artist-once` and
/// `fault-filtered` the test part is tested once, and the inner folds, which keep artists and copies together, are of the other two parts.
///
/// # Errors
/// Too few groups a class, within a fold too; under `fault-filtered`, nothing to test.
pub fn cross(data: &Data<'_>, candidates: &[Candidate], plan: &CrossPlan<'_>) -> Result<Crossed> {
    let selective = ASKED.map(|asked| Selective { asked, answered: 0, right: 0, folds_without: 0 }).to_vec();
    let mut this = Crossed { predictions: vec![], folds: vec![], chosen: vec![], fitted: vec![], selective };
    for (fold, Fold { test, train }) in outer(data, plan)?.into_iter().enumerate() {
        let purpose = format!("within fold {fold}");
        let chosen = choose(data, candidates, &CrossPlan { purpose: &purpose, ..*plan }, &train).with_context(|| {
            let (folds, more) = (plan.folds, plan.folds + 1);
            format!("choosing on {folds} folds of what is not tested: a fold is held out, so that two classes at least want {more} tracks or artists")
        })?;
        let logits = data.logits(&chosen.candidate, &chosen.classifier, &test)?;
        let classes = data.task.classes.len();
        let probabilities = tempered(&logits, classes, chosen.temperature);
        let labels = data.classes_of(&test);
        let answers: Vec<_> = probabilities.chunks_exact(classes).zip(labels).map(|(row, label)| most_probable(row, label)).collect();
        for of in &mut this.selective {
            // The thresholds are of folds within the training side: this fold's tracks have no part in them.
            let Some(step) = reaching(&chosen.steps, of.asked) else {
                of.folds_without += 1;
                continue;
            };
            let answered = answers.iter().filter(|(confidence, _)| *confidence >= step.confidence);
            of.answered += answered.clone().count() as u64;
            of.right += answered.filter(|(_, is_right)| *is_right).count() as u64;
        }
        for (row, probabilities) in test.iter().zip(probabilities.chunks_exact(classes)) {
            let track_id = data.table.tracks[*row].clone();
            let label = data.labels[*row].expect("rows of the task");
            this.predictions.push(Prediction {
                clip_id: ClipRef::new(&data.manifest.corpus, &track_id, 0).clip_id,
                track_id,
                task: data.task.task.clone(),
                true_label: data.task.classes[label].clone(),
                probabilities: probabilities.to_vec(),
            });
            this.folds.push(fold);
        }
        this.fitted.push(chosen.digest());
        this.chosen.push(chosen.candidate);
    }
    Ok(this)
}
