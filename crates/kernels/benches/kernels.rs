//! One layer of the papers' networks each, on all threads: `cargo bench -p segno-kernels`.

use divan::{Bencher, black_box};
use segno_kernels::{
    Activation, ConvShape, ConvSpec, LstmShape, Mat, MatMut, Norm, Padding, Pool, PoolKind, SpectralBank, Threads, block_backward,
    block_forward, block_infer, lstm_backward, lstm_forward, matmul,
};

fn main() {
    divan::main();
}

fn noise(length: usize, scale: f32) -> Vec<f32> {
    (0..length).map(|i| (f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 32_768.0 - 1.0) * scale).collect()
}

/// Irvin's first layer: a batch of 128 clips.
const LSTM: LstmShape = LstmShape { batch: 128, steps: 22, input: 513, hidden: 250 };

struct Lstm {
    input: Vec<f32>,
    input_weights: Vec<f32>,
    hidden_weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Lstm {
    fn new() -> Self {
        let LstmShape { batch, steps, input, hidden } = LSTM;
        Self {
            input: noise(batch * steps * input, 1.0),
            input_weights: noise(input * 4 * hidden, 0.05),
            hidden_weights: noise(hidden * 4 * hidden, 0.05),
            bias: vec![0.0; 4 * hidden],
        }
    }
}

#[divan::bench]
fn lstm_layer_forward(bencher: Bencher<'_, '_>) {
    let lstm = Lstm::new();
    bencher.bench_local(|| lstm_forward(LSTM, black_box(&lstm.input), &lstm.input_weights, &lstm.hidden_weights, &lstm.bias));
}

#[divan::bench]
fn lstm_layer_backward(bencher: Bencher<'_, '_>) {
    let lstm = Lstm::new();
    let state = lstm_forward(LSTM, &lstm.input, &lstm.input_weights, &lstm.hidden_weights, &lstm.bias);
    let gradient = noise(state.hidden.len(), 0.01);
    bencher.bench_local(|| {
        lstm_backward(LSTM, &lstm.input, &lstm.input_weights, &lstm.hidden_weights, &state, black_box(&gradient), None, false)
    });
}

/// Li's second block: 64 × 64 × 64 → 128 × 32 × 32, eight images.
const BLOCK: ConvShape = ConvShape {
    batch: 8,
    channels: 64,
    size: [64, 64],
    filters: 128,
    kernel: [2, 2],
    spec: ConvSpec { stride: [1, 1], padding: Padding::Same, activation: Activation::Relu },
};
const POOL: Pool = Pool { kind: PoolKind::Max, window: [2, 2], padding: Padding::Valid };

struct Block {
    input: Vec<f32>,
    weights: Vec<f32>,
    bias: Vec<f32>,
    gamma: Vec<f32>,
}

impl Block {
    fn new() -> Self {
        let ConvShape { batch, channels, size: [height, width], filters, .. } = BLOCK;
        Self {
            input: noise(batch * channels * height * width, 1.0),
            weights: noise(filters * channels * 4, 0.1),
            bias: vec![0.0; filters],
            gamma: vec![1.0; filters],
        }
    }

    fn norm(&self) -> Norm<'_> {
        Norm { gamma: &self.gamma, beta: &self.bias, epsilon: 1e-3 }
    }
}

#[divan::bench(sample_count = 30)]
fn conv_block_forward(bencher: Bencher<'_, '_>) {
    let block = Block::new();
    bencher.bench_local(|| block_forward(BLOCK, black_box(&block.input), &block.weights, &block.bias, block.norm(), POOL));
}

#[divan::bench(sample_count = 30)]
fn conv_block_backward(bencher: Bencher<'_, '_>) {
    let block = Block::new();
    let forward = block_forward(BLOCK, &block.input, &block.weights, &block.bias, block.norm(), POOL);
    let gradient = noise(forward.output.len(), 0.01);
    bencher.bench_local(|| {
        let Block { input, weights, bias, .. } = &block;
        block_backward(BLOCK, input, weights, bias, block.norm(), POOL, &forward.state, black_box(&gradient), true)
    });
}

#[divan::bench(sample_count = 30)]
fn conv_block_infer(bencher: Bencher<'_, '_>) {
    let block = Block::new();
    let affine = vec![[1.0, 0.0]; BLOCK.filters];
    bencher.bench_local(|| block_infer(BLOCK, black_box(&block.input), &block.weights, &block.bias, &affine, POOL));
}

/// The product that the LSTM's first layer begins with.
#[divan::bench(sample_count = 30)]
fn matmul_2816_513_1000(bencher: Bencher<'_, '_>) {
    let (m, k, n) = (2816, 513, 1000);
    let (a, b, mut product) = (noise(m * k, 1.0), noise(k * n, 1.0), vec![0.0; m * n]);
    bencher.bench_local(|| {
        matmul(MatMut::rows(&mut product, m, n), false, Mat::rows(black_box(&a), m, k), Mat::rows(&b, k, n), Threads::Pool);
    });
}

/// One of MusiCNN's two front ends over a patch of three seconds.
#[divan::bench(args = [38, 67])]
fn spectral_bank(bencher: Bencher<'_, '_>, width: usize) {
    let bank = SpectralBank::new(&noise(7 * width * 204, 0.05), [7, width, 204], 96);
    let image = noise(193 * 96, 1.0);
    bencher.bench_local(|| bank.largest(black_box(&image)));
}
