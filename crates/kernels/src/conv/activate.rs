//! Bias and activation over a tile, the derivative from the value, and a channel's mean and variance.

use crate::{Activation, activation::exp, conv::tiling::Tile};

/// Adds the bias and applies the activation, in place.
///
/// # Shapes
/// `image` [O, places of the tile], `bias` `[O]`.
pub(crate) struct Activate<'a> {
    pub activation: Activation,
    pub bias: &'a [f32],
    pub image: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let columns = self.image.len() / self.bias.len();
        for (row, &bias) in self.image.chunks_exact_mut(columns).zip(self.bias) {
            match self.activation {
                Activation::Linear => row.iter_mut().for_each(|x| *x += bias),
                Activation::Relu => row.iter_mut().for_each(|x| *x = (*x + bias).max(0.0)),
                Activation::Elu => row.iter_mut().for_each(|x| {
                    let y = *x + bias;
                    *x = if y > 0.0 { y } else { exp(y) - 1.0 };
                }),
            }
        }
    }
}

/// The derivative of an activation (0 linear, 1 ReLU, 2 ELU) from its value.
#[inline(always)]
pub(crate) fn derivative<const ACTIVATION: u8>(value: f32) -> f32 {
    match ACTIVATION {
        0 => 1.0,
        1 if value > 0.0 => 1.0,
        1 => 0.0,
        _ if value > 0.0 => 1.0,
        _ => value + 1.0,
    }
}

/// Multiplies a gradient by the derivative of the activation.
pub(crate) struct Masked<'a> {
    pub activation: Activation,
    pub value: &'a [f32],
    pub gradient: &'a [f32],
    pub out: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Masked<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let terms = self.out.iter_mut().zip(self.gradient).zip(self.value);
        match self.activation {
            Activation::Linear => terms.for_each(|((out, gradient), &value)| *out = gradient * derivative::<0>(value)),
            Activation::Relu => terms.for_each(|((out, gradient), &value)| *out = gradient * derivative::<1>(value)),
            Activation::Elu => terms.for_each(|((out, gradient), &value)| *out = gradient * derivative::<2>(value)),
        }
    }
}

/// Count, mean, and sum of squared differences from it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moments {
    pub count: f64,
    pub mean: f64,
    pub squares: f64,
}

impl Moments {
    /// Of two sets together.
    ///
    /// # References
    /// Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances".
    pub fn merge(&mut self, other: Self) {
        let count = self.count + other.count;
        let apart = other.mean - self.mean;
        self.mean += apart * other.count / count;
        self.squares += other.squares + apart * apart * self.count * other.count / count;
        self.count = count;
    }

    /// Of some hundred to some thousand values: twice over them while they are in the first-level cache.
    #[inline(always)]
    pub fn of(values: &[f32]) -> Self {
        let mean = sum(values, |x| x) / values.len() as f64;
        let near = mean as f32;
        // About a number near the mean; the difference is put right exactly.
        let squares = sum(values, |x| (x - near) * (x - near)) - (mean - f64::from(near)).powi(2) * values.len() as f64;
        Self { count: values.len() as f64, mean, squares: squares.max(0.0) }
    }
}

/// Sums in lanes, so that the compiler may use vectors; the order is fixed.
#[inline(always)]
pub(crate) fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f64 {
    const LANES: usize = 32;
    let mut total = 0.0;
    for block in values.chunks(4096) {
        let mut lanes = [0.0f32; LANES];
        let whole = block.chunks_exact(LANES);
        total += whole.remainder().iter().map(|&x| f64::from(of(x))).sum::<f64>();
        for chunk in whole {
            for lane in 0..LANES {
                lanes[lane] += of(chunk[lane]);
            }
        }
        total += lanes.iter().map(|&lane| f64::from(lane)).sum::<f64>();
    }
    total
}

/// Adds a tile's moments to those of its channels.
pub(crate) struct Gauge<'a> {
    pub tile: Tile<'a>,
    pub image: &'a [f32],
    pub moments: &'a mut [Moments],
}

impl pulp::NullaryFnOnce for Gauge<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (row, moments) in self.image.chunks_exact(self.tile.columns()).zip(self.moments) {
            row.chunks(1024).for_each(|run| moments.merge(Moments::of(run)));
        }
    }
}
