//! Predict, score and report: every number from stored predictions.
