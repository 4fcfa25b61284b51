//! The training loop.

use burn::module::AutodiffModule;
use burn::optim::GradientsParams;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use segno_dataset::{DatasetError, EpochRow};
use segno_models::{Mode, Network, ops::TrainBackend};

use crate::batch::Source;
use crate::checkpoint::Progress;
use crate::clip::clip_to_norm;
use crate::evaluate::{Score, Tally, evaluate, loss, penalty};
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
    pub progress: Progress,
}

/// The generator of one purpose in one epoch: a stream of its own, so that no epoch depends on how the last one ran.
fn draws(seed: u64, epoch: u32, purpose: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2 * u64::from(epoch) + purpose);
    rng
}

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
            let (network, trained) = self.epoch(epoch, state.network, &mut state.optimiser, &mut |event| {
                if on_event(event) == Flow::Stop {
                    flow = Flow::Stop;
                }
            })?;
            state.network = network;
            let snapshot = state.network.valid();
            let valid = evaluate(&snapshot, self.valid, self.loss_weights, self.config.batch_size, self.device)?;
            if let Some(loss) = [trained.loss, valid.loss].into_iter().find(|loss| !loss.is_finite()) {
                if state.progress.epoch() == 0 {
                    return Err(TrainError::Diverged { epoch, loss });
                }
                state.progress.diverged = Some(epoch);
                return Ok(state);
            }
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

    /// One pass over the training part in a fresh order.
    fn epoch(
        &self,
        epoch: u32,
        mut network: Network<B>,
        optimiser: &mut Stepper<Network<B>, B>,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<(Network<B>, Score), DatasetError> {
        let total = self.train.examples.len();
        let mut order: Vec<usize> = (0..total).collect();
        order.shuffle(&mut draws(self.seed, epoch, 0));
        let mut dropout = draws(self.seed, epoch, 1);
        let mut tally = Tally::<B::InnerBackend>::new(self.loss_weights.len(), self.device);
        let mut done = 0;
        for batch in self.train.batches::<B>(&order, self.config.batch_size, self.device) {
            let batch = batch?;
            let clips = batch.features.dims()[0];
            let logits = network.forward(batch.features, &mut Mode::Train(&mut dropout));
            let mut loss = loss(&logits, &batch.labels, self.loss_weights);
            let answers = logits.into_iter().zip(batch.labels).map(|(logits, labels)| (logits.inner(), labels.inner()));
            tally.add(loss.clone().inner(), answers);
            if let Some(penalty) = self.config.l2.and_then(|l2| penalty(&network, l2)) {
                loss = loss + penalty;
            }
            let mut gradients = GradientsParams::from_grads(loss.backward(), &network);
            if let Some(norm) = self.config.max_gradient_norm {
                clip_to_norm(&network, &mut gradients, norm);
            }
            network = optimiser.step(self.config.optimiser.learning_rate(), network, gradients);
            done += clips;
            on_event(Event::Step { epoch, done, total });
        }
        Ok((network, tally.score()))
    }
}
