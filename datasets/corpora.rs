//! The corpora that segno knows by name, as they are declared.
//!
//! A folder each: `corpus.toml` with citation, licence, addresses, checksums and known faults; a table of facts a track where there is one;
//! `experiments/`, a file a paper. No audio.
//!
//! - [`CORPORA`]: all of them; [`corpus`]: one by its name.
//!
//! ```
//! let gtzan = segno_corpora::corpus("gtzan").unwrap();
//! assert!(gtzan.declaration.contains("Tzanetakis"));
//! assert_eq!(gtzan.facts.unwrap().lines().count(), 1 + 1000);
//! ```
//!
//! This crate knows nothing of what the text means: segno-dataset reads it.

/// A corpus as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// The name, which is its folder's.
    pub name: &'static str,
    /// `corpus.toml`.
    pub declaration: &'static str,
    /// `tracks.csv`: a header, then a row a track.
    pub facts: Option<&'static str>,
}

/// Tzanetakis and Cook 2002: 1000 tracks of ten genres.
pub const GTZAN: Corpus =
    Corpus { name: "gtzan", declaration: include_str!("gtzan/corpus.toml"), facts: Some(include_str!("gtzan/tracks.csv")) };
/// The Free Music Archive's tables and clips.
pub const FMA: Corpus = Corpus { name: "fma", declaration: include_str!("fma/corpus.toml"), facts: None };
/// The 4Q audio emotion set.
pub const FOUR_Q: Corpus = Corpus { name: "4qaed", declaration: include_str!("4qaed/corpus.toml"), facts: None };
/// What `segno corpus synth` makes.
pub const SYNTHETIC: Corpus = Corpus { name: "synthetic", declaration: include_str!("synthetic/corpus.toml"), facts: None };

/// All corpora.
pub const CORPORA: [Corpus; 4] = [GTZAN, FMA, FOUR_Q, SYNTHETIC];

/// The corpus of a name.
#[must_use]
pub fn corpus(name: &str) -> Option<Corpus> {
    CORPORA.into_iter().find(|corpus| corpus.name == name)
}
