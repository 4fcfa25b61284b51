//! End-to-end tests over the stages live in `tests/`.
