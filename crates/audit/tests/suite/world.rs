//! What the tests share.

use segno_audit::{Audit, AuditInput, Heard, Listener, Matching, NamedSplit, audit};
use segno_dataset::{ClipRef, FingerprintRow, Fractions, Manifest, Part, Protocol, Split, SplitPlan, SplitRow, Track};

pub fn hear(samples: &[f32]) -> Heard {
    let mut listener = Listener::new();
    listener.push(samples);
    listener.finish()
}

pub fn row(track_id: &str, heard: Heard) -> FingerprintRow {
    FingerprintRow { track_id: track_id.to_owned(), checksum: None, digest: heard.digest, seconds: heard.seconds, items: heard.items }
}

/// A track `id` by `artist` called `title`, of a genre; empty texts are none.
pub fn track(id: &str, artist: &str, title: &str, genre: &str) -> Track {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let labels = [("genre".to_owned(), genre.to_owned())].into();
    Track { track_id: id.into(), path: format!("{id}.wav"), artist: some(artist), title: some(title), labels, ..Track::default() }
}

/// A split with the parts given: `(track, part, clips)`.
pub fn split(manifest: &Manifest, parts: &[(&str, Part, usize)]) -> NamedSplit {
    let clips: Vec<ClipRef> = manifest.present().map(|track| ClipRef::new(&manifest.corpus, &track.track_id, 0)).collect();
    let plan = SplitPlan { protocol: Protocol::Published, seed: 1, fractions: Fractions::default(), stratify_by: "genre" };
    let mut drawn = Split::draw(&plan, manifest, &clips).unwrap();
    let mut index = 0;
    let mut clips_of = |&(track, part, n): &(&str, Part, usize)| -> Vec<SplitRow> {
        let of_track = (0..n).map(|_| {
            index += 1;
            SplitRow { clip_id: format!("{}:{track}#{index}", manifest.corpus), track_id: track.to_owned(), part }
        });
        of_track.collect()
    };
    drawn.rows = parts.iter().flat_map(&mut clips_of).collect();
    NamedSplit { name: "toy-1".to_owned(), split: drawn }
}

pub fn audited(manifest: &Manifest, heard: &[FingerprintRow], splits: &[NamedSplit]) -> Audit {
    audit(&AuditInput { manifest, heard, undecodable: &[], splits, matching: Matching::default() }).unwrap()
}

/// Random bits, the same for the same seed (SplitMix64).
pub fn bits(seed: u64) -> impl Iterator<Item = u32> {
    let mut state = seed.wrapping_mul(0xD134_2543_DE82_EF95);
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z >> 32) as u32
    })
}
