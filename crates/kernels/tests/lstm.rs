//! The fused LSTM against the textbook equations in f64: values, and gradients by central differences.

use proptest::prelude::*;
use segno_kernels::{LstmShape, lstm_backward, lstm_forward};

fn values(count: usize, seed: u32) -> Vec<f32> {
    (0..count as u32)
        .map(|i| f32::from((i.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) >> 16) as u16) / 65_536.0 - 0.5)
        .collect()
}

/// Names a field of a case.
type Pick = fn(&mut Case) -> &mut Vec<f32>;

struct Case {
    shape: LstmShape,
    x: Vec<f32>,
    w_x: Vec<f32>,
    w_h: Vec<f32>,
    b: Vec<f32>,
    up_h: Vec<f32>,
    up_c: Vec<f32>,
}

impl Case {
    fn new(shape: LstmShape, seed: u32) -> Self {
        let LstmShape { batch, steps, input, hidden } = shape;
        let of = |count, salt| values(count, seed + salt);
        Self {
            shape,
            x: of(batch * steps * input, 1),
            w_x: of(input * 4 * hidden, 2),
            w_h: of(hidden * 4 * hidden, 3),
            b: of(4 * hidden, 4),
            up_h: of(batch * steps * hidden, 5),
            up_c: of(batch * hidden, 6),
        }
    }

    /// The textbook LSTM in f64; returns h [N, T, H] and the loss `Σ h·up_h + Σ c_T·up_c`.
    fn textbook(&self) -> (Vec<f64>, f64) {
        let LstmShape { batch, steps, input, hidden } = self.shape;
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let mut all = vec![];
        let mut loss = 0.0;
        for n in 0..batch {
            let (mut h, mut c) = (vec![0.0; hidden], vec![0.0; hidden]);
            for t in 0..steps {
                let gate = |gate: usize, j: usize, h: &[f64]| {
                    let column = gate * hidden + j;
                    let from_input: f64 = (0..input)
                        .map(|d| f64::from(self.x[(n * steps + t) * input + d]) * f64::from(self.w_x[d * 4 * hidden + column]))
                        .sum();
                    let from_hidden: f64 = (0..hidden).map(|k| h[k] * f64::from(self.w_h[k * 4 * hidden + column])).sum();
                    from_input + from_hidden + f64::from(self.b[column])
                };
                let next: Vec<(f64, f64)> = (0..hidden)
                    .map(|j| {
                        let cell = sigmoid(gate(1, j, &h)) * c[j] + sigmoid(gate(0, j, &h)) * gate(3, j, &h).tanh();
                        (cell, sigmoid(gate(2, j, &h)) * cell.tanh())
                    })
                    .collect();
                (c, h) = next.into_iter().unzip();
                loss += (0..hidden).map(|j| h[j] * f64::from(self.up_h[(n * steps + t) * hidden + j])).sum::<f64>();
                all.extend_from_slice(&h);
            }
            loss += (0..hidden).map(|j| c[j] * f64::from(self.up_c[n * hidden + j])).sum::<f64>();
        }
        (all, loss)
    }

    /// Central difference of the loss by one element of the field that `pick` names.
    fn difference(&mut self, pick: Pick, at: usize) -> f64 {
        let original = pick(self)[at];
        let step = 1.0 / 256.0; // exact in f32 near these magnitudes
        pick(self)[at] = original + step;
        let (up, above) = (f64::from(pick(self)[at]), self.textbook().1);
        pick(self)[at] = original - step;
        let (down, below) = (f64::from(pick(self)[at]), self.textbook().1);
        pick(self)[at] = original;
        (above - below) / (up - down)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn forward_and_gradients_agree_with_the_textbook(batch in 1usize..4, steps in 1usize..5, input in 1usize..6, hidden in 1usize..6, seed in 0u32..1000) {
        let shape = LstmShape { batch, steps, input, hidden };
        let mut case = Case::new(shape, seed);
        let state = lstm_forward(shape, &case.x, &case.w_x, &case.w_h, &case.b);
        for (got, expected) in state.hidden.iter().zip(case.textbook().0) {
            prop_assert!((f64::from(*got) - expected).abs() < 2e-6, "{got} against {expected}");
        }
        let gradients = lstm_backward(shape, &case.x, &case.w_x, &case.w_h, &state, &case.up_h, Some(&case.up_c), true);
        let fields: [(&[f32], Pick); 4] = [
            (gradients.input.as_deref().unwrap(), |case| &mut case.x),
            (&gradients.input_weights, |case| &mut case.w_x),
            (&gradients.hidden_weights, |case| &mut case.w_h),
            (&gradients.bias, |case| &mut case.b),
        ];
        for (field, (got, pick)) in fields.into_iter().enumerate() {
            for at in [0, got.len() / 2, got.len() - 1] {
                let expected = case.difference(pick, at);
                prop_assert!((f64::from(got[at]) - expected).abs() < 2e-4, "field {field} at {at}: {} against {expected}", got[at]);
            }
        }
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let shape = LstmShape { batch: 130, steps: 3, input: 17, hidden: 9 }; // three chunks, the last one short
    let case = Case::new(shape, 11);
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let state = lstm_forward(shape, &case.x, &case.w_x, &case.w_h, &case.b);
            let gradients = lstm_backward(shape, &case.x, &case.w_x, &case.w_h, &state, &case.up_h, None, true);
            (state.hidden, gradients.input, gradients.input_weights, gradients.hidden_weights, gradients.bias)
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(4));
}

#[test]
fn an_unwanted_input_gradient_is_not_computed_and_changes_nothing_else() {
    let shape = LstmShape { batch: 3, steps: 4, input: 5, hidden: 6 };
    let case = Case::new(shape, 3);
    let state = lstm_forward(shape, &case.x, &case.w_x, &case.w_h, &case.b);
    let of = |wanted| lstm_backward(shape, &case.x, &case.w_x, &case.w_h, &state, &case.up_h, Some(&case.up_c), wanted);
    let (with, without) = (of(true), of(false));
    assert!(without.input.is_none() && with.input.is_some());
    assert_eq!(with.input_weights, without.input_weights);
}
