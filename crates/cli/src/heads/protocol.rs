//! The protocols that a head can be measured by, and why it cannot be by the others.

use anyhow::{Result, bail, ensure};
use segno_dataset::{Manifest, Protocol};
use segno_models::{HeadCard, HeadTask};

use crate::told::tell;

/// The protocol asked for; where none is, `artist` if the manifest has artists, else `track`, aloud.
///
/// # Errors
/// A protocol that has no meaning for whole tracks tested in folds, `fault-filtered` where no track has a public split, or one by artists where
/// no track has any.
pub fn protocol(asked: Option<Protocol>, manifest: &Manifest) -> Result<Protocol> {
    let has_artists = manifest.present().any(|track| track.artist.is_some());
    match asked {
        Some(Protocol::Track) => Ok(Protocol::Track),
        Some(protocol @ (Protocol::Artist | Protocol::ArtistOnce)) => {
            ensure!(has_artists, "--protocol {protocol}: no track of corpus '{}' has an artist: take `track`", manifest.corpus);
            Ok(protocol)
        }
        Some(Protocol::FaultFiltered) => {
            let has_split = manifest.present().any(|track| track.public_split.is_some());
            ensure!(
                has_split,
                "--protocol fault-filtered: no track of corpus '{}' has a public split: take `artist` or `track`",
                manifest.corpus
            );
            Ok(Protocol::FaultFiltered)
        }
        Some(Protocol::Published) => bail!(
            "--protocol published: it shares out clips of one track, and a head's item is a whole track: take `track`, `artist`, `artist-once` or `fault-filtered`"
        ),
        None if has_artists => Ok(Protocol::Artist),
        None => {
            tell!("no track has an artist: folds keep tracks and their copies together, so songs of one artist may be on both sides");
            Ok(Protocol::Track)
        }
    }
}

/// Why labels are left out of the test and of the head.
pub fn left_out_for(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::FaultFiltered => "with no track in the public train and valid parts",
        Protocol::Artist | Protocol::ArtistOnce => "with fewer artists than folds",
        _ => "with fewer tracks than folds, copies counted once",
    }
}

/// The labels that a task of a head was trained without, with the reason.
pub fn left_out(card: &HeadCard, task: &HeadTask) -> String {
    let why = card.protocol.parse().map_or("left out", left_out_for);
    format!("{why}: {}", task.measured.left_out.join(", "))
}

#[cfg(test)]
mod tests {
    use segno_dataset::{Part, Track};

    use super::*;

    #[test]
    fn what_has_no_meaning_for_whole_tracks_is_refused_with_the_reason() {
        let of = |artist: Option<&str>, public_split| {
            let track = Track { track_id: "a".into(), artist: artist.map(str::to_owned), public_split, ..Track::default() };
            Manifest::new("toy", vec![track]).unwrap()
        };
        let (bare, known) = (of(None, None), of(Some("b"), Some(Part::Test)));
        let refused = |asked, manifest: &Manifest, part: &str| {
            let told = protocol(Some(asked), manifest).unwrap_err().to_string();
            assert!(told.contains(part), "expected '{part}' in: {told}");
        };
        refused(Protocol::Published, &known, "clips of one track, and a head's item is a whole track");
        refused(Protocol::Artist, &bare, "no track of corpus 'toy' has an artist");
        refused(Protocol::ArtistOnce, &bare, "no track of corpus 'toy' has an artist");
        refused(Protocol::FaultFiltered, &bare, "no track of corpus 'toy' has a public split");
        let taken = |asked, manifest| protocol(asked, manifest).unwrap();
        assert_eq!([taken(None, &bare), taken(None, &known)], [Protocol::Track, Protocol::Artist]);
        for asked in [Protocol::Track, Protocol::Artist, Protocol::ArtistOnce, Protocol::FaultFiltered] {
            assert_eq!(taken(Some(asked), &known), asked);
        }
    }
}
