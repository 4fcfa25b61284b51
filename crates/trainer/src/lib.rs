//! Fit on the training part, select on the validation part, resume to the same bits.
