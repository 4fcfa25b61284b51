//! End-to-end tests over the stages.

mod common;
mod extraction;
mod fma;
mod road;
