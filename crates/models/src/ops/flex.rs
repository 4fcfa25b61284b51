//! The operations on Flex, the CPU backend: kernels of `segno-kernels`, and their place in the autodiff graph.

use std::{fmt, sync::Arc};

use burn::backend::autodiff::{
    NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops as Step, OpsKind},
};
use burn::backend::{Autodiff, Flex};
use burn::tensor::{Tensor, TensorData, TensorPrimitive::Float, backend::Backend, ops::FloatTensor};
use burn_flex::FlexTensor;
use segno_kernels::{LstmShape, LstmState, lstm_backward, lstm_forward};

use super::Ops;

impl Ops for Flex {
    fn lstm(
        x: Tensor<Self, 3>,
        input_weights: Tensor<Self, 2>,
        hidden_weights: Tensor<Self, 2>,
        bias: Tensor<Self, 1>,
        with_cell: bool,
    ) -> Tensor<Self, 3> {
        let (shape, state) = forward(primitives(x, input_weights, hidden_weights, bias));
        Tensor::from_primitive(Float(output(shape, &state, with_cell)))
    }
}

impl<C: CheckpointStrategy> Ops for Autodiff<Flex, C> {
    fn lstm(
        x: Tensor<Self, 3>,
        input_weights: Tensor<Self, 2>,
        hidden_weights: Tensor<Self, 2>,
        bias: Tensor<Self, 1>,
        with_cell: bool,
    ) -> Tensor<Self, 3> {
        let inputs = primitives(x, input_weights, hidden_weights, bias);
        let nodes = inputs.each_ref().map(|tensor| tensor.node.clone());
        let result = match LstmStep.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut step) => {
                let [x, input_weights, hidden_weights, _] = &inputs;
                let kept = [x, input_weights, hidden_weights].map(|tensor| step.checkpoint(tensor));
                let (shape, state) = forward(inputs.map(|tensor| tensor.into_primitive()));
                let result = output(shape, &state, with_cell);
                step.finish(Saved { inputs: kept, shape, with_cell, state: Arc::new(state) }, result)
            }
            OpsKind::UnTracked(step) => {
                let (shape, state) = forward(inputs.map(|tensor| tensor.into_primitive()));
                step.finish(output(shape, &state, with_cell))
            }
        };
        Tensor::from_primitive(Float(result))
    }
}

/// The tensors of an LSTM layer below Burn's typed shell: x, input weights, hidden weights, bias.
fn primitives<B: Backend>(
    x: Tensor<B, 3>,
    input_weights: Tensor<B, 2>,
    hidden_weights: Tensor<B, 2>,
    bias: Tensor<B, 1>,
) -> [FloatTensor<B>; 4] {
    [
        x.into_primitive().tensor(),
        input_weights.into_primitive().tensor(),
        hidden_weights.into_primitive().tensor(),
        bias.into_primitive().tensor(),
    ]
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

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
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
