//! A network's parameters by name.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData, backend::Backend};

use crate::ModelError;

/// A parameter with its name, e.g. `lstm.0.input_weights`.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// The path of fields to it, joined by dots.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values, row-major.
    pub values: Vec<f32>,
}

/// Every parameter of a module, in the order of its fields.
pub fn weights<B: Backend, M: Module<B>>(module: &M) -> Vec<NamedTensor> {
    let mut collector = Collector::default();
    module.visit(&mut collector);
    collector.found
}

/// The module with its parameters replaced by those of the same names.
///
/// # Errors
/// [`ModelError::Tensor`] when one is missing, has another shape, or is left over.
pub fn load_weights<B: Backend, M: Module<B>>(module: M, tensors: Vec<NamedTensor>) -> Result<M, ModelError> {
    let mut loader =
        Loader { path: Path::default(), given: tensors.into_iter().map(|tensor| (tensor.name.clone(), tensor)).collect(), error: None };
    let module = module.map(&mut loader);
    match (loader.error, loader.given.into_values().next()) {
        (Some(error), _) => Err(error),
        (None, Some(left_over)) => {
            Err(ModelError::Tensor { name: left_over.name, found: format!("{:?}", left_over.shape), expected: "none".into() })
        }
        (None, None) => Ok(module),
    }
}

/// The fields on the way to a parameter; an enum's variant is no part of the name.
#[derive(Default)]
struct Path(Vec<Option<String>>);

impl Path {
    fn enter(&mut self, name: &str, container: &str) {
        self.0.push((!container.starts_with("Enum:")).then(|| name.to_owned()));
    }

    fn exit(&mut self) {
        self.0.pop();
    }

    fn name(&self) -> String {
        self.0.iter().flatten().cloned().collect::<Vec<_>>().join(".")
    }
}

#[derive(Default)]
struct Collector {
    path: Path,
    found: Vec<NamedTensor>,
}

impl<B: Backend> ModuleVisitor<B> for Collector {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        let tensor = param.val();
        let values = tensor.to_data().convert::<f32>().to_vec().expect("converted to f32");
        self.found.push(NamedTensor { name: self.path.name(), shape: tensor.dims().to_vec(), values });
    }
}

struct Loader {
    path: Path,
    given: BTreeMap<String, NamedTensor>,
    error: Option<ModelError>,
}

impl<B: Backend> ModuleMapper<B> for Loader {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let name = self.path.name();
        let expected = param.dims();
        match self.given.remove(&name) {
            Some(tensor) if tensor.shape == expected => {
                let device = param.device();
                param.map(|old| {
                    let new = Tensor::from_data(TensorData::new(tensor.values, tensor.shape), &device);
                    if old.is_require_grad() { new.require_grad() } else { new }
                })
            }
            other => {
                let found = other.map_or_else(|| "none".to_owned(), |tensor| format!("{:?}", tensor.shape));
                self.error.get_or_insert(ModelError::Tensor { name, found, expected: format!("{expected:?}") });
                param
            }
        }
    }
}
