//! What an audit finds, and what it does not.

#[path = "../../examples/robustness/copies.rs"]
#[allow(dead_code)] // the example makes more kinds of copies than the tests need
mod copies;
mod gtzan;
mod matching;
mod page;
mod real;
mod reference;
mod scale;
mod sides;
mod synthetic;
mod world;
