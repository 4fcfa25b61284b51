//! The LSTM on Flex, and its place in the autodiff graph.

use std::{fmt, sync::Arc};

use burn::backend::autodiff::{
    NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops as Step, OpsKind},
};
use burn::backend::{Autodiff, Flex};
use burn::tensor::ops::FloatTensor;
use burn_flex::FlexTensor;
use segno_kernels::{LstmShape, LstmState, lstm_backward, lstm_forward};

use super::from_values as tensor;

/// x, input weights, hidden weights, bias → hidden states.
pub fn run(inputs: [FlexTensor; 4], with_cell: bool) -> FlexTensor {
    let (shape, state) = forward(inputs);
    output(shape, &state, with_cell)
}

/// The same, differentiable.
pub fn track<C: CheckpointStrategy>(inputs: [FloatTensor<Autodiff<Flex, C>>; 4], with_cell: bool) -> FloatTensor<Autodiff<Flex, C>> {
    let nodes = inputs.each_ref().map(|tensor| tensor.node.clone());
    match LstmStep.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(mut step) => {
            let [x, input_weights, hidden_weights, _] = &inputs;
            let kept = [x, input_weights, hidden_weights].map(|tensor| step.checkpoint(tensor));
            let (shape, state) = forward(inputs.map(|tensor| tensor.into_primitive()));
            let result = output(shape, &state, with_cell);
            step.finish(Saved { inputs: kept, shape, with_cell, state: Arc::new(state) }, result)
        }
        OpsKind::UnTracked(step) => step.finish(run(inputs.map(|tensor| tensor.into_primitive()), with_cell)),
    }
}

/// What the backward pass finds again.
#[derive(Clone)]
struct Saved {
    inputs: [NodeId; 3],
    shape: LstmShape,
    with_cell: bool,
    state: Arc<LstmState>,
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "saved LSTM {:?}", self.shape)
    }
}

#[derive(Debug)]
struct LstmStep;

impl Backward<Flex, 4> for LstmStep {
    type State = Saved;

    fn backward(self, step: Step<Saved, 4>, gradients: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [x_node, input_node, hidden_node, bias_node] = step.parents;
        let gradient = gradients.consume::<Flex>(&step.node).to_contiguous();
        let Saved { inputs, shape, with_cell, state } = step.state;
        let [x, input_weights, hidden_weights] = inputs.map(|id| checkpointer.retrieve_node_output::<FlexTensor>(id).to_contiguous());
        let (hidden, cell) = if with_cell { split_cell(shape, gradient.storage()) } else { (gradient.storage::<f32>().to_vec(), None) };
        let LstmShape { batch, steps, input, hidden: size } = shape;
        let result = lstm_backward(
            shape,
            x.storage(),
            input_weights.storage(),
            hidden_weights.storage(),
            &state,
            &hidden,
            cell.as_deref(),
            x_node.is_some(),
        );
        if let (Some(node), Some(gradient)) = (x_node, result.input) {
            gradients.register::<Flex>(node.id, tensor(gradient, [batch, steps, input]));
        }
        if let Some(node) = input_node {
            gradients.register::<Flex>(node.id, tensor(result.input_weights, [input, 4 * size]));
        }
        if let Some(node) = hidden_node {
            gradients.register::<Flex>(node.id, tensor(result.hidden_weights, [size, 4 * size]));
        }
        if let Some(node) = bias_node {
            gradients.register::<Flex>(node.id, tensor(result.bias, [4 * size]));
        }
    }
}

fn forward(inputs: [FlexTensor; 4]) -> (LstmShape, LstmState) {
    let [x, input_weights, hidden_weights, bias] = inputs.map(|tensor| tensor.to_contiguous());
    let [dims, weights] = [&x, &hidden_weights].map(|tensor| tensor.layout().shape().clone());
    let shape = LstmShape { batch: dims[0], steps: dims[1], input: dims[2], hidden: weights[0] };
    (shape, lstm_forward(shape, x.storage(), input_weights.storage(), hidden_weights.storage(), bias.storage()))
}

/// Hidden states, followed by the last cell state if it is wanted.
fn output(shape: LstmShape, state: &LstmState, with_cell: bool) -> FlexTensor {
    let LstmShape { batch, steps, hidden: size, .. } = shape;
    if !with_cell {
        return tensor(state.hidden.clone(), [batch, steps, size]);
    }
    let sequence = steps * size;
    let mut values = Vec::with_capacity(batch * (sequence + size));
    for (hidden, cell) in state.hidden.chunks_exact(sequence).zip(state.cell.chunks_exact(sequence)) {
        values.extend_from_slice(hidden);
        values.extend_from_slice(&cell[sequence - size..]);
    }
    tensor(values, [batch, steps + 1, size])
}

/// Takes a gradient of [`output`] with the cell state apart again.
fn split_cell(shape: LstmShape, gradient: &[f32]) -> (Vec<f32>, Option<Vec<f32>>) {
    let sequence = shape.steps * shape.hidden;
    let (mut hidden, mut cell) = (Vec::with_capacity(shape.batch * sequence), Vec::with_capacity(shape.batch * shape.hidden));
    for row in gradient.chunks_exact(sequence + shape.hidden) {
        hidden.extend_from_slice(&row[..sequence]);
        cell.extend_from_slice(&row[sequence..]);
    }
    (hidden, Some(cell))
}
