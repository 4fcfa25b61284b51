//! The forward pass of an LSTM layer.

use pulp::Arch;
use rayon::prelude::*;

use crate::{Mat, MatMut, Threads, matmul, sigmoid, tanh};

/// Sequences handled by one task: enough rows for the matrix product, few enough for several threads. It is
/// fixed, so that the result does not depend on the number of threads.
pub(crate) const CHUNK: usize = 64;

/// The sizes of an LSTM layer's input and state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LstmShape {
    /// Sequences in the batch, N.
    pub batch: usize,
    /// Steps of a sequence, T.
    pub steps: usize,
    /// Input size, D.
    pub input: usize,
    /// Cell size, H.
    pub hidden: usize,
}

impl LstmShape {
    /// The four gates of a step side by side: input, forget, output, block.
    pub(crate) fn gates(&self) -> usize {
        4 * self.hidden
    }

    pub(crate) fn check(&self, input: &[f32], input_weights: &[f32], hidden_weights: &[f32]) {
        let Self { batch, steps, input: inputs, hidden } = *self;
        assert!(batch * steps * inputs * hidden > 0, "an LSTM needs sequences, steps, inputs and cells, found {self:?}");
        assert_eq!(input.len(), batch * steps * inputs, "LSTM input for {self:?}");
        assert_eq!(input_weights.len(), inputs * 4 * hidden, "LSTM input weights for {self:?}");
        assert_eq!(hidden_weights.len(), hidden * 4 * hidden, "LSTM hidden weights for {self:?}");
    }
}

/// What the forward pass computed, and what the backward pass needs of it.
#[derive(Clone, Debug)]
pub struct LstmState {
    /// Hidden states h_t, [N, T, H].
    pub hidden: Vec<f32>,
    /// Cell states c_t, [N, T, H].
    pub cell: Vec<f32>,
    /// tanh c_t, [N, T, H].
    pub cell_tanh: Vec<f32>,
    /// Activated gates i, f, o, g, [N, T, 4H].
    pub gates: Vec<f32>,
}

/// Runs an LSTM layer over a batch of sequences, from zero states:
/// `i, f, o = sigmoid(…)`, `g = tanh(…)` of `x_t · W_x + h_{t-1} · W_h + b`; `c_t = f c_{t-1} + i g`; `h_t = o tanh c_t`.
///
/// # Shapes
/// `input` [N, T, D], `input_weights` [D, 4H], `hidden_weights` [H, 4H], `bias` `[4H]`; gates in the order i, f, o, g.
///
/// # Panics
/// When a slice's length differs from its shape.
///
/// # References
/// Irvin, Chartock, Hollander 2016, section 3.2.2.
pub fn lstm_forward(shape: LstmShape, input: &[f32], input_weights: &[f32], hidden_weights: &[f32], bias: &[f32]) -> LstmState {
    shape.check(input, input_weights, hidden_weights);
    assert_eq!(bias.len(), shape.gates(), "LSTM bias for {shape:?}");
    let LstmShape { batch, steps, input: inputs, hidden: size } = shape;
    let states = batch * steps * size;
    let mut state =
        LstmState { hidden: vec![0.0; states], cell: vec![0.0; states], cell_tanh: vec![0.0; states], gates: vec![0.0; 4 * states] };
    let chunk = CHUNK * steps * size;
    let arch = Arch::new();
    state
        .gates
        .par_chunks_mut(4 * chunk)
        .zip(state.hidden.par_chunks_mut(chunk))
        .zip(state.cell.par_chunks_mut(chunk))
        .zip(state.cell_tanh.par_chunks_mut(chunk))
        .zip(input.par_chunks(CHUNK * steps * inputs))
        .for_each(|((((gates, hidden), cell), cell_tanh), input)| {
            let rows = input.len() / (steps * inputs);
            for step in gates.chunks_exact_mut(4 * size) {
                step.copy_from_slice(bias);
            }
            // The input's share of every step in one product; the recurrence then adds its own, step by step.
            matmul(
                MatMut::rows(gates, rows * steps, 4 * size),
                true,
                Mat::rows(input, rows * steps, inputs),
                Mat::rows(input_weights, inputs, 4 * size),
                Threads::One,
            );
            for step in 0..steps {
                if step > 0 {
                    matmul(
                        MatMut::new(&mut gates[step * 4 * size..], [rows, 4 * size], [steps * 4 * size, 1]),
                        true,
                        Mat::new(&hidden[(step - 1) * size..], [rows, size], [steps * size, 1]),
                        Mat::rows(hidden_weights, size, 4 * size),
                        Threads::One,
                    );
                }
                arch.dispatch(Activate { step, rows, steps, gates, cell, cell_tanh, hidden });
            }
        });
    state
}

/// One step of a chunk of sequences. A struct, not a closure, so that pulp inlines it into code for the registers found.
struct Activate<'a> {
    step: usize,
    rows: usize,
    steps: usize,
    gates: &'a mut [f32],
    cell: &'a mut [f32],
    cell_tanh: &'a mut [f32],
    hidden: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let size = self.cell.len() / (self.rows * self.steps);
        for row in 0..self.rows {
            let at = row * self.steps + self.step;
            let (before, now) = self.cell.split_at_mut(at * size);
            let previous = (self.step > 0).then(|| &before[(at - 1) * size..]);
            activate(
                &mut self.gates[at * 4 * size..][..4 * size],
                previous,
                &mut now[..size],
                &mut self.cell_tanh[at * size..][..size],
                &mut self.hidden[at * size..][..size],
            );
        }
    }
}

/// One step of one sequence: activates the gates in place and updates cell and hidden state.
#[inline(always)]
fn activate(gates: &mut [f32], previous: Option<&[f32]>, cell: &mut [f32], cell_tanh: &mut [f32], hidden: &mut [f32]) {
    let size = cell.len();
    let (sigmoids, block) = gates.split_at_mut(3 * size);
    sigmoids.iter_mut().for_each(|gate| *gate = sigmoid(*gate));
    block.iter_mut().for_each(|gate| *gate = tanh(*gate));
    let (input, rest) = sigmoids.split_at(size);
    let (forget, output) = rest.split_at(size);
    match previous {
        Some(previous) => {
            for j in 0..size {
                cell[j] = forget[j] * previous[j] + input[j] * block[j];
            }
        }
        None => {
            for j in 0..size {
                cell[j] = input[j] * block[j];
            }
        }
    }
    for j in 0..size {
        cell_tanh[j] = tanh(cell[j]);
        hidden[j] = output[j] * cell_tanh[j];
    }
}
