//! Figures of others for what a head was measured on.

use segno_dataset::Protocol;
use serde::Serialize;

/// An accuracy that somebody else published. Nothing here was measured by us.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Published {
    /// Share of the test tracks.
    pub accuracy: f64,
    /// Test tracks of the public split.
    pub tracks: usize,
    /// What it is the accuracy of.
    pub what: &'static str,
    /// Whence we have it.
    pub source: &'static str,
}

/// As in our survey of peers, which has it from the literature; its classifier, and how that was tuned, we do not know.
const MUSICNN_ON_GTZAN: Published =
    Published { accuracy: 0.735, tracks: 290, what: "a probe on MusiCNN's frozen features", source: "the project's survey of peers" };

/// The published figure for a corpus, a task and a protocol, where one is known.
pub fn published(corpus: &str, task: &str, protocol: Protocol) -> Option<Published> {
    (corpus == "gtzan" && task == "genre" && protocol == Protocol::FaultFiltered).then_some(MUSICNN_ON_GTZAN)
}

impl Published {
    /// The line that stands beside a result over so many tracks.
    pub fn told(&self, tested: usize) -> String {
        let Self { accuracy, tracks, what, source } = self;
        let fewer = if tested == *tracks { String::new() } else { format!(", of which {tested} were tested here") };
        format!(
            "beside it, a published figure that was not measured here: {accuracy:.3} for {what}, {tracks} test tracks{fewer} (from {source})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_figure_stands_beside_its_own_protocol_alone() {
        let told = published("gtzan", "genre", Protocol::FaultFiltered).unwrap().told(290);
        assert!(told.contains("published figure that was not measured here: 0.735") && told.contains("290 test tracks (from"), "{told}");
        let told = MUSICNN_ON_GTZAN.told(29);
        assert!(told.contains("290 test tracks, of which 29 were tested here"), "{told}");
        assert_eq!(published("gtzan", "genre", Protocol::Artist), None);
        assert_eq!(published("4qaed", "genre", Protocol::FaultFiltered), None);
    }
}
