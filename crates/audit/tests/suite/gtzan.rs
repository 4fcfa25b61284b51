//! GTZAN's identical files come out of the checksums alone.

use segno_audit::Kind;
use segno_dataset::{Manifest, Track};

use crate::world::audited;

/// The whole index of GTZAN, without its note of which tracks are copies.
fn gtzan(checksum: &str) -> Manifest {
    let mut table = csv::Reader::from_reader(segno_corpora::GTZAN.facts.unwrap().as_bytes());
    let columns = table.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let [id, genre, sum] = ["track_id", "genre", checksum].map(column);
    let track = |record: csv::Result<csv::StringRecord>| {
        let record = record.unwrap();
        let labels = [("genre".to_owned(), record[genre].to_owned())].into();
        Track { track_id: record[id].into(), checksum: Some(record[sum].into()), labels, ..Track::default() }
    };
    Manifest::new("gtzan", table.records().map(track).collect()).unwrap()
}

#[test]
fn fourteen_pairs_have_identical_bytes_and_one_of_them_two_genres() {
    let found = audited(&gtzan("wav_md5"), &[], &[]);
    assert_eq!((found.tracks, found.pairs.len()), (1000, 14));
    assert!(found.pairs.iter().all(|pair| pair.kind == Kind::IdenticalBytes));
    let conflicts: Vec<(&str, &str, &str, &str)> = found
        .pairs
        .iter()
        .flat_map(|pair| pair.conflicts.iter().map(|labels| (&*pair.track_id, &*pair.other_track_id, &*labels.label, &*labels.other_label)))
        .collect();
    assert_eq!(conflicts, [("metal.00058", "rock.00016", "metal", "rock")]);
    // The .au originals carry a header of their own: half of the pairs differ in nothing else.
    let originals = audited(&gtzan("au_sha256"), &[], &[]);
    assert_eq!(originals.pairs.len(), 7);
    assert!(originals.pairs.iter().all(|pair| found.facts.contains_key(&pair.track_id) && found.facts.contains_key(&pair.other_track_id)));
}
