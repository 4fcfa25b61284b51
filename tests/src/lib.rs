//! End-to-end tests over the stages: they live in `tests/`, and this library is empty.
