//! Fused neural-network operations on plain slices.
