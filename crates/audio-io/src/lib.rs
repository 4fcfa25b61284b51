//! An audio file becomes mono f32 samples at one rate.
