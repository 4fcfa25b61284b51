//! What the tests against other implementations share.

#![allow(dead_code)] // each test file uses what it needs

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, backend::AutodiffBackend};

/// Values in ±0.5 by the integer formula of the golden scripts.
pub fn values(count: usize, seed: u32) -> Vec<f32> {
    (0..count as u32)
        .map(|i| f32::from((i.wrapping_mul(2_654_435_761).wrapping_add(seed * 97_531) >> 16) as u16) / 65_536.0 - 0.5)
        .collect()
}

/// Gradients by parameter name; what takes no gradient is left out.
pub fn gradients<B: AutodiffBackend, M: Module<B>>(module: &M, gradients: &B::Gradients) -> BTreeMap<String, Vec<f32>> {
    let mut visitor = Gradients::<B> { gradients, path: vec![], found: BTreeMap::new() };
    module.visit(&mut visitor);
    visitor.found
}

struct Gradients<'a, B: AutodiffBackend> {
    gradients: &'a B::Gradients,
    path: Vec<String>,
    found: BTreeMap<String, Vec<f32>>,
}

impl<B: AutodiffBackend> ModuleVisitor<B> for Gradients<'_, B> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }
    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let Some(gradient) = param.val().grad(self.gradients) {
            self.found.insert(self.path[1..].join("."), gradient.into_data().to_vec().unwrap());
        }
    }
}

/// Equal within `tolerance` of the largest expected value, or of a tenth.
pub fn assert_close(what: &str, got: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0f32, |largest, value| largest.max(value.abs()));
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= tolerance * largest.max(0.1), "{what}: {got} against {expected}");
    }
}
