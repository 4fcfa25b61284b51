//! The networks of the papers, their configuration, and the model file.
