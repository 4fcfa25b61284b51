//! A head: a small classifier over what pre-trained networks or summaries make of whole tracks; its file.

use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::{
    Backbone, Familiar, Familiarity, Mode, ModelConfig, ModelError, NamedTensor, Network, Normaliser, Signature, Standardise, Step,
    TaskClasses, TensorFile,
    classical::{self, Task},
    ops::Ops,
};

/// One of the things that a head listens to; its numbers come one after the other in the order of the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadInput {
    /// What a person calls it.
    pub name: String,
    /// The specification of embedding or features, as the program writes it.
    pub specification: serde_json::Value,
    /// SHA-256 of the backbone's model file, where it is of one.
    pub backbone: Option<String>,
    /// Numbers of a track.
    pub width: usize,
}

/// How right a head is on tracks that it was not fitted on, by folds of the same corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Tracks that were tested, once each.
    pub tracks: u64,
    /// The share answered rightly, over all folds; the mean of seeds.
    pub accuracy: f64,
    /// Its 95 % interval over tracks (of the first seed).
    pub interval: Option<[f64; 2]>,
    /// Expected calibration error (of the first seed).
    pub calibration_error: Option<f64>,
    /// Labels that were left out of the test for want of groups, and so out of the head.
    pub left_out: Vec<String>,
    /// What thresholds chosen within the other folds came to, for some precisions that may be asked for (of the first seed).
    pub selective: Vec<Selective>,
}

/// What asking for a precision comes to on tracks on which no threshold was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selective {
    /// The precision that is asked for.
    pub asked: f64,
    /// Tracks, of all that were tested, that got an answer.
    pub answered: u64,
    /// How many of the answers are right.
    pub right: u64,
    /// Folds in which no threshold promised it, so that nothing was answered.
    pub folds_without: usize,
}

/// One task of a head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadTask {
    /// Task and classes.
    pub task: TaskClasses,
    /// Which of the card's inputs it reads.
    pub inputs: Vec<usize>,
    /// The classifier.
    pub model: ModelConfig,
    /// Divides its logits: above 1 where it was too sure of itself.
    pub temperature: f64,
    /// From confidence to precision, on folds within the tracks that it was fitted on: any precision may be asked for.
    pub steps: Vec<Step>,
    /// What to expect of it.
    pub measured: Measured,
}

/// What a head is and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadCard {
    /// Version of this layout: 2.
    pub schema: u32,
    /// What it listens to.
    pub inputs: Vec<HeadInput>,
    /// What it says.
    pub tasks: Vec<HeadTask>,
    /// Version of the extractor of its inputs.
    pub extractor_version: String,
    /// Version of the decoder of its inputs.
    pub decoder_version: String,
    /// The corpus it was fitted on.
    pub corpus: String,
    /// Digest of that corpus's manifest.
    pub corpus_digest: String,
    /// What was kept on one side of a fold, `track` or `artist`; or `fault-filtered`, measured on a public test part.
    pub protocol: String,
    /// Folds of the measurement, and of those within them; of a public split, those within its train and valid parts.
    pub folds: usize,
    /// Seeds of the folds.
    pub seeds: Vec<u64>,
    /// What is far from all that it was fitted on.
    pub familiarity: Familiarity,
}

/// A fitted classifier: standardisation and parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    /// Fitted on the rows it was trained on.
    pub normaliser: Normaliser,
    /// Its parameters.
    pub weights: Vec<NamedTensor>,
}

/// A head as it lies on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// What it is.
    pub card: HeadCard,
    /// A classifier a task.
    pub classifiers: Vec<Classifier>,
    /// The tracks that it was fitted on.
    pub familiar: Familiar,
    /// The backbones, where they came along: one for each digest of the inputs.
    pub backbones: Vec<Backbone>,
}

/// What a classifier is fitted to and asked about.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// `[n, width]`, row-major.
    pub values: &'a [f32],
    /// Numbers of a row.
    pub width: usize,
}

impl Classifier {
    /// Standardises the rows, column by column, and fits a classifier that has no epochs.
    ///
    /// # Panics
    /// When the model has epochs, or the rows are not as many as the labels.
    pub fn fit(model: &ModelConfig, rows: Rows<'_>, labels: &[usize], classes: usize) -> Self {
        let Ok(normaliser) = Normaliser::fit::<std::convert::Infallible>(Standardise::PerBin, rows.width, |piece| {
            piece(rows.values);
            Ok(())
        });
        let mut values = rows.values.to_vec();
        normaliser.apply(&mut values);
        let fitted = classical::fit(model, &values, &[Task { labels, classes }]).expect("a head has no epochs");
        Self { normaliser, weights: fitted.weights }
    }

    /// # Shapes
    /// `rows` [n, width] → `[n, classes]`, row-major: logits, not yet divided by a temperature
    ///
    /// # Errors
    /// [`ModelError`] when the parameters are not the model's.
    pub fn logits<B: Ops>(
        &self,
        model: &ModelConfig,
        task: &TaskClasses,
        rows: Rows<'_>,
        device: &B::Device,
    ) -> Result<Vec<f32>, ModelError> {
        let network = self.network::<B>(model, task, rows.width, device)?;
        let mut values = rows.values.to_vec();
        self.normaliser.apply(&mut values);
        let n = values.len() / rows.width;
        let x = Tensor::<B, 3>::from_data(TensorData::new(values, [n, 1, rows.width]), device);
        let [logits] = <[_; 1]>::try_from(network.forward(x, &mut Mode::Infer)).expect("one task, one head");
        Ok(logits.into_data().convert::<f32>().to_vec().expect("converted to f32"))
    }

    fn network<B: Ops>(&self, model: &ModelConfig, task: &TaskClasses, width: usize, device: &B::Device) -> Result<Network<B>, ModelError> {
        let signature = Signature { input: [1, width], tasks: vec![task.clone()] };
        model.load(&signature, self.weights.clone(), device)
    }
}

/// Softmax of logits over a temperature.
///
/// # Shapes
/// `[n, classes]` → `[n, classes]`, row-major
pub fn tempered(logits: &[f32], classes: usize, temperature: f64) -> Vec<f32> {
    let mut out = Vec::with_capacity(logits.len());
    for row in logits.chunks_exact(classes) {
        let scaled: Vec<f64> = row.iter().map(|logit| f64::from(*logit) / temperature).collect();
        let largest = scaled.iter().fold(f64::NEG_INFINITY, |largest, value| largest.max(*value));
        let powers: Vec<f64> = scaled.iter().map(|value| (value - largest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        out.extend(powers.into_iter().map(|power| (power / sum) as f32));
    }
    out
}

/// The version of the card's layout.
const SCHEMA: u32 = 2;
/// The tensors of [`Familiar`].
const FAMILIAR: &str = "familiar.";

/// The tracks that the head was fitted on, if they are those of the card.
fn familiar(card: &HeadCard, tensors: Vec<NamedTensor>) -> Result<Familiar, String> {
    let widths = card.inputs.iter().try_fold(0_usize, |sum, input| sum.checked_add(input.width));
    let width = widths.filter(|width| *width > 0).ok_or("its inputs have no width, or are wider than memory")?;
    let of = |name: &str| tensors.iter().find(|tensor| tensor.name == name).map(|tensor| tensor.values.clone());
    let parts = (tensors.len() == 3).then(|| Some((of("mean")?, of("deviation")?, of("rows")?))).flatten();
    let (mean, deviation, rows) = parts.ok_or("the tracks that it was fitted on are not with it")?;
    let (tracks, limit) = (card.familiarity.tracks, card.familiarity.limit);
    if mean.len() != width || deviation.len() != width || tracks == 0 || Some(rows.len()) != tracks.checked_mul(width) {
        return Err(format!("the tracks that it was fitted on are not {tracks} of {width} numbers"));
    }
    if !(limit > 0.0 && limit.is_finite()) || card.familiarity.neighbours != Familiar::NEIGHBOURS {
        return Err(format!("its limit is {limit} over {} neighbours", card.familiarity.neighbours));
    }
    Ok(Familiar { normaliser: Normaliser { mean, deviation }, rows })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    head: HeadCard,
    /// The documents of the backbones that came along.
    #[serde(default)]
    backbones: Vec<String>,
}

impl Head {
    /// Probabilities of a task for tracks of which all inputs are given.
    ///
    /// # Shapes
    /// `inputs`, in the order of the card: `[n, width]` each, row-major → `[n, classes]`
    ///
    /// # Errors
    /// As [`Classifier::logits`].
    pub fn probabilities<B: Ops>(&self, task: usize, inputs: &[&[f32]], device: &B::Device) -> Result<Vec<f32>, ModelError> {
        let HeadTask { task: names, inputs: read, model, temperature, .. } = &self.card.tasks[task];
        let (values, width) = self.beside(read, inputs);
        let rows = Rows { values: &values, width };
        let logits = self.classifiers[task].logits::<B>(model, names, rows, device)?;
        Ok(tempered(&logits, names.classes.len(), *temperature))
    }

    /// How far tracks are from those that the head was fitted on; above the card's limit they are none of its classes.
    ///
    /// # Shapes
    /// `inputs`, all of the card's and in its order: `[n, width]` each, row-major → `[n]`
    pub fn distances(&self, inputs: &[&[f32]]) -> Vec<f32> {
        let all: Vec<usize> = (0..inputs.len()).collect();
        let (values, width) = self.beside(&all, inputs);
        self.familiar.distances(Rows { values: &values, width })
    }

    /// Rows of some of the inputs side by side, and their width.
    fn beside(&self, read: &[usize], inputs: &[&[f32]]) -> (Vec<f32>, usize) {
        let widths: Vec<usize> = read.iter().map(|input| self.card.inputs[*input].width).collect();
        let width = widths.iter().sum();
        let n = inputs[read[0]].len() / widths[0];
        let mut values = Vec::with_capacity(n * width);
        for row in 0..n {
            for (input, width) in read.iter().zip(&widths) {
                values.extend_from_slice(&inputs[*input][row * width..][..*width]);
            }
        }
        (values, width)
    }

    pub(crate) fn to_tensors(&self) -> TensorFile {
        let mut tensors = vec![];
        for (task, classifier) in self.classifiers.iter().enumerate() {
            let named = |name: &str, values: &[f32]| NamedTensor {
                name: format!("task.{task}.{name}"),
                shape: vec![values.len()],
                values: values.to_vec(),
            };
            tensors.push(named("normaliser.mean", &classifier.normaliser.mean));
            tensors.push(named("normaliser.deviation", &classifier.normaliser.deviation));
            let weights = classifier.weights.iter();
            tensors.extend(weights.map(|tensor| NamedTensor { name: format!("task.{task}.network.{}", tensor.name), ..tensor.clone() }));
        }
        let Familiar { normaliser, rows } = &self.familiar;
        let named = |name: &str, values: &[f32], shape: Vec<usize>| NamedTensor {
            name: format!("{FAMILIAR}{name}"),
            shape,
            values: values.to_vec(),
        };
        let width = normaliser.mean.len();
        tensors.push(named("mean", &normaliser.mean, vec![width]));
        tensors.push(named("deviation", &normaliser.deviation, vec![width]));
        tensors.push(named("rows", rows, vec![rows.len() / width.max(1), width]));
        let mut documents = vec![];
        for (index, backbone) in self.backbones.iter().enumerate() {
            let file = backbone.to_tensors();
            documents.push(file.document);
            tensors
                .extend(file.tensors.into_iter().map(|tensor| NamedTensor { name: format!("backbone.{index}.{}", tensor.name), ..tensor }));
        }
        let document = Document { head: self.card.clone(), backbones: documents };
        TensorFile { document: serde_json::to_string(&document).expect("a document has string keys only"), tensors, bytes: vec![] }
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        self.to_tensors().write(path)
    }

    /// Reads a head.
    ///
    /// # Errors
    /// [`ModelError::Io`] when it cannot be read, [`ModelError::Foreign`] when it is none.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        Self::from_tensors(TensorFile::read(path)?).map_err(|reason| ModelError::Foreign { path: path.to_owned(), reason })
    }

    pub(crate) fn from_tensors(file: TensorFile) -> Result<Self, String> {
        // The version first: a card of another has other keys.
        let document: serde_json::Value = serde_json::from_str(&file.document).map_err(|error| error.to_string())?;
        let schema = &document["head"]["schema"];
        if schema != SCHEMA {
            return Err(format!(
                "its schema is {schema}, this program reads {SCHEMA}, which has thresholds and distances: train it again with `segno head train`"
            ));
        }
        let Document { head: card, backbones: documents } = serde_json::from_value(document).map_err(|error| error.to_string())?;
        let mut rest = file.tensors;
        let mut take = |prefix: &str| -> Vec<NamedTensor> {
            let (ours, others) = std::mem::take(&mut rest).into_iter().partition(|tensor| tensor.name.starts_with(prefix));
            rest = others;
            let ours: Vec<NamedTensor> = ours;
            ours.into_iter().map(|tensor| NamedTensor { name: tensor.name[prefix.len()..].to_owned(), ..tensor }).collect()
        };
        let mut classifiers = vec![];
        for (index, task) in card.tasks.iter().enumerate() {
            if task.inputs.is_empty() || task.task.classes.is_empty() {
                return Err(format!("{} has no inputs or no classes", task.task.task));
            }
            let mut width: usize = 0;
            for input in &task.inputs {
                let input = card.inputs.get(*input).filter(|input| input.width > 0).ok_or("a task reads an input that there is not")?;
                width = width.checked_add(input.width).ok_or("its inputs are wider than memory")?;
            }
            if !(task.temperature > 0.0 && task.temperature.is_finite()) {
                return Err(format!("the temperature of {} is {}", task.task.task, task.temperature));
            }
            let weights = take(&format!("task.{index}.network."));
            let mut part = |name: &str| {
                let [tensor] = <[NamedTensor; 1]>::try_from(take(&format!("task.{index}.normaliser.{name}"))).ok()?;
                (tensor.values.len() == width).then_some(tensor.values)
            };
            let (mean, deviation) = (part("mean"), part("deviation"));
            let normaliser = Normaliser {
                mean: mean.ok_or("its normaliser does not fit its inputs")?,
                deviation: deviation.ok_or("its normaliser does not fit its inputs")?,
            };
            classifiers.push(Classifier { normaliser, weights });
        }
        let familiar = familiar(&card, take(FAMILIAR))?;
        let mut backbones = vec![];
        for (index, document) in documents.into_iter().enumerate() {
            let tensors = take(&format!("backbone.{index}."));
            backbones.push(Backbone::from_tensors(TensorFile { document, tensors, bytes: vec![] })?);
        }
        match rest.first() {
            Some(left_over) => Err(format!("tensor {} is unknown", left_over.name)),
            None => Ok(Self { card, classifiers, familiar, backbones }),
        }
    }

    /// SHA-256 of the file's contents, in hexadecimal.
    pub fn digest(&self) -> String {
        self.to_tensors().digest()
    }
}
