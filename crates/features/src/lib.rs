//! Samples become a matrix of features: spectrograms with the conventions of scipy and librosa.
