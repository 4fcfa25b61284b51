//! The convolution on Flex, and its place in the autodiff graph.

use burn::backend::autodiff::{
    NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops as Step, OpsKind},
};
use burn::backend::{Autodiff, Flex};
use burn::tensor::ops::FloatTensor;
use burn_flex::FlexTensor;
use segno_kernels::{ConvShape, ConvSpec, conv_backward, conv_forward};

use super::{from_values, sizes};

/// The sizes of a convolution of `x` by `weights`.
pub fn shape(x: &FlexTensor, weights: &FlexTensor, spec: ConvSpec) -> ConvShape {
    let ([batch, channels, height, width], [filters, of, tall, wide]) = (sizes(x), sizes(weights));
    assert_eq!(channels, of, "an image of {channels} channels meets filters of {of}");
    ConvShape { batch, channels, size: [height, width], filters, kernel: [tall, wide], spec }
}

/// x, weights, bias → the activated convolution.
pub fn run(inputs: [FlexTensor; 3], spec: ConvSpec) -> FlexTensor {
    let [x, weights, bias] = inputs.map(|tensor| tensor.to_contiguous());
    let shape = shape(&x, &weights, spec);
    let [height, width] = shape.output();
    let output = conv_forward(shape, x.storage(), weights.storage(), bias.storage());
    from_values(output, [shape.batch, shape.filters, height, width])
}

/// The same, differentiable.
pub fn track<C: CheckpointStrategy>(inputs: [FloatTensor<Autodiff<Flex, C>>; 3], spec: ConvSpec) -> FloatTensor<Autodiff<Flex, C>> {
    let nodes = inputs.each_ref().map(|tensor| tensor.node.clone());
    match ConvStep.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(mut step) => {
            let [x, weights, _] = &inputs;
            let kept = [x, weights].map(|tensor| step.checkpoint(tensor));
            let output = run(inputs.map(|tensor| tensor.into_primitive()), spec);
            step.finish(Saved { inputs: kept, spec, output: output.clone() }, output)
        }
        OpsKind::UnTracked(step) => step.finish(run(inputs.map(|tensor| tensor.into_primitive()), spec)),
    }
}

/// What the backward pass finds again.
#[derive(Clone, Debug)]
struct Saved {
    inputs: [NodeId; 2],
    spec: ConvSpec,
    output: FlexTensor,
}

#[derive(Debug)]
struct ConvStep;

impl Backward<Flex, 3> for ConvStep {
    type State = Saved;

    fn backward(self, step: Step<Saved, 3>, gradients: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [x_node, weights_node, bias_node] = step.parents;
        let gradient = gradients.consume::<Flex>(&step.node).to_contiguous();
        let Saved { inputs, spec, output } = step.state;
        let [x, weights] = inputs.map(|id| checkpointer.retrieve_node_output::<FlexTensor>(id).to_contiguous());
        let shape = shape(&x, &weights, spec);
        let result =
            conv_backward(shape, x.storage(), weights.storage(), output.to_contiguous().storage(), gradient.storage(), x_node.is_some());
        if let (Some(node), Some(gradient)) = (x_node, result.input) {
            gradients.register::<Flex>(node.id, from_values(gradient, sizes(&x)));
        }
        if let Some(node) = weights_node {
            gradients.register::<Flex>(node.id, from_values(result.weights, sizes(&weights)));
        }
        if let Some(node) = bias_node {
            gradients.register::<Flex>(node.id, from_values(result.bias, [shape.filters]));
        }
    }
}
