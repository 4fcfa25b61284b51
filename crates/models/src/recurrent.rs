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
        let last_layer = self.lstm.len() + self.rnn.len() - 1;
        let mut x = x;
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
        let summary = match &self.attention {
            Some(attention) => {
                let cell = x.clone().slice(s![.., steps..steps + 1, ..]).squeeze_dim::<2>(1);
                let hidden = mode.dropout(x.slice(s![.., 0..steps, ..]), self.dropout);
                attention.forward(hidden, cell)
            }
            None => x.slice(s![.., steps - 1..steps, ..]).squeeze_dim::<2>(1),
        };
        // Without attention the top cell's output is the softmax layer's input: one dropout serves both.
        let summary = mode.dropout(summary, self.dropout);
        self.heads.iter().map(|head| head.forward(summary.clone())).collect()
    }
}
