//! Multilayer perceptron; without hidden layers, the network of multinomial logistic regression.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
    backend::Backend,
};

use crate::{Activation, Init, MlpConfig, Mode, Signature};

/// | layer | output | paper |
/// |---|---|---|
/// | input, flattened | [N, T·D] | 22·513 = 11 286, section 5.1 |
/// | dense, activation, dropout, for each of `hidden` | [N, hidden] | Figure 3 |
/// | a dense head a task | [N, classes] | "softmax layer as the final output layer" |
#[derive(Module, Debug)]
pub struct Mlp<B: Backend> {
    hidden: Vec<Linear<B>>,
    heads: Vec<Linear<B>>,
    #[module(skip)]
    activation: Activation,
    dropout: f64,
}

impl<B: Backend> Mlp<B> {
    pub(crate) fn new(config: &MlpConfig, signature: &Signature, init: &mut Init<'_, B>) -> Self {
        let mut inputs = signature.input[0] * signature.input[1];
        let mut hidden = Vec::with_capacity(config.hidden.len());
        for &size in &config.hidden {
            hidden.push(init.linear(inputs, size));
            inputs = size;
        }
        Self {
            hidden,
            heads: signature.tasks.iter().map(|task| init.linear(inputs, task.classes.len())).collect(),
            activation: config.activation,
            dropout: config.dropout,
        }
    }

    /// # Shapes
    /// `x` [N, T, D] → logits [N, classes] a task.
    pub fn forward(&self, x: Tensor<B, 3>, mode: &mut Mode<'_>) -> Vec<Tensor<B, 2>> {
        let mut x = x.flatten::<2>(1, 2);
        for layer in &self.hidden {
            x = match self.activation {
                Activation::Relu => relu(layer.forward(x)),
                Activation::Sigmoid => sigmoid(layer.forward(x)),
            };
            x = mode.dropout(x, self.dropout);
        }
        self.heads.iter().map(|head| head.forward(x.clone())).collect()
    }

    pub(crate) fn dense_weights(&self) -> Vec<Tensor<B, 2>> {
        self.hidden.iter().map(|layer| layer.weight.val()).collect()
    }
}
