//! A graph of ONNX's operators: nodes, constants, inputs, outputs.
//!
//! # References
//! ONNX 1.14, onnx.proto (the numbers of fields); operators as of version 13.

use super::proto::Message;

/// The version of the operators' set.
const OPERATORS: u64 = 13;
/// Of the file's form: that which came with those operators.
const FORM: u64 = 7;
const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// A graph that grows node by node.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Message>,
    constants: Vec<Message>,
    inputs: Vec<Message>,
    outputs: Vec<Message>,
}

/// The name of a value in a graph.
#[derive(Clone, Debug)]
pub struct Value(String);

impl Graph {
    /// An input of rows: `[N, …]`.
    pub fn input(&mut self, name: &str, row: &[usize]) -> Value {
        self.inputs.push(described(name, row));
        Value(name.to_owned())
    }

    /// Constant numbers.
    pub fn constant(&mut self, shape: &[usize], values: &[f32]) -> Value {
        self.tensor(shape, FLOAT, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// A constant axis.
    fn axis(&mut self, axis: i64) -> Value {
        self.tensor(&[1], INT64, axis.to_le_bytes().to_vec())
    }

    fn tensor(&mut self, shape: &[usize], kind: u64, bytes: Vec<u8>) -> Value {
        let name = format!("constant.{}", self.constants.len());
        let tensor = Message::default().each(shape, |tensor, size| tensor.number(1, *size as u64));
        self.constants.push(tensor.number(2, kind).bytes(8, &name).bytes(9, bytes));
        Value(name)
    }

    /// An operator without attributes.
    pub fn node(&mut self, operator: &str, inputs: &[&Value]) -> Value {
        self.push(operator, inputs, None)
    }

    /// Values side by side.
    pub fn beside(&mut self, values: &[&Value]) -> Value {
        // A whole number: AttributeProto's type 2.
        let axis = Message::default().bytes(1, "axis").number(3, 1).number(20, 2);
        self.push("Concat", values, Some(axis))
    }

    /// The sum over columns, `[N, columns]` → `[N, 1]`.
    pub fn row_sums(&mut self, value: &Value) -> Value {
        let axis = self.axis(1);
        self.node("ReduceSum", &[value, &axis])
    }

    fn push(&mut self, operator: &str, inputs: &[&Value], attribute: Option<Message>) -> Value {
        let name = format!("{}.{}", operator.to_lowercase(), self.nodes.len());
        let node = Message::default().each(inputs, |node, input| node.bytes(1, &input.0)).bytes(2, &name).bytes(3, &name);
        self.nodes.push(node.bytes(4, operator).each(attribute, |node, attribute| node.message(5, &attribute)));
        Value(name)
    }

    /// Gives a value out under a name.
    pub fn output(&mut self, name: &str, value: &Value, row: &[usize]) {
        let node = Message::default().bytes(1, &value.0).bytes(2, name).bytes(3, format!("output.{name}"));
        self.nodes.push(node.bytes(4, "Identity"));
        self.outputs.push(described(name, row));
    }

    /// The file's bytes, with notes for whoever opens it.
    pub fn into_bytes(self, notes: &[(&str, &str)]) -> Vec<u8> {
        let graph = Message::default()
            .each(&self.nodes, |graph, node| graph.message(1, node))
            .bytes(2, "segno")
            .each(&self.constants, |graph, tensor| graph.message(5, tensor))
            .each(&self.inputs, |graph, input| graph.message(11, input))
            .each(&self.outputs, |graph, output| graph.message(12, output));
        let operators = Message::default().bytes(1, "").number(2, OPERATORS);
        Message::default()
            .number(1, FORM)
            .bytes(2, "segno")
            .bytes(3, env!("CARGO_PKG_VERSION"))
            .message(7, &graph)
            .message(8, &operators)
            .each(notes, |model, (key, value)| model.message(14, &Message::default().bytes(1, key).bytes(2, value)))
            .into_bytes()
    }
}

/// ValueInfoProto of rows, however many there are.
fn described(name: &str, row: &[usize]) -> Message {
    let any = Message::default().bytes(2, "N");
    let shape = Message::default().message(1, &any);
    let shape = shape.each(row, |shape, size| shape.message(1, &Message::default().number(1, *size as u64)));
    let tensor = Message::default().number(1, FLOAT).message(2, &shape);
    Message::default().bytes(1, name).message(2, &Message::default().message(1, &tensor))
}
