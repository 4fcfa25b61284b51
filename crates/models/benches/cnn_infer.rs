//! Samples a second that Li's attention CNN answers: `cargo bench -p segno-models --bench cnn_infer -- [BATCH]`.
//!
//! From values in memory to probabilities of both tasks. `xtask/peers/cnn_tensorflow.py infer` does the same in Keras.

use std::{env, hint::black_box};

use burn::{
    backend::Flex,
    tensor::{Tensor, TensorData, activation::softmax},
};
use segno_bench::{Line, rate};
use segno_models::{CnnConfig, MapAttentionConfig, Mode, ModelConfig, Signature, TaskClasses};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZE: usize = 128 * 128;

fn main() {
    let batch: usize = env::args().find_map(|argument| argument.parse().ok()).unwrap_or(32);
    let task =
        |name: &str, classes: usize| TaskClasses { task: name.into(), classes: (0..classes).map(|class| class.to_string()).collect() };
    let signature = Signature { input: [128, 128], tasks: vec![task("genre", 10), task("mood", 3)] };
    let device = Default::default();
    let network = ModelConfig::Cnn(CnnConfig::li_2019(Some(MapAttentionConfig::FeatureMaps))).init::<Flex>(&signature, 1, &device);
    let samples = 4 * batch;
    let value = |i: usize| f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 65_536.0 - 1.0;
    let features: Vec<f32> = (0..samples * SIZE).map(value).collect();
    let answered = rate(samples, 7, || {
        for values in features.chunks(batch * SIZE) {
            let x = Tensor::<Flex, 3>::from_data(TensorData::new(values.to_vec(), [values.len() / SIZE, 128, 128]), &device);
            for logits in network.forward(x, &mut Mode::Infer) {
                black_box(softmax(logits, 1).into_data());
            }
        }
    });
    Line::new("attention CNN, answers", answered, "samples/s").work(format!("batches of {batch}")).print();
}
