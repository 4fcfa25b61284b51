//! Batch normalisation with pooling on Flex, and its place in the autodiff graph.

use std::sync::Arc;

use burn::backend::autodiff::{
    NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops as Step, OpsKind},
};
use burn::backend::{Autodiff, Flex};
use burn::tensor::ops::FloatTensor;
use burn_flex::FlexTensor;
use segno_kernels::{Norm, NormPool, Pool, Statistics, norm_pool_backward, norm_pool_forward};

use super::{from_values, sizes};

fn forward(inputs: [FlexTensor; 3], epsilon: f64, pool: Pool) -> (FlexTensor, Statistics, Vec<u8>) {
    let [x, gamma, beta] = inputs.map(|tensor| tensor.to_contiguous());
    let [batch, channels, height, width] = sizes(&x);
    let norm = Norm { gamma: gamma.storage(), beta: beta.storage(), epsilon: epsilon as f32 };
    let NormPool { output, statistics, largest } = norm_pool_forward(x.storage(), [height, width], norm, pool);
    let [rows, columns] = pool.output([height, width]);
    (from_values(output, [batch, channels, rows, columns]), statistics, largest)
}

/// x, γ, β → normalised and pooled, and the batch's statistics.
pub fn run(inputs: [FlexTensor; 3], epsilon: f64, pool: Pool) -> (FlexTensor, Statistics) {
    let (output, statistics, _) = forward(inputs, epsilon, pool);
    (output, statistics)
}

/// The same, differentiable.
pub fn track<C: CheckpointStrategy>(
    inputs: [FloatTensor<Autodiff<Flex, C>>; 3],
    epsilon: f64,
    pool: Pool,
) -> (FloatTensor<Autodiff<Flex, C>>, Statistics) {
    let nodes = inputs.each_ref().map(|tensor| tensor.node.clone());
    match NormPoolStep.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(mut step) => {
            let [x, gamma, _] = &inputs;
            let kept = [x, gamma].map(|tensor| step.checkpoint(tensor));
            let (output, statistics, largest) = forward(inputs.map(|tensor| tensor.into_primitive()), epsilon, pool);
            let saved = Saved { inputs: kept, epsilon: epsilon as f32, pool, statistics: statistics.clone(), largest: largest.into() };
            (step.finish(saved, output), statistics)
        }
        OpsKind::UnTracked(step) => {
            let (output, statistics) = run(inputs.map(|tensor| tensor.into_primitive()), epsilon, pool);
            (step.finish(output), statistics)
        }
    }
}

/// What the backward pass finds again.
#[derive(Clone, Debug)]
struct Saved {
    inputs: [NodeId; 2],
    epsilon: f32,
    pool: Pool,
    statistics: Statistics,
    largest: Arc<[u8]>,
}

#[derive(Debug)]
struct NormPoolStep;

impl Backward<Flex, 3> for NormPoolStep {
    type State = Saved;

    fn backward(self, step: Step<Saved, 3>, gradients: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [x_node, gamma_node, beta_node] = step.parents;
        let gradient = gradients.consume::<Flex>(&step.node).to_contiguous();
        let Saved { inputs, epsilon, pool, statistics, largest } = step.state;
        let [x, gamma] = inputs.map(|id| checkpointer.retrieve_node_output::<FlexTensor>(id).to_contiguous());
        let [_, channels, height, width] = sizes(&x);
        let size = [height, width];
        let result = norm_pool_backward(x.storage(), size, gamma.storage(), epsilon, pool, &statistics, &largest, gradient.storage());
        if let Some(node) = x_node {
            gradients.register::<Flex>(node.id, from_values(result.input, sizes(&x)));
        }
        if let Some(node) = gamma_node {
            gradients.register::<Flex>(node.id, from_values(result.gamma, [channels]));
        }
        if let Some(node) = beta_node {
            gradients.register::<Flex>(node.id, from_values(result.beta, [channels]));
        }
    }
}
