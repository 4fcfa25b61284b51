//! A whole convolution block on Flex, and its place in the autodiff graph.

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
use segno_kernels::{Block, BlockState, ConvSpec, Norm, Pool, Statistics, block_backward, block_forward, block_infer};

use super::{conv::shape, from_values, sizes};

fn forward(inputs: [FlexTensor; 5], spec: ConvSpec, epsilon: f64, pool: Pool) -> (FlexTensor, Statistics, BlockState) {
    let [x, weights, bias, gamma, beta] = inputs.map(|tensor| tensor.to_contiguous());
    let shape = shape(&x, &weights, spec);
    let norm = Norm { gamma: gamma.storage(), beta: beta.storage(), epsilon: epsilon as f32 };
    let Block { output, statistics, state } = block_forward(shape, x.storage(), weights.storage(), bias.storage(), norm, pool);
    let [height, width] = pool.output(shape.output());
    (from_values(output, [shape.batch, shape.filters, height, width]), statistics, state)
}

/// x, weights, bias, γ, β → normalised and pooled, and the batch's statistics.
pub fn run(inputs: [FlexTensor; 5], spec: ConvSpec, epsilon: f64, pool: Pool) -> (FlexTensor, Statistics) {
    let (output, statistics, _) = forward(inputs, spec, epsilon, pool);
    (output, statistics)
}

/// x, weights, bias, factors, summands → scaled, shifted and pooled.
pub fn infer(inputs: [FlexTensor; 5], spec: ConvSpec, pool: Pool) -> FlexTensor {
    let [x, weights, bias, scale, shift] = inputs.map(|tensor| tensor.to_contiguous());
    let shape = shape(&x, &weights, spec);
    let affine: Vec<[f32; 2]> = scale.storage::<f32>().iter().zip(shift.storage::<f32>()).map(|(&scale, &shift)| [scale, shift]).collect();
    let output = block_infer(shape, x.storage(), weights.storage(), bias.storage(), &affine, pool);
    let [height, width] = pool.output(shape.output());
    from_values(output, [shape.batch, shape.filters, height, width])
}

/// As [`run`], differentiable.
pub fn track<C: CheckpointStrategy>(
    inputs: [FloatTensor<Autodiff<Flex, C>>; 5],
    spec: ConvSpec,
    epsilon: f64,
    pool: Pool,
) -> (FloatTensor<Autodiff<Flex, C>>, Statistics) {
    let nodes = inputs.each_ref().map(|tensor| tensor.node.clone());
    match BlockStep.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(mut step) => {
            let kept = inputs.each_ref().map(|tensor| step.checkpoint(tensor));
            let (output, statistics, state) = forward(inputs.map(|tensor| tensor.into_primitive()), spec, epsilon, pool);
            (step.finish(Saved { inputs: kept, spec, epsilon: epsilon as f32, pool, state: Arc::new(state) }, output), statistics)
        }
        OpsKind::UnTracked(step) => {
            let (output, statistics) = run(inputs.map(|tensor| tensor.into_primitive()), spec, epsilon, pool);
            (step.finish(output), statistics)
        }
    }
}

/// What the backward pass finds again.
#[derive(Clone)]
struct Saved {
    inputs: [NodeId; 5],
    spec: ConvSpec,
    epsilon: f32,
    pool: Pool,
    state: Arc<BlockState>,
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "saved block {:?} {:?}", self.spec, self.pool)
    }
}

#[derive(Debug)]
struct BlockStep;

impl Backward<Flex, 5> for BlockStep {
    type State = Saved;

    fn backward(self, step: Step<Saved, 5>, gradients: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [x_node, weights_node, bias_node, gamma_node, beta_node] = step.parents;
        let gradient = gradients.consume::<Flex>(&step.node).to_contiguous();
        let Saved { inputs, spec, epsilon, pool, state } = step.state;
        let [x, weights, bias, gamma, beta] = inputs.map(|id| checkpointer.retrieve_node_output::<FlexTensor>(id).to_contiguous());
        let shape = shape(&x, &weights, spec);
        let norm = Norm { gamma: gamma.storage(), beta: beta.storage(), epsilon };
        let (input, filters, bias) = (x.storage(), weights.storage(), bias.storage());
        let result = block_backward(shape, input, filters, bias, norm, pool, &state, gradient.storage(), x_node.is_some());
        if let (Some(node), Some(gradient)) = (x_node, result.convolution.input) {
            gradients.register::<Flex>(node.id, from_values(gradient, sizes(&x)));
        }
        if let Some(node) = weights_node {
            gradients.register::<Flex>(node.id, from_values(result.convolution.weights, sizes(&weights)));
        }
        let vectors = [(bias_node, result.convolution.bias), (gamma_node, result.gamma), (beta_node, result.beta)];
        for (node, gradient) in vectors {
            if let Some(node) = node {
                gradients.register::<Flex>(node.id, from_values(gradient, [shape.filters]));
            }
        }
    }
}
