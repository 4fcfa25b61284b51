//! Samples a second through Li's convolutions, 128 × 128 × 1 to 512 × 4 × 4: `cargo bench -p segno-models --bench conv_block`.
//!
//! Input normalisation and four blocks, forward and backward (`train`), and forward with fixed statistics (`infer`);
//! without the dense layers and the optimiser's step. `conv_block_torch.py` beside this file does the same in PyTorch.
//! Prints the median and the range of the rounds, the same per second of two busy cores (for a machine that has other
//! work), and the peak of resident memory so far. Arguments: `train` or `infer`, batch size, rounds.

use std::time::Instant;

use burn::{
    backend::{Autodiff, Flex},
    tensor::{Tensor, TensorData},
};
use segno_models::ops::{Activation, BatchNorm, ConvSpec, Convolution, Ops, Padding, Pool, PoolKind};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CHANNELS: [usize; 5] = [1, 64, 128, 256, 512];

fn values<B: Ops, const D: usize>(shape: [usize; D], scale: f32) -> Tensor<B, D> {
    let value = |i: usize| (f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 32_768.0 - 1.0) * scale;
    Tensor::from_data(TensorData::new((0..shape.iter().product()).map(value).collect::<Vec<f32>>(), shape), &Default::default())
}

fn norm<B: Ops>(channels: usize) -> BatchNorm<B> {
    let device = Default::default();
    BatchNorm {
        gamma: Tensor::ones([channels], &device).require_grad(),
        beta: Tensor::zeros([channels], &device).require_grad(),
        epsilon: 1e-3,
    }
}

fn block<B: Ops>(layer: usize) -> (Convolution<B>, BatchNorm<B>, Pool) {
    let [from, to] = [CHANNELS[layer], CHANNELS[layer + 1]];
    let stride = if layer == 3 { [2, 2] } else { [1, 1] };
    let spec = ConvSpec { stride, padding: Padding::Same, activation: Activation::Relu };
    let weights = values([to, from, 2, 2], (1.5 / from as f32).sqrt()).require_grad();
    let kind = if layer == 3 { PoolKind::MaxAverageMean } else { PoolKind::Max };
    let pool = Pool { kind, window: [2, 2], padding: Padding::Valid };
    (Convolution { weights, bias: Tensor::zeros([to], &Default::default()).require_grad(), spec }, norm(to), pool)
}

fn train(input: Tensor<Autodiff<Flex>, 4>) {
    type B = Autodiff<Flex>;
    let mut x = B::batch_norm_pool(input, norm(1), Pool::NONE).output;
    for layer in 0..4 {
        let (convolution, norm, pool) = block(layer);
        x = B::conv_norm_pool(x, convolution, norm, pool).output;
    }
    let _ = x.powf_scalar(2.0).mean().backward();
}

fn infer(input: Tensor<Flex, 4>) {
    let fixed = |norm: BatchNorm<Flex>| {
        let channels = norm.gamma.dims()[0];
        norm.fixed(Tensor::zeros([channels], &Default::default()), Tensor::ones([channels], &Default::default()))
    };
    let mut x = input;
    for layer in 0..4 {
        let (convolution, norm, pool) = block(layer);
        x = Flex::conv_affine_pool(x, convolution, fixed(norm), pool);
    }
}

fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with(name))?.split_whitespace().nth(1)?.parse().ok()
}

/// Processor seconds of this process so far, to a hundredth; Linux alone tells.
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some((fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?) / 100.0)
}

fn rate(name: &str, batch: usize, rounds: usize, mut run: impl FnMut()) {
    run(); // warms up
    let (mut rates, busy) = (vec![], processor_seconds());
    for _ in 0..rounds {
        let start = Instant::now();
        run();
        rates.push(batch as f64 / start.elapsed().as_secs_f64());
    }
    let busy = processor_seconds().zip(busy).map_or(f64::NAN, |(end, start)| (batch * rounds) as f64 * 2.0 / (end - start));
    rates.sort_by(f64::total_cmp);
    let (median, last) = (rates[rounds / 2], rates[rounds - 1]);
    let peak = status("VmHWM").unwrap_or(f64::NAN) / 1024.0;
    println!(
        "{name} {batch:>4}: {median:>6.1} samples/s ({:.1} to {last:.1}); {busy:.1} a second of two busy cores; peak {peak:.0} MiB",
        rates[0]
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let cases = match arguments.as_slice() {
        [] => vec![("train", 32, 7), ("infer", 32, 15), ("train", 200, 3)],
        [kind, batch, rounds] => {
            vec![(kind.as_str(), batch.parse().expect("the batch size is a number"), rounds.parse().expect("rounds are a number"))]
        }
        other => panic!("expected `train|infer BATCH ROUNDS` or nothing, found {other:?}"),
    };
    for (kind, batch, rounds) in cases {
        let shape = [batch, 1, 128, 128];
        match kind {
            "train" => {
                let input = values::<Autodiff<Flex>, 4>(shape, 1.0);
                rate(kind, batch, rounds, || train(input.clone()));
            }
            _ => {
                let input = values::<Flex, 4>(shape, 1.0);
                rate(kind, batch, rounds, || infer(input.clone()));
            }
        }
    }
}
