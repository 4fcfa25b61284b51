//! End-to-end tests over the stages.

mod artist;
mod audit;
mod common;
mod extraction;
mod fma;
mod report;
mod road;
