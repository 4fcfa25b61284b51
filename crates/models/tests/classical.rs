//! Logistic regression and support vector machines against scikit-learn, and what must hold of every fit.

mod common;

use std::collections::BTreeMap;

use burn::backend::{Flex, NdArray};
use burn::tensor::{Tensor, TensorData};
use common::{assert_close, values};
use segno_models::classical::{Fitted, Task, fit};
use segno_models::ops::Ops;
use segno_models::{
    Gamma, GammaRule, LogisticConfig, Mode, ModelConfig, Penalty, Scheme, Signature, SvmConfig, SvmKernel, TaskClasses, weights,
};
use serde::Deserialize;

const INPUTS: usize = 12;

#[derive(Deserialize)]
struct Golden {
    cases: BTreeMap<String, Case>,
}

#[derive(Deserialize)]
struct Case {
    model: ModelConfig,
    decision: Vec<f32>,
}

/// Rows and labels of classical.py.
fn overlapping(rows: usize, classes: usize, seed: u32) -> (Vec<f32>, Vec<usize>) {
    let labels: Vec<usize> = (0..rows).map(|row| row % classes).collect();
    let mut x = values(rows * INPUTS, seed);
    labels.iter().enumerate().for_each(|(row, label)| x[row * INPUTS + label] += 0.5);
    (x, labels)
}

fn svm(kernel: SvmKernel) -> ModelConfig {
    ModelConfig::Svm(SvmConfig { kernel, c: 1.0, tolerance: 1e-6, max_iterations: 1_000_000 })
}

const AUTO: Gamma = Gamma::Rule(GammaRule::Auto);

/// One of each kind.
fn kinds() -> [ModelConfig; 6] {
    [
        svm(SvmKernel::Linear { penalty: Penalty::L2 }),
        svm(SvmKernel::Linear { penalty: Penalty::L1 }),
        svm(SvmKernel::Rbf { gamma: AUTO }),
        svm(SvmKernel::Polynomial { degree: 3, gamma: AUTO, coef0: 0.0 }),
        svm(SvmKernel::Sigmoid { gamma: AUTO, coef0: 0.0 }),
        ModelConfig::Logistic(LogisticConfig { scheme: Scheme::OneVsRest, c: 1.0, tolerance: 1e-5, max_iterations: 1000 }),
    ]
}

fn signature(classes: &[usize]) -> Signature {
    let task = |(task, classes): (usize, &usize)| TaskClasses {
        task: task.to_string(),
        classes: (0..*classes).map(|class| class.to_string()).collect(),
    };
    Signature { input: [3, INPUTS / 3], tasks: classes.iter().enumerate().map(task).collect() }
}

/// Decision values [rows, classes] a task.
fn decide<B: Ops>(model: &ModelConfig, fitted: &Fitted, classes: &[usize], x: Vec<f32>) -> Vec<Vec<f32>> {
    let device = B::Device::default();
    let network = model.load::<B>(&signature(classes), fitted.weights.clone(), &device).unwrap();
    let x = Tensor::from_data(TensorData::new(x.clone(), [x.len() / INPUTS, 3, INPUTS / 3]), &device);
    network.forward(x, &mut Mode::Infer).into_iter().map(|logits| logits.into_data().to_vec().unwrap()).collect()
}

fn compare_with_scikit_learn<B: Ops>() {
    let golden: Golden = serde_json::from_str(include_str!("golden/classical.json")).unwrap();
    assert_eq!(golden.cases.len(), 8);
    let (x, labels) = overlapping(90, 3, 7);
    let (test, _) = overlapping(20, 3, 8);
    for (name, case) in golden.cases {
        let fitted = fit(&case.model, &x, &[Task { labels: &labels, classes: 3 }]).unwrap();
        assert!(fitted.converged && fitted.iterations > 0, "{name}: {:?}", fitted.ending());
        let mut decision = decide::<B>(&case.model, &fitted, &[3], test.clone()).remove(0);
        if name == "multinomial" {
            for row in decision.chunks_exact_mut(3) {
                let mean = row.iter().sum::<f32>() / 3.0;
                row.iter_mut().for_each(|value| *value -= mean);
            }
        }
        // What stops short of the optimum is within its tolerance of it: L-BFGS at 1e-5, the machines at 1e-8.
        let tolerance = if matches!(case.model, ModelConfig::Logistic(_)) { 1e-3 } else { 5e-6 };
        assert_close(&name, &decision, &case.decision, tolerance);
    }
}

#[test]
fn decision_values_are_those_of_scikit_learn() {
    compare_with_scikit_learn::<Flex>();
}

#[test]
fn decision_values_are_those_of_scikit_learn_on_ndarray() {
    compare_with_scikit_learn::<NdArray>();
}

#[test]
fn every_task_is_fitted_as_if_it_were_alone() {
    let (x, genre) = overlapping(60, 3, 1);
    let mood: Vec<usize> = genre.iter().enumerate().map(|(row, genre)| (row / 7 + genre) % 2).collect();
    let tasks = [Task { labels: &genre, classes: 3 }, Task { labels: &mood, classes: 2 }];
    let (test, _) = overlapping(20, 3, 2);
    for model in kinds() {
        let both = fit(&model, &x, &tasks).unwrap();
        let both_decide = decide::<Flex>(&model, &both, &[3, 2], test.clone());
        for (task, decided) in tasks.iter().zip(both_decide) {
            let alone = fit(&model, &x, &[*task]).unwrap();
            let alone = decide::<Flex>(&model, &alone, &[task.classes], test.clone()).remove(0);
            assert_close(&format!("{model:?}"), &decided, &alone, 1e-6);
        }
    }
}

#[test]
fn a_fit_on_any_number_of_threads_is_the_same_to_the_bit() {
    let (x, labels) = overlapping(60, 3, 1);
    for model in kinds() {
        let fitted = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fit(&model, &x, &[Task { labels: &labels, classes: 3 }]).unwrap().weights)
        };
        assert_eq!(fitted(1), fitted(3), "{model:?}");
    }
}

#[test]
fn a_fit_that_is_cut_off_says_so() {
    let (x, labels) = overlapping(60, 3, 1);
    for mut model in kinds() {
        match &mut model {
            ModelConfig::Svm(config) => config.max_iterations = 2,
            ModelConfig::Logistic(config) => config.max_iterations = 2,
            other => panic!("{other:?} has epochs"),
        }
        let ending = fit(&model, &x, &[Task { labels: &labels, classes: 3 }]).unwrap().ending();
        assert!(ending.is_cause_for_warning(), "{model:?}: {ending}");
    }
}

#[test]
fn a_class_without_a_row_is_never_the_answer() {
    let (x, labels) = overlapping(60, 3, 1);
    for model in kinds() {
        let fitted = fit(&model, &x, &[Task { labels: &labels, classes: 4 }]).unwrap();
        assert!(fitted.converged, "{model:?}: {:?}", fitted.ending());
        for row in decide::<Flex>(&model, &fitted, &[4], x.clone()).remove(0).chunks_exact(4) {
            assert!(row[3] < -0.9 && row[..3].iter().any(|value| *value > row[3]), "{model:?}: {row:?}");
        }
    }
}

#[test]
fn more_rows_than_inputs_or_fewer_the_linear_machine_is_the_same() {
    // 40 rows of 12 inputs go by the weights; with inputs of zeros behind them, by the inner products.
    let model = svm(SvmKernel::Linear { penalty: Penalty::L2 });
    let (x, labels) = overlapping(40, 3, 1);
    let padded: Vec<f32> = x.chunks_exact(INPUTS).flat_map(|row| row.iter().copied().chain([0.0; 48])).collect();
    let of = |x: &[f32]| fit(&model, x, &[Task { labels: &labels, classes: 3 }]).unwrap().weights;
    let (by_weights, by_products) = (of(&x), of(&padded));
    assert_close("weights", &by_products[0].values[..INPUTS * 3], &by_weights[0].values, 1e-5);
    assert!(by_products[0].values[INPUTS * 3..].iter().all(|weight| *weight == 0.0));
    assert_close("bias", &by_products[1].values, &by_weights[1].values, 1e-5);
}

#[test]
fn the_lasso_leaves_out_what_says_nothing() {
    let (x, labels) = overlapping(60, 3, 1);
    let config = SvmConfig { kernel: SvmKernel::Linear { penalty: Penalty::L1 }, c: 0.1, tolerance: 1e-6, max_iterations: 1000 };
    let weights = fit(&ModelConfig::Svm(config), &x, &[Task { labels: &labels, classes: 3 }]).unwrap().weights;
    let (telling, rest) = weights[0].values.split_at(9);
    assert!(telling.iter().any(|weight| *weight != 0.0));
    let zeros = rest.iter().filter(|weight| **weight == 0.0).count();
    assert!(zeros * 4 > rest.len() * 3, "{zeros} of {} are 0", rest.len());
}

#[test]
fn nearly_equal_kernels_keep_their_digits() {
    // Amplitudes as small as those of music: every kernel is 1 but for the sixth digit, where the answer lies.
    let (x, labels) = overlapping(60, 3, 1);
    let small: Vec<f32> = x.iter().map(|value| value * 1e-3).collect();
    let (model, tiny) = (svm(SvmKernel::Rbf { gamma: AUTO }), [Task { labels: &labels, classes: 3 }]);
    let fitted = fit(&model, &small, &tiny).unwrap();
    let decided = decide::<Flex>(&model, &fitted, &[3], small.clone()).remove(0);
    let [support, gamma, coefficients, bias] = &fitted.weights[..] else { panic!("{:?}", fitted.weights) };
    for (row, decided) in small.chunks_exact(INPUTS).zip(decided.chunks_exact(3)) {
        let kernel = |vector: &[f32]| {
            let distance: f64 = row.iter().zip(vector).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
            (-f64::from(gamma.values[0]) * distance).exp()
        };
        for class in 0..3 {
            let terms = support.values.chunks_exact(INPUTS).zip(coefficients.values.chunks_exact(3));
            let (sum, all) = terms.fold((0.0, 0.0), |(sum, all), (vector, coefficients)| {
                let coefficient = f64::from(coefficients[class]);
                (sum + coefficient * kernel(vector), all + coefficient)
            });
            // f32 rounds what is near -1 to 6e-8; kernels of 1 would have been off by forty times as much.
            let expected = sum - all + f64::from(bias.values[class]);
            assert!((f64::from(decided[class]) - expected).abs() < 1.3e-7, "{} against {expected}", decided[class]);
        }
    }
}

#[test]
fn a_kernel_machine_survives_its_parameters() {
    let (x, labels) = overlapping(60, 3, 1);
    let model = svm(SvmKernel::Rbf { gamma: Gamma::Number(0.5) });
    let fitted = fit(&model, &x, &[Task { labels: &labels, classes: 3 }]).unwrap();
    let network = model.load::<Flex>(&signature(&[3]), fitted.weights.clone(), &Default::default()).unwrap();
    assert_eq!(weights(&network), fitted.weights);
    assert_eq!(fitted.weights[1].values, [0.5]);
    let missing = model.load::<Flex>(&signature(&[3]), fitted.weights[1..].to_vec(), &Default::default()).unwrap_err();
    assert!(missing.to_string().starts_with("tensor "), "{missing}");
}

#[test]
fn knobs_are_told_by_their_names() {
    let read = |text: &str| serde_json::from_str::<ModelConfig>(text).map_err(|error| error.to_string());
    let with = |kernel: &str| format!(r#"{{"svm":{{"kernel":{kernel},"c":1.0,"tolerance":1e-3,"max_iterations":10}}}}"#);
    for (kernel, expected) in [
        (r#"{"rbf":{"gamma":"auto"}}"#, SvmKernel::Rbf { gamma: AUTO }),
        (r#"{"rbf":{"gamma":0.25}}"#, SvmKernel::Rbf { gamma: Gamma::Number(0.25) }),
        (r#"{"linear":{"penalty":"l1"}}"#, SvmKernel::Linear { penalty: Penalty::L1 }),
    ] {
        let ModelConfig::Svm(config) = read(&with(kernel)).unwrap() else { panic!("{kernel}") };
        assert_eq!(config.kernel, expected);
        assert!(!ModelConfig::Svm(config).has_epochs());
    }
    assert!(read(&with(r#"{"rbf":{"gamma":"wide"}}"#)).unwrap_err().contains(r#""auto", "scale" or a number above 0"#));
    let refused = |kernel, c, knob: &str| {
        let config = SvmConfig { kernel, c, tolerance: 1e-3, max_iterations: 10 };
        let says = ModelConfig::Svm(config).check().unwrap_err().to_string();
        assert!(says.contains(knob), "{says}");
    };
    refused(SvmKernel::Rbf { gamma: AUTO }, 0.0, "c is 0");
    refused(SvmKernel::Rbf { gamma: Gamma::Number(-1.0) }, 1.0, "gamma is -1");
    refused(SvmKernel::Polynomial { degree: 0, gamma: AUTO, coef0: 0.0 }, 1.0, "degree is 0");
    refused(SvmKernel::Sigmoid { gamma: AUTO, coef0: f64::NAN }, 1.0, "coef0 is NaN");
}
