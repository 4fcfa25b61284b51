//! What an audit finds, and what it does not.

#[path = "../../examples/robustness/copies.rs"]
mod copies;
mod gtzan;
mod matching;
mod page;
mod real;
mod scale;
mod sides;
mod synthetic;
mod world;
