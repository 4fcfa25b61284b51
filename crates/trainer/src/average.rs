//! A moving average of a network's parameters, running statistics among them.

use std::collections::HashMap;

use burn::tensor::backend::Backend;
use segno_models::{NamedTensor, Network, load_weights};

/// Moves the average towards the parameters after a step, by a share; it begins as they are.
///
/// The share is `1 - decay`, and more at first: 11 / (10 + step), so that what a network starts from is forgotten as fast as
/// an average over few steps can afford. `step` counts from 1.
///
/// # References
/// Polyak, Juditsky 1992; the ramp is that of TensorFlow's `ExponentialMovingAverage` with `num_updates`, a step earlier.
pub fn follow(average: &mut Vec<NamedTensor>, parameters: Vec<NamedTensor>, decay: f64, step: usize) {
    if average.is_empty() {
        *average = parameters;
        return;
    }
    let share = (11.0 / (10.0 + step as f64)).clamp(1.0 - decay, 1.0) as f32;
    let now: HashMap<&str, &[f32]> = parameters.iter().map(|tensor| (tensor.name.as_str(), &tensor.values[..])).collect();
    for mean in average {
        mean.values.iter_mut().zip(now[mean.name.as_str()]).for_each(|(mean, now)| *mean += share * (now - *mean));
    }
}

/// A network with the average as its parameters.
pub fn averaged<B: Backend>(network: Network<B>, average: &[NamedTensor]) -> Network<B> {
    load_weights(network, average.to_vec()).expect("the average is of this network")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tensors; the second has ten times the first's value.
    fn parameters(value: f32) -> Vec<NamedTensor> {
        ["a", "b"]
            .into_iter()
            .zip([value, 10.0 * value])
            .map(|(name, value)| NamedTensor { name: name.into(), shape: vec![1], values: vec![value] })
            .collect()
    }

    #[test]
    fn each_step_counts_for_a_share_and_tensors_keep_to_their_names() {
        let mut average = vec![];
        follow(&mut average, parameters(1.0), 0.9, 1);
        assert_eq!(average, parameters(1.0));
        average.reverse();
        follow(&mut average, parameters(2.0), 0.9, 2);
        assert!((average[1].values[0] - (1.0 + 11.0 / 12.0)).abs() < 1e-6, "early steps count for more: {average:?}");
        follow(&mut average, parameters(4.0), 0.9, 1000);
        let expected = 0.9 * (1.0 + 11.0 / 12.0) + 0.1 * 4.0;
        for (tensor, expected) in average.iter().zip([10.0 * expected, expected]) {
            assert!((tensor.values[0] / expected - 1.0).abs() < 1e-6, "{}: {:?}, expected {expected}", tensor.name, tensor.values);
        }
    }
}
