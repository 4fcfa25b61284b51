//! A moving average of a network's parameters, running statistics among them.

use std::collections::HashMap;

use burn::tensor::backend::Backend;
use segno_models::{NamedTensor, Network, load_weights, weights};

/// The average after a step: what was there, moved towards the network's parameters by a share.
///
/// The share is 1 at the first step and falls to `1 - decay` (11 / (10 + step) until then), so that what a network starts from
/// is forgotten as fast at the beginning of training as the average can afford.
///
/// # References
/// Polyak, Juditsky 1992; the ramp is that of TensorFlow's `ExponentialMovingAverage` with `num_updates`, its first step whole.
pub fn follow<B: Backend>(average: &mut Vec<NamedTensor>, network: &Network<B>, decay: f64, step: usize) {
    let now = weights(network);
    let share = (11.0 / (10.0 + step as f64)).max(1.0 - decay).min(1.0) as f32;
    if average.is_empty() {
        *average = now;
        return;
    }
    let now: HashMap<&str, &[f32]> = now.iter().map(|tensor| (tensor.name.as_str(), &tensor.values[..])).collect();
    for mean in average {
        mean.values.iter_mut().zip(now[mean.name.as_str()]).for_each(|(mean, now)| *mean += share * (now - *mean));
    }
}

/// A network with the average as its parameters.
pub fn averaged<B: Backend>(network: Network<B>, average: &[NamedTensor]) -> Network<B> {
    load_weights(network, average.to_vec()).expect("the average is of this network")
}
