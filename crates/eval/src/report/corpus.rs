//! What a reader must know of the corpus before any number.

use std::collections::BTreeMap;

use super::{
    input::{CorpusFacts, LeftOut},
    model::{Corpus, LeftOutGroup},
    text,
};

/// The lines that open every form: an incomplete corpus first, then a synthetic one.
pub(super) fn banners(facts: &CorpusFacts, paper_corpus: Option<&str>) -> Vec<String> {
    let mut banners = Vec::new();
    if let Some(expected) = facts.expected_tracks.filter(|&expected| facts.tracks_used < expected) {
        banners.push(format!("{} of {expected} tracks: the paper's figures are not comparable", facts.tracks_used));
    }
    if facts.synthetic {
        banners.push("a synthetic corpus, made by a program: its figures say nothing about music".to_owned());
    }
    if let Some(paper) = paper_corpus {
        banners.push(format!("another corpus than the paper's: its figures are of {paper} and cannot be compared with ours"));
    }
    banners
}

/// The corpus with the tracks left out grouped by reason, the most frequent first.
pub(super) fn grouped(facts: &CorpusFacts) -> Corpus {
    let mut by_reason: BTreeMap<&str, Vec<LeftOut>> = BTreeMap::new();
    for track in &facts.left_out {
        by_reason.entry(&track.reason).or_default().push(track.clone());
    }
    let mut left_out: Vec<LeftOutGroup> = by_reason
        .into_iter()
        .map(|(reason, mut tracks)| {
            tracks.sort_by(|one, other| one.track_id.cmp(&other.track_id));
            let mut by_label: BTreeMap<&str, usize> = BTreeMap::new();
            for track in &tracks {
                *by_label.entry(track.label.as_deref().unwrap_or("no label")).or_default() += 1;
            }
            let by_label = by_label.into_iter().map(|(label, n)| (label.to_owned(), n)).collect();
            LeftOutGroup { reason: reason.to_owned(), by_label, tracks }
        })
        .collect();
    left_out.sort_by_key(|group| std::cmp::Reverse(group.tracks.len()));
    let known = facts.tracks_used + facts.left_out.len();
    Corpus {
        name: facts.name.clone(),
        citation: facts.citation.clone(),
        licence: facts.licence.clone(),
        expected_tracks: facts.expected_tracks,
        tracks_used: facts.tracks_used,
        synthetic: facts.synthetic,
        left_out,
        unaccounted_for: facts.expected_tracks.map_or(0, |expected| expected.saturating_sub(known)),
    }
}

/// What to say of tracks that no list names.
pub(super) fn unaccounted_for(n: usize) -> String {
    format!("{} took no part, and no reason was handed in", text::counted(n, "further track", "further tracks"))
}

impl LeftOutGroup {
    /// Up to this many tracks are named outright.
    pub(super) const NAMED: usize = 8;

    /// `jazz.00054`, or `900 tracks (blues 90, classical 90, …)` where there are many.
    pub(super) fn in_short(&self) -> String {
        if self.tracks.len() <= Self::NAMED {
            return self.names();
        }
        let labels: Vec<String> = self.by_label.iter().map(|(label, n)| format!("{label} {n}")).collect();
        format!("{} ({})", text::counted(self.tracks.len(), "track", "tracks"), labels.join(", "))
    }

    /// Every track's id.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.tracks.iter().map(|track| track.track_id.as_str()).collect();
        names.join(", ")
    }
}
