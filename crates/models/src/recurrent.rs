//! The recurrent networks: vanilla RNN, LSTM, LSTM with soft attention.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Tensor, backend::Backend, s};

use crate::layers::{Attention, Lstm, Rnn};
use crate::{Cell, Init, Mode, RecurrentConfig, Signature, ops::Ops};

/// | layer | output | paper |
/// |---|---|---|
/// | input | [N, T, D] | 22 × 513 spectrogram, section 4 |
/// | `layers` cells, dropout after each | [N, T, H] | sections 3.2.1, 3.2.2, 5.1 |
/// | last step, or attention and dropout | [N, H] | section 3.2.3 |
/// | a dense head a task | [N, classes] | logits of ỹ |
#[derive(Module, Debug)]
pub struct Recurrent<B: Backend> {
    lstm: Vec<Lstm<B>>,
    rnn: Vec<Rnn<B>>,
    attention: Option<Attention<B>>,
    heads: Vec<Linear<B>>,
    dropout: f64,
}

impl<B: Ops> Recurrent<B> {
    pub(crate) fn new(config: &RecurrentConfig, signature: &Signature, init: &mut Init<'_, B>) -> Self {
        let inputs = |layer: usize| if layer == 0 { signature.input[1] } else { config.hidden };
        let layers = |cell: Cell| 0..if config.cell == cell { config.layers } else { 0 };
        Self {
            lstm: layers(Cell::Lstm).map(|layer| Lstm::new(inputs(layer), config.hidden, init)).collect(),
            rnn: layers(Cell::Rnn).map(|layer| Rnn::new(inputs(layer), config.hidden, init)).collect(),
            attention: config.attention.then(|| Attention::new(config.hidden, init)),
            heads: signature.tasks.iter().map(|task| init.linear(config.hidden, task.classes.len())).collect(),
            dropout: config.dropout,
        }
    }

    /// # Shapes
    /// `x` [N, T, D] → logits [N, classes] a task.
    pub fn forward(&self, x: Tensor<B, 3>, mode: &mut Mode<'_>) -> Vec<Tensor<B, 2>> {
        let steps = x.dims()[1];
        let x = self.states(x, mode);
        let summary = match &self.attention {
            Some(attention) => {
                let (hidden, cell) = apart(x, steps);
                attention.forward(mode.dropout(hidden, self.dropout), cell)
            }
            None => x.slice(s![.., steps - 1..steps, ..]).squeeze_dim::<2>(1),
        };
        // Without attention the top cell's output is the softmax layer's input: one dropout serves both.
        let summary = mode.dropout(summary, self.dropout);
        self.heads.iter().map(|head| head.forward(summary.clone())).collect()
    }

    /// The attention weights of each frame, where the network has attention.
    ///
    /// # Shapes
    /// `x` [N, T, D] → [N, T], each row a distribution.
    pub fn attention(&self, x: Tensor<B, 3>) -> Option<Tensor<B, 2>> {
        self.attention.as_ref()?;
        let steps = x.dims()[1];
        let (hidden, cell) = apart(self.states(x, &mut Mode::Infer), steps);
        Some(Attention::weights(hidden, cell))
    }

    /// # Shapes
    /// `x` [N, T, D] → states of the top layer [N, T, H], before their dropout; with attention its last cell state behind them,
    /// [N, T + 1, H].
    fn states(&self, mut x: Tensor<B, 3>, mode: &mut Mode<'_>) -> Tensor<B, 3> {
        let last_layer = self.lstm.len() + self.rnn.len() - 1;
        for (index, layer) in self.lstm.iter().enumerate() {
            let with_cell = self.attention.is_some() && index == last_layer;
            x = layer.forward(x, with_cell);
            if index < last_layer {
                x = mode.dropout(x, self.dropout);
            }
        }
        for (index, layer) in self.rnn.iter().enumerate() {
            x = layer.forward(x);
            if index < last_layer {
                x = mode.dropout(x, self.dropout);
            }
        }
        x
    }
}

/// [N, T + 1, H] → hidden states [N, T, H] and the last cell state [N, H].
fn apart<B: Backend>(x: Tensor<B, 3>, steps: usize) -> (Tensor<B, 3>, Tensor<B, 2>) {
    let cell = x.clone().slice(s![.., steps..steps + 1, ..]).squeeze_dim::<2>(1);
    (x.slice(s![.., 0..steps, ..]), cell)
}
