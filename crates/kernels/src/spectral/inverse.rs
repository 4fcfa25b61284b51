//! The inverse Fourier transform of real signals, a register's filters at a time.

use std::f64::consts::TAU;

use pulp::Simd;

use super::vector::{Complex, add, butterfly, conjugate, sub, times, times_i, zero};

/// A planned inverse transform of `length` real values from the `length / 2 + 1` bins of their spectrum.
///
/// Two neighbouring values are one complex number of a transform half as long, which is done by passes of radix 3, 4 and 2 that
/// leave the result in its order (Stockham's form).
#[derive(Clone, Debug)]
pub(super) struct Inverse {
    half: usize,
    /// Turns a spectrum into that of the half: e^(2πik / length).
    turns: Vec<[f32; 2]>,
    passes: Vec<Pass>,
}

#[derive(Clone, Debug)]
struct Pass {
    radix: usize,
    /// Complex numbers between those of one butterfly.
    apart: usize,
    /// Butterflies with the same factors.
    side_by_side: usize,
    /// `[apart, radix - 1]`: what the results of a butterfly are multiplied by, but the first.
    factors: Vec<[f32; 2]>,
}

fn unit(turn: f64) -> [f32; 2] {
    [(TAU * turn).cos() as f32, (TAU * turn).sin() as f32]
}

impl Inverse {
    /// Whether there is a transform of this length: twice a product of twos and threes.
    pub(super) fn takes(length: usize) -> bool {
        let mut rest = length;
        for radix in [2, 3] {
            while rest > 1 && rest.is_multiple_of(radix) {
                rest /= radix;
            }
        }
        rest == 1 && length.is_multiple_of(2)
    }

    pub(super) fn new(length: usize) -> Self {
        assert!(Self::takes(length), "{length} is not twice a product of twos and threes");
        let half = length / 2;
        let mut passes = vec![];
        let (mut rest, mut side_by_side) = (half, 1);
        while rest > 1 {
            let radix = [3, 4, 2].into_iter().find(|radix| rest.is_multiple_of(*radix)).expect("a product of twos and threes");
            let apart = rest / radix;
            let factors = (0..apart).flat_map(|p| (1..radix).map(move |j| unit((p * j) as f64 / rest as f64))).collect();
            passes.push(Pass { radix, apart, side_by_side, factors });
            (rest, side_by_side) = (apart, side_by_side * radix);
        }
        Self { half, turns: (0..half).map(|k| unit(k as f64 / length as f64)).collect(), passes }
    }

    /// The largest of the first `n` values, lane by lane; `spectrum` is not scaled, and used up.
    ///
    /// # Shapes
    /// `spectrum` [length / 2 + 1], `room` [length / 2]
    #[inline(always)]
    pub(super) fn largest<S: Simd>(&self, simd: S, spectrum: &mut [Complex<S>], room: &mut [Complex<S>], n: usize) -> S::f32s {
        let room = &mut room[..self.half];
        self.fold(simd, spectrum, room);
        let (mut from, mut to) = (room, &mut spectrum[..self.half]);
        for pass in &self.passes {
            match pass.radix {
                2 => pass.run::<S, 2>(simd, from, to),
                3 => pass.run::<S, 3>(simd, from, to),
                _ => pass.run::<S, 4>(simd, from, to),
            }
            (from, to) = (to, from);
        }
        let mut largest = [simd.splat_f32s(f32::NEG_INFINITY); 2];
        for pair in &from[..n / 2] {
            largest = [0, 1].map(|part| simd.max_f32s(largest[part], pair[part]));
        }
        if !n.is_multiple_of(2) {
            largest[0] = simd.max_f32s(largest[0], from[n / 2][0]);
        }
        simd.max_f32s(largest[0], largest[1])
    }

    /// The spectrum of the even values plus i times that of the odd ones.
    #[inline(always)]
    fn fold<S: Simd>(&self, simd: S, spectrum: &[Complex<S>], out: &mut [Complex<S>]) {
        let mirrored = spectrum[1..].iter().rev();
        for (((out, turn), low), high) in out.iter_mut().zip(&self.turns).zip(spectrum).zip(mirrored) {
            let high = conjugate(simd, *high);
            let odd = times(simd, sub(simd, *low, high), *turn);
            *out = add(simd, add(simd, *low, high), times_i(simd, odd));
        }
    }
}

impl Pass {
    #[inline(always)]
    fn run<S: Simd, const RADIX: usize>(&self, simd: S, from: &[Complex<S>], to: &mut [Complex<S>]) {
        let stride = self.apart * self.side_by_side;
        for (p, factors) in self.factors.chunks_exact(RADIX - 1).enumerate() {
            let to = &mut to[p * RADIX * self.side_by_side..][..RADIX * self.side_by_side];
            let from = &from[p * self.side_by_side..];
            for q in 0..self.side_by_side {
                let mut inputs = [zero(simd); RADIX];
                for j in 0..RADIX {
                    inputs[j] = from[q + j * stride];
                }
                let results = butterfly::<S, RADIX>(simd, inputs);
                to[q] = results[0];
                for j in 1..RADIX {
                    to[q + j * self.side_by_side] = times(simd, results[j], factors[j - 1]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, in f64.
    fn textbook(spectrum: &[[f64; 2]], at: usize) -> f64 {
        let length = 2 * (spectrum.len() - 1);
        (0..length)
            .map(|k| {
                let ([r, i], sign) = if k < spectrum.len() { (spectrum[k], 1.0) } else { (spectrum[length - k], -1.0) };
                let turn = TAU * ((k * at) % length) as f64 / length as f64;
                r * turn.cos() - sign * i * turn.sin()
            })
            .sum()
    }

    #[test]
    fn largest_values_are_those_of_the_definition() {
        for length in [2, 4, 6, 8, 12, 18, 24, 32, 54, 96, 384] {
            let inverse = Inverse::new(length);
            let value = |k: usize, part: usize| ((k * 104_729 + part * 1299) % 2003) as f32 / 1000.0 - 1.0;
            // The first and the last bin of a real signal are real.
            let spectrum: Vec<[f32; 2]> =
                (0..=length / 2).map(|k| [value(k, 0), if k == 0 || k == length / 2 { 0.0 } else { value(k, 1) }]).collect();
            let wide: Vec<[f64; 2]> = spectrum.iter().map(|bin| bin.map(f64::from)).collect();
            for n in [1, length / 2, length - 1, length].map(|n| n.max(1)) {
                let mut room = vec![[0.0; 2]; length / 2];
                let found = inverse.largest(pulp::Scalar, &mut spectrum.clone(), &mut room, n);
                let expected = (0..n).map(|at| textbook(&wide, at)).fold(f64::NEG_INFINITY, f64::max);
                assert!((f64::from(found) - expected).abs() < 2e-6 * length as f64, "{length}, {n} of it: {found}, expected {expected}");
            }
        }
    }

    #[test]
    fn lengths_with_other_factors_are_not_taken() {
        assert!([2, 96, 108, 384].iter().all(|length| Inverse::takes(*length)));
        assert!([0, 1, 3, 9, 10, 14, 97].iter().all(|length| !Inverse::takes(*length)));
    }
}
