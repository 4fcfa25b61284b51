//! The fused operations against the plain ones: values and gradients, over shapes.

mod convolution;
mod lstm;

use burn::backend::{Autodiff, Flex};
use burn::tensor::{Tensor, TensorData};
use proptest::prelude::*;

type B = Autodiff<Flex>;

fn leaf<const D: usize>(shape: [usize; D], seed: u32) -> Tensor<B, D> {
    let count = shape.iter().product::<usize>() as u32;
    let values: Vec<f32> = (0..count)
        .map(|i| f32::from((i.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(97_531)) >> 16) as u16) / 65_536.0 - 0.5)
        .collect();
    Tensor::from_data(TensorData::new(values, shape), &Default::default()).require_grad()
}

/// Each field within 2e-5 of its largest element, or of one: a bias in front of a normalisation has the gradient
/// nought, which each adds up from terms of order one.
fn agree(fused: &[Vec<f32>], plain: &[Vec<f32>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(fused.len(), plain.len());
    for (field, (fused, plain)) in fused.iter().zip(plain).enumerate() {
        let largest = plain.iter().fold(1f32, |largest, value| largest.max(value.abs()));
        prop_assert_eq!(fused.len(), plain.len(), "field {}", field);
        for (fused, plain) in fused.iter().zip(plain) {
            prop_assert!((fused - plain).abs() <= 2e-5 * largest, "field {field}: {fused} against {plain} of {largest}");
        }
    }
    Ok(())
}
