//! The training loop.

use burn::module::AutodiffModule;
use burn::optim::GradientsParams;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use segno_dataset::EpochRow;
use segno_models::{Mode, NamedTensor, Network, ops::TrainBackend, weights};

use crate::average::{averaged, follow};
use crate::batch::Source;
use crate::checkpoint::Progress;
use crate::clip::clip_to_norm;
use crate::evaluate::{Score, Tally, evaluate, loss, penalty};
use crate::halt::Halt;
use crate::optimiser::Stepper;
use crate::{TrainError, TrainingConfig};

/// What happened in training.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A step was made.
    Step {
        /// The epoch, from 1.
        epoch: u32,
        /// Clips of the epoch done.
        done: usize,
        /// Clips of an epoch.
        total: usize,
    },
    /// An epoch ended.
    Epoch {
        /// Its scores.
        row: EpochRow,
        /// Whether its parameters are the best so far.
        best: bool,
    },
    /// The loss is no number: training ends with the best epoch so far.
    Diverged {
        /// The epoch, from 1.
        epoch: u32,
        /// What the loss is: NaN or infinite.
        loss: f32,
        /// The clips of the batch that made it so.
        clips: Vec<String>,
    },
}

/// Whether to go on after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop after the epoch at hand, with its checkpoint written.
    Stop,
}

/// What the loop works on.
pub struct Fit<'a, B: TrainBackend> {
    pub config: &'a TrainingConfig,
    pub loss_weights: &'a [f64],
    pub seed: u64,
    pub train: Source<'a>,
    pub valid: Source<'a>,
    pub device: &'a B::Device,
}

/// A network in training.
pub struct State<B: TrainBackend> {
    pub network: Network<B>,
    pub best: Network<B::InnerBackend>,
    pub optimiser: Stepper<Network<B>, B>,
    /// Of the parameters over the steps made; empty before the first, and where none is asked for.
    pub average: Vec<NamedTensor>,
    pub progress: Progress,
}

/// What a run carries from step to step beside the network: the optimiser and the average.
type Memory<'a, B> = (&'a mut Stepper<Network<B>, B>, &'a mut Vec<NamedTensor>);

/// The generator of one purpose in one epoch: a stream of its own, so that no epoch depends on how the last one ran.
fn draws(seed: u64, epoch: u32, purpose: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2 * u64::from(epoch) + purpose);
    rng
}

/// The purpose of augmentation: beyond the streams of every epoch's order (0) and dropout (1).
const CHANGES: u64 = 1 << 40;

impl<B: TrainBackend> Fit<'_, B> {
    /// Trains until the patience or the epochs run out; `save` is called after every epoch.
    ///
    /// A loss that is no number ends it too, with the best epoch before; it is an error where there was none.
    pub fn run(
        &self,
        mut state: State<B>,
        save: &mut dyn FnMut(&State<B>) -> Result<(), TrainError>,
        on_event: &mut dyn FnMut(Event) -> Flow,
    ) -> Result<State<B>, TrainError> {
        while state.progress.ending(self.config).is_none() {
            let epoch = state.progress.epoch() + 1;
            let mut flow = Flow::Continue;
            let (network, trained) = self.epoch(epoch, state.network, (&mut state.optimiser, &mut state.average), &mut |event| {
                if on_event(event) == Flow::Stop {
                    flow = Flow::Stop;
                }
            });
            state.network = network;
            let snapshot = state.network.valid();
            let snapshot = if state.average.is_empty() { snapshot } else { averaged(snapshot, &state.average) };
            let scores = trained.and_then(|trained| {
                let valid = evaluate(&snapshot, self.valid, self.loss_weights, self.config.batch_size, self.device)?;
                Ok((trained, valid))
            });
            let (trained, valid) = match scores {
                Ok(scores) => scores,
                Err(Halt::Data(error)) => return Err(error.into()),
                Err(Halt::NoNumber { loss, clips }) if state.progress.epoch() == 0 => {
                    return Err(TrainError::Diverged { epoch, loss, clips });
                }
                Err(Halt::NoNumber { loss, clips }) => {
                    on_event(Event::Diverged { epoch, loss, clips });
                    state.progress.diverged = Some(epoch);
                    return Ok(state);
                }
            };
            let row = EpochRow {
                epoch,
                train_loss: trained.loss,
                train_accuracy: trained.accuracy,
                valid_loss: valid.loss,
                valid_accuracy: valid.accuracy,
            };
            let best = state.progress.record(row.clone(), self.config.select);
            if best {
                state.best = snapshot;
            }
            save(&state)?;
            if on_event(Event::Epoch { row, best }) == Flow::Stop {
                flow = Flow::Stop;
            }
            if flow == Flow::Stop && state.progress.ending(self.config).is_none() {
                return Err(TrainError::Stopped { epoch });
            }
        }
        Ok(state)
    }

    /// One pass over the training part in a fresh order: the network as far as it came, and its score.
    fn epoch(
        &self,
        epoch: u32,
        network: Network<B>,
        memory: Memory<'_, B>,
        on_event: &mut dyn FnMut(Event),
    ) -> (Network<B>, Result<Score, Halt>) {
        // A step takes the network and gives the next.
        let mut network = Some(network);
        let score = self.steps(epoch, &mut network, memory, on_event);
        (network.expect("put back after every step"), score)
    }

    fn steps(
        &self,
        epoch: u32,
        place: &mut Option<Network<B>>,
        memory: Memory<'_, B>,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Score, Halt> {
        let (optimiser, average) = memory;
        let total = self.train.examples.len();
        let mut order: Vec<usize> = (0..total).collect();
        order.shuffle(&mut draws(self.seed, epoch, 0));
        let mut dropout = draws(self.seed, epoch, 1);
        let mut changes = draws(self.seed, epoch, CHANGES);
        let change = |clips: &mut [f32]| {
            let augment = self.config.augment.as_ref()?;
            augment.apply(clips, self.train.examples.shape, &mut changes)
        };
        let mut tally = Tally::<B::InnerBackend>::new(self.train, self.device);
        let mut done = 0;
        for batch in self.train.changed_batches::<B>(&order, self.config.batch_size, self.device, change) {
            let batch = batch?;
            let network = place.take().expect("put back after every step");
            let logits = network.forward(batch.features, &mut Mode::Train(&mut dropout));
            let loss_of = |labels: &[_]| loss(&logits, labels, self.loss_weights, self.config.label_smoothing);
            let mut loss = match &batch.mixed {
                None => loss_of(&batch.labels),
                Some((partners, share)) => loss_of(&batch.labels).mul_scalar(*share) + loss_of(partners).mul_scalar(1.0 - share),
            };
            let answers = logits.into_iter().zip(batch.labels).map(|(logits, labels)| (logits.inner(), labels.inner()));
            let told = tally.add(batch.clips, loss.clone().inner(), answers);
            if let Some(penalty) = self.config.l2.and_then(|l2| penalty(&network, l2)) {
                loss = loss + penalty;
            }
            let mut gradients = GradientsParams::from_grads(loss.backward(), &network);
            if let Some(norm) = self.config.max_gradient_norm {
                clip_to_norm(&network, &mut gradients, norm);
            }
            done += batch.clips.len();
            let epochs = f64::from(epoch - 1) + done as f64 / total as f64;
            let rate = self.config.optimiser.learning_rate() * self.config.schedule.factor(epochs, self.config.max_epochs);
            let network = optimiser.step(rate, network, gradients);
            if let Some(decay) = self.config.average {
                let steps = total.div_ceil(self.config.batch_size);
                follow(average, weights(&network), decay, (epoch as usize - 1) * steps + done.div_ceil(self.config.batch_size));
            }
            *place = Some(network);
            told?;
            on_event(Event::Step { epoch, done, total });
        }
        tally.score()
    }
}
