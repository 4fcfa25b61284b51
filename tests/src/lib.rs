//! End-to-end tests over the stages: they live in `tests/`. The library has the snippets of `docs/`, which are compiled and run as its doctests.

/// docs/tutorials/use-a-crate.md
#[cfg(doctest)]
#[doc = include_str!("../../docs/tutorials/use-a-crate.md")]
pub struct UseACrate;

/// docs/tutorials/add-a-model.md
#[cfg(doctest)]
#[doc = include_str!("../../docs/tutorials/add-a-model.md")]
pub struct AddAModel;
