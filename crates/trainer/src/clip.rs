//! Clipping by the norm over all parameters; Burn's own clips each tensor by itself.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{
    Tensor,
    backend::{AutodiffBackend, Backend},
};

/// Scales all gradients by `min(1, max_norm / (norm + 1e-6))`, where `norm` is taken over all of them together.
///
/// The factor stays on the device, so that no step waits for it.
///
/// # References
/// Irvin, Chartock, Hollander 2016, section 5.1; `torch.nn.utils.clip_grad_norm_`.
pub fn clip_to_norm<B: AutodiffBackend, M: Module<B>>(module: &M, gradients: &mut GradientsParams, max_norm: f64) {
    let mut squares = Squares::<B> { gradients, sum: None };
    module.visit(&mut squares);
    let Some(sum) = squares.sum else { return };
    let factor = (sum.sqrt() + 1e-6).recip().mul_scalar(max_norm).clamp_max(1.0);
    module.visit(&mut Scale::<B> { gradients, factor });
}

struct Squares<'a, B: AutodiffBackend> {
    gradients: &'a GradientsParams,
    sum: Option<Tensor<B::InnerBackend, 1>>,
}

impl<B: AutodiffBackend> ModuleVisitor<B> for Squares<'_, B> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let Some(gradient) = self.gradients.get::<B::InnerBackend, D>(param.id) {
            let square = gradient.powi_scalar(2).sum();
            self.sum = Some(match self.sum.take() {
                Some(sum) => sum + square,
                None => square,
            });
        }
    }
}

struct Scale<'a, B: AutodiffBackend> {
    gradients: &'a mut GradientsParams,
    factor: Tensor<B::InnerBackend, 1>,
}

impl<B: AutodiffBackend> ModuleVisitor<B> for Scale<'_, B> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let Some(gradient) = self.gradients.remove::<B::InnerBackend, D>(param.id) {
            let factor = broadcastable::<B::InnerBackend, D>(self.factor.clone());
            self.gradients.register::<B::InnerBackend, D>(param.id, gradient * factor);
        }
    }
}

fn broadcastable<B: Backend, const D: usize>(factor: Tensor<B, 1>) -> Tensor<B, D> {
    factor.reshape([1; D])
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::{Autodiff, Flex};
    use burn::nn::{Linear, LinearConfig};

    type B = Autodiff<Flex>;

    /// Gradients of a layer whose weights' gradients are all `value` and whose biases' are all 0.
    fn clipped(max_norm: f64, value: f32) -> (Vec<f32>, Vec<f32>) {
        let device = Default::default();
        let layer: Linear<B> = LinearConfig::new(3, 2).init(&device);
        let bias = layer.bias.as_ref().unwrap();
        let loss = layer.weight.val().sum().mul_scalar(value) + bias.val().sum().mul_scalar(0.0);
        let mut gradients = GradientsParams::from_grads(loss.backward(), &layer);
        clip_to_norm(&layer, &mut gradients, max_norm);
        let values = |data: burn::tensor::TensorData| data.to_vec::<f32>().unwrap();
        (
            values(gradients.get::<Flex, 2>(layer.weight.id).unwrap().into_data()),
            values(gradients.get::<Flex, 1>(bias.id).unwrap().into_data()),
        )
    }

    #[test]
    fn the_norm_over_all_parameters_is_what_is_clipped() {
        let (weights, bias) = clipped(5.0, 100.0);
        let norm = weights.iter().chain(&bias).map(|value| value * value).sum::<f32>().sqrt();
        assert!((norm - 5.0).abs() < 1e-4, "{norm}");
        assert!(weights.windows(2).all(|pair| pair[0] == pair[1]), "the direction stays");
    }

    #[test]
    fn small_gradients_are_left_alone() {
        assert_eq!(clipped(5.0, 0.5).0, vec![0.5; 6]);
    }
}
