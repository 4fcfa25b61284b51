//! The backward pass of an LSTM layer, through time.

use pulp::Arch;
use rayon::prelude::*;

use crate::{LstmShape, LstmState, Mat, MatMut, Threads, lstm::CHUNK, matmul};

/// The gradients of an LSTM layer.
#[derive(Clone, Debug)]
pub struct LstmGradients {
    /// [N, T, D]; `None` unless it was asked for.
    pub input: Option<Vec<f32>>,
    /// [D, 4H]
    pub input_weights: Vec<f32>,
    /// [H, 4H]
    pub hidden_weights: Vec<f32>,
    /// `[4H]`
    pub bias: Vec<f32>,
}

/// Back-propagates through an LSTM layer.
///
/// # Shapes
/// `input`, weights and `state` as for [`crate::lstm_forward`]; `hidden_gradient` [N, T, H];
/// `last_cell_gradient` [N, H] is the gradient of the cell state after the last step, if that was used.
/// The first layer of a network passes `input_wanted = false` and saves a product.
///
/// # Panics
/// When a slice's length differs from its shape.
#[allow(clippy::too_many_arguments)] // what a backward pass depends on; a struct would only rename it
pub fn lstm_backward(
    shape: LstmShape,
    input: &[f32],
    input_weights: &[f32],
    hidden_weights: &[f32],
    state: &LstmState,
    hidden_gradient: &[f32],
    last_cell_gradient: Option<&[f32]>,
    input_wanted: bool,
) -> LstmGradients {
    shape.check(input, input_weights, hidden_weights);
    let LstmShape { batch, steps, input: inputs, hidden: size } = shape;
    assert_eq!(hidden_gradient.len(), batch * steps * size, "gradient of the LSTM's hidden states for {shape:?}");
    if let Some(gradient) = last_cell_gradient {
        assert_eq!(gradient.len(), batch * size, "gradient of the LSTM's last cell states for {shape:?}");
    }

    let mut gates_gradient = vec![0.0; batch * steps * 4 * size];
    gates_gradient.par_chunks_mut(CHUNK * steps * 4 * size).enumerate().for_each(|(index, gates_gradient)| {
        let first = index * CHUNK;
        let rows = gates_gradient.len() / (steps * 4 * size);
        through_time(shape, hidden_weights, state, hidden_gradient, last_cell_gradient, first, rows, gates_gradient);
    });

    let all = batch * steps;
    let gates = Mat::rows(&gates_gradient, all, 4 * size);
    let mut gradients = LstmGradients {
        input: input_wanted.then(|| vec![0.0; all * inputs]),
        input_weights: vec![0.0; inputs * 4 * size],
        hidden_weights: vec![0.0; size * 4 * size],
        bias: vec![0.0; 4 * size],
    };
    if let Some(input_gradient) = &mut gradients.input {
        matmul(
            MatMut::rows(input_gradient, all, inputs),
            false,
            gates,
            Mat::rows(input_weights, inputs, 4 * size).transposed(),
            Threads::Pool,
        );
    }
    matmul(
        MatMut::rows(&mut gradients.input_weights, inputs, 4 * size),
        false,
        Mat::rows(input, all, inputs).transposed(),
        gates,
        Threads::Pool,
    );
    let previous = shifted(shape, &state.hidden);
    matmul(
        MatMut::rows(&mut gradients.hidden_weights, size, 4 * size),
        false,
        Mat::rows(&previous, all, size).transposed(),
        gates,
        Threads::Pool,
    );
    for step in gates_gradient.chunks_exact(4 * size) {
        gradients.bias.iter_mut().zip(step).for_each(|(sum, gradient)| *sum += gradient);
    }
    gradients
}

/// h_{t-1} at the place of h_t: zeros at each sequence's first step.
fn shifted(shape: LstmShape, hidden: &[f32]) -> Vec<f32> {
    let mut previous = vec![0.0; hidden.len()];
    let sequence = shape.steps * shape.hidden;
    previous.par_chunks_exact_mut(sequence).zip(hidden.par_chunks_exact(sequence)).for_each(|(previous, hidden)| {
        previous[shape.hidden..].copy_from_slice(&hidden[..sequence - shape.hidden]);
    });
    previous
}

/// Fills the gates' gradients of `rows` sequences from `first` on, last step first.
#[allow(clippy::too_many_arguments)]
fn through_time(
    shape: LstmShape,
    hidden_weights: &[f32],
    state: &LstmState,
    hidden_gradient: &[f32],
    last_cell_gradient: Option<&[f32]>,
    first: usize,
    rows: usize,
    gates_gradient: &mut [f32],
) {
    let LstmShape { steps, hidden: size, .. } = shape;
    let arch = Arch::new();
    let mut from_next = vec![0.0; rows * size];
    let mut cell_gradient = match last_cell_gradient {
        Some(gradient) => gradient[first * size..][..rows * size].to_vec(),
        None => vec![0.0; rows * size],
    };
    for step in (0..steps).rev() {
        arch.dispatch(StepBack {
            shape,
            step,
            first,
            rows,
            state,
            hidden_gradient,
            from_next: &from_next,
            cell_gradient: &mut cell_gradient,
            gates_gradient: &mut *gates_gradient,
        });
        if step > 0 {
            matmul(
                MatMut::rows(&mut from_next, rows, size),
                false,
                Mat::new(&gates_gradient[step * 4 * size..], [rows, 4 * size], [steps * 4 * size, 1]),
                Mat::rows(hidden_weights, size, 4 * size).transposed(),
                Threads::One,
            );
        }
    }
}

/// One step back of a chunk of sequences. A struct, not a closure, so that pulp inlines it into code for the registers found.
struct StepBack<'a> {
    shape: LstmShape,
    step: usize,
    first: usize,
    rows: usize,
    state: &'a LstmState,
    hidden_gradient: &'a [f32],
    from_next: &'a [f32],
    cell_gradient: &'a mut [f32],
    gates_gradient: &'a mut [f32],
}

impl pulp::NullaryFnOnce for StepBack<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (LstmShape { steps, hidden: size, .. }, step) = (self.shape, self.step);
        for row in 0..self.rows {
            let at = (self.first + row) * steps + step;
            gate_gradients(
                &self.state.gates[at * 4 * size..][..4 * size],
                &self.state.cell_tanh[at * size..][..size],
                (step > 0).then(|| &self.state.cell[(at - 1) * size..][..size]),
                &self.hidden_gradient[at * size..][..size],
                &self.from_next[row * size..][..size],
                &mut self.cell_gradient[row * size..][..size],
                &mut self.gates_gradient[(row * steps + step) * 4 * size..][..4 * size],
            );
        }
    }
}

/// One step of one sequence; `cell_gradient` goes in as that of c_t and comes out as that of c_{t-1}.
#[inline(always)]
fn gate_gradients(
    gates: &[f32],
    cell_tanh: &[f32],
    previous_cell: Option<&[f32]>,
    above: &[f32],
    from_next: &[f32],
    cell_gradient: &mut [f32],
    out: &mut [f32],
) {
    let size = cell_tanh.len();
    let (input, rest) = gates.split_at(size);
    let (forget, rest) = rest.split_at(size);
    let (output, block) = rest.split_at(size);
    let (out_input, rest) = out.split_at_mut(size);
    let (out_forget, rest) = rest.split_at_mut(size);
    let (out_output, out_block) = rest.split_at_mut(size);
    let (forget, output, block) = (&forget[..size], &output[..size], &block[..size]);
    let (above, from_next, cell_gradient) = (&above[..size], &from_next[..size], &mut cell_gradient[..size]);
    let (out_forget, out_output, out_block) = (&mut out_forget[..size], &mut out_output[..size], &mut out_block[..size]);
    for j in 0..size {
        let hidden = above[j] + from_next[j];
        let cell = cell_gradient[j] + hidden * output[j] * (1.0 - cell_tanh[j] * cell_tanh[j]);
        out_output[j] = hidden * cell_tanh[j] * output[j] * (1.0 - output[j]);
        out_input[j] = cell * block[j] * input[j] * (1.0 - input[j]);
        out_block[j] = cell * input[j] * (1.0 - block[j] * block[j]);
        out_forget[j] = cell * forget[j] * (1.0 - forget[j]);
        cell_gradient[j] = cell * forget[j];
    }
    match previous_cell {
        Some(previous) => out_forget.iter_mut().zip(previous).for_each(|(gradient, previous)| *gradient *= previous),
        None => out_forget.fill(0.0),
    }
}
