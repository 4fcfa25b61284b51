//! Choosing among candidates on folds within the tracks that may be fitted on, and calibrating the one chosen.

use anyhow::{Result, ensure};
use burn::backend::Flex;
use rayon::prelude::*;
use segno_dataset::{CrossFolds, CrossPlan, Digest, Duplicates, Manifest, digest_bytes};
use segno_models::{Classifier, Normaliser, Rows, Step, TaskClasses, tempered, threshold::steps};

use super::{Candidate, Table, temperature::best_temperature};

/// One task over a table's rows.
pub struct Data<'a> {
    /// The rows.
    pub table: &'a Table,
    /// The corpus.
    pub manifest: &'a Manifest,
    /// Pairs to keep together.
    pub near: Option<&'a Duplicates>,
    /// Task and classes.
    pub task: TaskClasses,
    /// Class of each of the table's tracks; none for one that is not of the task.
    pub labels: Vec<Option<usize>>,
}

/// A candidate, fitted on all the rows it was chosen on.
pub struct Chosen {
    /// The candidate.
    pub candidate: Candidate,
    /// Divides its logits.
    pub temperature: f64,
    /// What its confidence was worth on the folds that it was chosen on.
    pub steps: Vec<Step>,
    /// The fit.
    pub classifier: Classifier,
}

impl Chosen {
    /// Digest of what it is and of its parameters.
    pub fn digest(&self) -> Digest {
        let mut bytes = format!("{:?} {}", self.candidate, self.temperature).into_bytes();
        let Normaliser { mean, deviation } = &self.classifier.normaliser;
        let values = self.classifier.weights.iter().flat_map(|tensor| &tensor.values).chain(mean).chain(deviation);
        bytes.extend(values.flat_map(|value| value.to_le_bytes()));
        digest_bytes(&bytes)
    }
}

impl Data<'_> {
    /// The inputs of a candidate for some rows, side by side.
    pub fn rows(&self, candidate: &Candidate, rows: &[usize]) -> (Vec<f32>, usize) {
        self.beside(&candidate.inputs, rows)
    }

    /// Inputs for some rows, side by side.
    pub fn beside(&self, inputs: &[usize], rows: &[usize]) -> (Vec<f32>, usize) {
        let width = inputs.iter().map(|input| self.table.widths[*input]).sum();
        let mut values = Vec::with_capacity(rows.len() * width);
        for row in rows {
            for input in inputs {
                let width = self.table.widths[*input];
                values.extend_from_slice(&self.table.values[*input][row * width..][..width]);
            }
        }
        (values, width)
    }

    /// Class of each of some rows, all of them of the task.
    pub fn classes_of(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().map(|row| self.labels[*row].expect("rows of the task")).collect()
    }

    fn fit(&self, candidate: &Candidate, rows: &[usize]) -> Classifier {
        let (values, width) = self.rows(candidate, rows);
        Classifier::fit(&candidate.model, Rows { values: &values, width }, &self.classes_of(rows), self.task.classes.len())
    }

    /// Logits of rows, `[rows, classes]`.
    ///
    /// # Errors
    /// The parameters are not the model's.
    pub fn logits(&self, candidate: &Candidate, classifier: &Classifier, rows: &[usize]) -> Result<Vec<f32>> {
        let (values, width) = self.rows(candidate, rows);
        Ok(classifier.logits::<Flex>(&candidate.model, &self.task, Rows { values: &values, width }, &Default::default())?)
    }
}

/// Tries every candidate on folds of the rows, takes the one with the smallest log loss at its best temperature (the first among
/// equals), and fits it on all of them.
///
/// # Errors
/// The rows cannot be folded: too few groups a class.
pub fn choose(data: &Data<'_>, candidates: &[Candidate], plan: &CrossPlan<'_>, rows: &[usize]) -> Result<Chosen> {
    let names: Vec<&str> = rows.iter().map(|row| data.table.tracks[*row].as_str()).collect();
    let folds = CrossFolds::draw(plan, data.near, data.manifest, &names)?;
    let fold_of: Vec<Option<usize>> = names.iter().map(|name| folds.fold_of.get(*name).copied()).collect();
    let n_classes = data.task.classes.len();
    let tried = candidates.par_iter().map(|candidate| -> Result<Tried> {
        let (mut logits, mut labels) = (vec![], vec![]);
        for fold in 0..plan.folds {
            let of = |tested: bool| -> Vec<usize> {
                let wanted = rows.iter().zip(&fold_of).filter(|(_, of)| of.is_some_and(|of| (of == fold) == tested));
                wanted.map(|(row, _)| *row).collect()
            };
            let (train, test) = (of(false), of(true));
            if test.is_empty() || train.is_empty() {
                continue;
            }
            logits.extend(data.logits(candidate, &data.fit(candidate, &train), &test)?);
            labels.extend(data.classes_of(&test));
        }
        ensure!(!labels.is_empty(), "no track to choose on");
        let (temperature, loss) = best_temperature(&logits, &labels, n_classes);
        Ok(Tried { temperature, loss, logits, labels })
    });
    let tried = tried.collect::<Result<Vec<_>>>()?;
    let by_loss = |a: &(&Candidate, Tried), b: &(&Candidate, Tried)| a.1.loss.total_cmp(&b.1.loss);
    let (candidate, best) = candidates.iter().zip(tried).min_by(by_loss).expect("there are candidates");
    let answers: Vec<(f32, bool)> = tempered(&best.logits, n_classes, best.temperature)
        .chunks_exact(n_classes)
        .zip(&best.labels)
        .map(|(probabilities, label)| most_probable(probabilities, *label))
        .collect();
    let classifier = data.fit(candidate, rows);
    Ok(Chosen { candidate: candidate.clone(), temperature: best.temperature, steps: steps(&answers), classifier })
}

/// What came of a candidate on the folds: logits and labels of every row that was tested.
struct Tried {
    temperature: f64,
    loss: f64,
    logits: Vec<f32>,
    labels: Vec<usize>,
}

/// The highest probability, and whether it is the label's; the first of equals is the answer.
pub(super) fn most_probable(probabilities: &[f32], label: usize) -> (f32, bool) {
    let best = (0..probabilities.len()).rev().max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b])).expect("a class at least");
    (probabilities[best], best == label)
}
