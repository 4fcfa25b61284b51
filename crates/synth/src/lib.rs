//! A small synthetic corpus of real audio files, byte-identical for a seed.
