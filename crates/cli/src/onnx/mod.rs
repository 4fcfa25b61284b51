//! Models as ONNX files, for other programs: standardisation, classifier, temperature and softmax in one graph.
//!
//! What has layers of weights alone is there (logistic regression, linear machines, perceptrons) and machines under a Gaussian kernel; what
//! comes before, from sound to numbers, is not: the model's card says which features a row is.

mod graph;
mod proto;

use anyhow::{Result, bail, ensure};
use graph::{Graph, Value};
use segno_models::{Activation, Head, ModelConfig, ModelFile, NamedTensor, Normaliser, SvmKernel};

/// A head: an input `input.<i>` `[N, width]` for each of the card's, an output `[N, classes]` of probabilities for each task, by its name.
///
/// # Errors
/// A classifier that has no such graph.
pub fn of_head(head: &Head) -> Result<Vec<u8>> {
    let mut graph = Graph::default();
    let name = |index: usize| format!("input.{index}");
    let inputs: Vec<Value> = head.card.inputs.iter().enumerate().map(|(at, input)| graph.input(&name(at), &[input.width])).collect();
    for (task, classifier) in head.card.tasks.iter().zip(&head.classifiers) {
        let read: Vec<&Value> = task.inputs.iter().map(|input| &inputs[*input]).collect();
        let x = if let [only] = read[..] { only.clone() } else { graph.beside(&read) };
        let x = standardised(&mut graph, &x, &classifier.normaliser);
        let [logits] = <[_; 1]>::try_from(layers(&mut graph, x, &task.model, &classifier.weights, 1)?).expect("a layer a task");
        let temperature = graph.constant(&[1], &[task.temperature as f32]);
        let tempered = graph.node("Div", &[&logits, &temperature]);
        let probabilities = graph.node("Softmax", &[&tempered]);
        graph.output(&task.task.task, &probabilities, &[task.task.classes.len()]);
    }
    Ok(graph.into_bytes(&[("segno.card", &serde_json::to_string(&head.card)?)]))
}

/// A network trained on features: an input `features` `[N, frames, bins]`, an output of probabilities for each task, by its name.
///
/// # Errors
/// A network that has no such graph.
pub fn of_trained(model: &ModelFile) -> Result<Vec<u8>> {
    let (mut graph, card) = (Graph::default(), &model.card);
    let x = graph.input("features", &card.signature.input);
    let x = standardised(&mut graph, &x, &model.normaliser);
    let x = graph.node("Flatten", &[&x]);
    let tasks = &card.signature.tasks;
    for (task, logits) in tasks.iter().zip(layers(&mut graph, x, &card.model, &model.weights, tasks.len())?) {
        let probabilities = graph.node("Softmax", &[&logits]);
        graph.output(&task.task, &probabilities, &[task.classes.len()]);
    }
    Ok(graph.into_bytes(&[("segno.card", &serde_json::to_string(card)?)]))
}

fn standardised(graph: &mut Graph, x: &Value, normaliser: &Normaliser) -> Value {
    let Normaliser { mean, deviation } = normaliser;
    if mean.is_empty() {
        return x.clone();
    }
    let (mean, deviation) = (graph.constant(&[mean.len()], mean), graph.constant(&[deviation.len()], deviation));
    let centred = graph.node("Sub", &[x, &mean]);
    graph.node("Div", &[&centred, &deviation])
}

/// Logits of each task.
fn layers(graph: &mut Graph, x: Value, model: &ModelConfig, weights: &[NamedTensor], tasks: usize) -> Result<Vec<Value>> {
    let heads = |graph: &mut Graph, x: &Value| -> Result<Vec<Value>> {
        (0..tasks).map(|task| dense(graph, x, weights, &format!("heads.{task}"), "weight")).collect()
    };
    match model {
        ModelConfig::Logistic(_) => heads(graph, &x),
        ModelConfig::Svm(config) => match config.kernel {
            SvmKernel::Linear { .. } => heads(graph, &x),
            SvmKernel::Rbf { .. } => {
                let kernels = gaussian(graph, &x, tensor(weights, "support")?, tensor(weights, "gamma")?);
                (0..tasks).map(|task| dense(graph, &kernels, weights, &format!("heads.{task}"), "coefficients")).collect()
            }
            other => bail!("a machine under the kernel {other:?} has no ONNX graph here: export it as --format safetensors"),
        },
        ModelConfig::Mlp(config) => {
            let operator = match config.activation {
                Activation::Relu => "Relu",
                Activation::Sigmoid => "Sigmoid",
            };
            let mut x = x;
            for layer in 0..config.hidden.len() {
                let sums = dense(graph, &x, weights, &format!("hidden.{layer}"), "weight")?;
                x = graph.node(operator, &[&sums]);
            }
            heads(graph, &x)
        }
        ModelConfig::Recurrent(_) | ModelConfig::Cnn(_) => {
            bail!("recurrent and convolutional networks have no ONNX graph here: export them as --format safetensors")
        }
    }
}

/// `x · weights + bias`.
fn dense(graph: &mut Graph, x: &Value, weights: &[NamedTensor], layer: &str, kind: &str) -> Result<Value> {
    let (matrix, bias) = (tensor(weights, &format!("{layer}.{kind}"))?, tensor(weights, &format!("{layer}.bias"))?);
    ensure!(matrix.shape.len() == 2, "tensor {}: found shape {:?}, expected a matrix", matrix.name, matrix.shape);
    let (matrix, bias) = (graph.constant(&matrix.shape, &matrix.values), graph.constant(&bias.shape, &bias.values));
    Ok(graph.node("Gemm", &[x, &matrix, &bias]))
}

/// `e^(-γ |x - s|²) - 1` with every support vector, by the same steps as the machine itself, whose page has the reason.
fn gaussian(graph: &mut Graph, x: &Value, support: &NamedTensor, gamma: &NamedTensor) -> Value {
    let [count, width] = [support.shape[0], support.shape[1]];
    let turned: Vec<f32> = (0..width).flat_map(|column| (0..count).map(move |row| support.values[row * width + column])).collect();
    let squares: Vec<f32> = support.values.chunks_exact(width).map(|row| row.iter().map(|value| value * value).sum()).collect();
    let (turned, squares) = (graph.constant(&[width, count], &turned), graph.constant(&[1, count], &squares));
    let [minus_two, two, one] = [-2.0, 2.0, 1.0].map(|number| graph.constant(&[1], &[number]));
    let gamma = graph.constant(&[1], &gamma.values);
    let products = graph.node("MatMul", &[x, &turned]);
    let doubled = graph.node("Mul", &[&products, &minus_two]);
    let own = graph.node("Mul", &[x, x]);
    let own = graph.row_sums(&own);
    let sums = graph.node("Add", &[&own, &squares]);
    let distances = graph.node("Add", &[&sums, &doubled]);
    let distances = graph.node("Relu", &[&distances]);
    let exponent = graph.node("Mul", &[&distances, &gamma]);
    let exponent = graph.node("Neg", &[&exponent]);
    let half = graph.node("Div", &[&exponent, &two]);
    let half = graph.node("Tanh", &[&half]);
    let power = graph.node("Exp", &[&exponent]);
    let power = graph.node("Add", &[&power, &one]);
    graph.node("Mul", &[&half, &power])
}

fn tensor<'a>(weights: &'a [NamedTensor], name: &str) -> Result<&'a NamedTensor> {
    let found = weights.iter().find(|tensor| tensor.name == name);
    found.ok_or_else(|| anyhow::anyhow!("tensor {name}: found none: `segno model verify` says what else is wrong"))
}
