//! Correlation by way of Fourier against its definition in f64.

use proptest::prelude::*;
use segno_kernels::SpectralBank;

fn noise(length: usize, seed: u32) -> Vec<f32> {
    (0..length as u32).map(|i| ((i ^ seed).wrapping_mul(2_654_435_761) >> 8) as f32 / 8_388_608.0 - 1.0).collect()
}

fn check([height, width, filters]: [usize; 3], [rows, columns]: [usize; 2], seed: u32) {
    let (weights, image) = (noise(height * width * filters, seed), noise(rows * columns, seed + 99));
    let found = SpectralBank::new(&weights, [height, width, filters], columns).largest(&image);
    assert_eq!(found.len(), (rows - height + 1) * filters);
    for (at, found) in found.into_iter().enumerate() {
        let (start, filter) = (at / filters, at % filters);
        let answer = |place: usize| -> f64 {
            let taps = (0..height).flat_map(|row| (0..width).map(move |column| (row, column)));
            taps.map(|(row, column)| {
                let weight = weights[(row * width + column) * filters + filter];
                f64::from(weight) * f64::from(image[(start + row) * columns + place + column])
            })
            .sum()
        };
        let expected = (0..=columns - width).map(answer).fold(f64::NEG_INFINITY, f64::max);
        let tolerance = 4e-7 * (height * width) as f64 + 1e-5;
        assert!((f64::from(found) - expected).abs() < tolerance, "window {start}, filter {filter}: {found}, expected {expected}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn answers_are_those_of_the_definition(
        height in 1usize..5, more_rows in 0usize..9, width in 1usize..20, more_columns in 0usize..30, filters in 1usize..20, seed in 0u32..10_000,
    ) {
        check([height, width, filters], [height + more_rows, width + more_columns], seed);
    }
}

/// MusiCNN's two banks, on a few frames.
#[test]
fn filters_over_mel_bands() {
    check([7, 38, 204], [11, 96], 1);
    check([7, 67, 204], [11, 96], 2);
}

#[test]
#[should_panic(expected = "on 5 columns")]
fn a_filter_wider_than_the_image_is_refused() {
    SpectralBank::new(&[0.0; 6], [1, 6, 1], 5);
}
