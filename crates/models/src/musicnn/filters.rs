//! The front end: filters whose largest answer over the mel bands is kept.

use segno_kernels::{Mat, MatMut, SpectralBank, Threads, matmul};

use super::{BANDS, FRAMES, norm::Norm};

/// A layer of the front end. Filters of channels that fall with their input are turned round, so that always the largest is asked for.
#[derive(Clone, Debug)]
pub(super) struct Filters {
    kind: Kind,
    signs: Vec<f32>,
    bias: Vec<f32>,
    norm: Norm,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Over a few frames and many bands, which the image has as columns; frames are padded so that each has an answer.
    Timbral { height: usize, bank: SpectralBank },
    /// Over many frames of one band: `[taps, filters]`.
    Temporal { taps: usize, weights: Vec<f32> },
}

/// Frames of zeros before and behind, for `same` padding (of an even number of taps the odd one behind).
fn padding(taps: usize) -> [usize; 2] {
    [(taps - 1) / 2, taps / 2]
}

impl Filters {
    /// # Shapes
    /// `kernel` [height, width, filters]
    pub(super) fn new(kernel: &[f32], [height, width]: [usize; 2], bias: Vec<f32>, norm: Norm) -> Self {
        let signs = norm.signs();
        let weights: Vec<f32> =
            kernel.chunks_exact(signs.len()).flat_map(|row| row.iter().zip(&signs).map(|(weight, sign)| weight * sign)).collect();
        let kind = match width {
            1 => Kind::Temporal { taps: height, weights },
            _ => Kind::Timbral { height, bank: SpectralBank::new(&weights, [height, width, signs.len()], BANDS) },
        };
        Self { kind, signs, bias, norm }
    }

    pub(super) fn channels(&self) -> usize {
        self.signs.len()
    }

    /// # Shapes
    /// `patch` [frames, bands] → [frames, channels]
    pub(super) fn apply(&self, patch: &[f32]) -> Vec<f32> {
        let mut largest = match &self.kind {
            Kind::Timbral { height, bank } => bank.largest(&padded_rows(patch, BANDS, *height)),
            Kind::Temporal { taps, weights } => temporal(patch, *taps, weights, self.channels()),
        };
        for row in largest.chunks_exact_mut(self.channels()) {
            row.iter_mut().zip(&self.signs).for_each(|(value, sign)| *value *= sign);
        }
        self.norm.activate(&mut largest, &self.bias);
        largest
    }
}

/// The rows of a patch between rows of zeros.
pub(super) fn padded_rows(rows: &[f32], columns: usize, taps: usize) -> Vec<f32> {
    let [before, after] = padding(taps);
    let mut padded = vec![0.0; before * columns];
    padded.extend_from_slice(rows);
    padded.resize(padded.len() + after * columns, 0.0);
    padded
}

/// The largest answer over the bands: a band's frames, each window of them a row, times the filters.
fn temporal(patch: &[f32], taps: usize, weights: &[f32], filters: usize) -> Vec<f32> {
    let [before, _] = padding(taps);
    let mut largest = vec![f32::NEG_INFINITY; FRAMES * filters];
    let (mut band_frames, mut answers) = (vec![0.0; FRAMES + taps - 1], vec![0.0; FRAMES * filters]);
    for band in 0..BANDS {
        for (frame, value) in band_frames[before..before + FRAMES].iter_mut().enumerate() {
            *value = patch[frame * BANDS + band];
        }
        let windows = Mat::new(&band_frames, [FRAMES, taps], [1, 1]);
        matmul(MatMut::rows(&mut answers, FRAMES, filters), false, windows, Mat::rows(weights, taps, filters), Threads::One);
        for (largest, answer) in largest.iter_mut().zip(&answers) {
            *largest = if *answer > *largest { *answer } else { *largest };
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from -1 to 1 by an integer formula.
    fn numbers(count: usize, salt: u32) -> Vec<f32> {
        let number = |i: u32| (i.wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(97_531)) >> 16) as u16;
        (0..count as u32).map(|i| f32::from(number(i)) / 32_768.0 - 1.0).collect()
    }

    /// Section 3.1 of the reference word by word: convolve, cut off, normalise, and take the largest over the bands.
    fn plainly(patch: &[f32], kernel: &[f32], [height, width]: [usize; 2], bias: &[f32], norm: &Norm) -> Vec<f32> {
        let (filters, before) = (bias.len(), (height - 1) / 2);
        let mut largest = vec![f32::NEG_INFINITY; FRAMES * filters];
        for frame in 0..FRAMES {
            for band in 0..=BANDS - width {
                let mut answers = vec![0.0_f64; filters];
                for tap in (0..height).filter(|tap| (before..FRAMES + before).contains(&(frame + tap))) {
                    for column in 0..width {
                        let value = f64::from(patch[(frame + tap - before) * BANDS + band + column]);
                        for (filter, answer) in answers.iter_mut().enumerate() {
                            *answer += value * f64::from(kernel[(tap * width + column) * filters + filter]);
                        }
                    }
                }
                let mut row: Vec<f32> = answers.into_iter().map(|answer| answer as f32).collect();
                norm.activate(&mut row, bias);
                let best = &mut largest[frame * filters..][..filters];
                best.iter_mut().zip(row).for_each(|(best, value)| *best = best.max(value));
            }
        }
        largest
    }

    /// Of either kind; half the channels fall with their input.
    #[test]
    fn both_kinds_of_filters_are_the_plain_convolution() {
        let filters = 6;
        let patch = numbers(FRAMES * BANDS, 1);
        for size in [[7, 38], [7, 67], [128, 1], [32, 1]] {
            let kernel = numbers(size[0] * size[1] * filters, 2);
            let bias = numbers(filters, 3);
            let gamma = [1.5, -0.7, 0.3, -1.0, 2.0, -0.1];
            let (beta, mean, variance) = (numbers(filters, 4), numbers(filters, 5), vec![0.5; filters]);
            let norm = Norm::new([&gamma, &beta, &mean, &variance]);
            let expected = plainly(&patch, &kernel, size, &bias, &norm);
            let found = Filters::new(&kernel, size, bias, norm).apply(&patch);
            let scale = expected.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            let worst = found.iter().zip(&expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max);
            assert!(found.len() == expected.len() && worst <= 2e-6 * scale, "{size:?}: {worst} of {scale}");
        }
    }
}
