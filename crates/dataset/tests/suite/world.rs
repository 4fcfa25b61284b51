//! A small corpus whose features can be told from its clips' names.

use std::{collections::BTreeMap, fs, ops::ControlFlow, path::Path};

use segno_dataset::{
    Clip, ClipRef, DatasetError, Fractions, Manifest, Parts, Precision, Protocol, ShardHeader, ShardWriter, Split, SplitPlan, Track,
    digest_bytes, write_shards,
};
use segno_store::Store;

pub const GENRES: [&str; 10] = ["blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"];

/// `per_genre` tracks of each genre, all present.
pub fn manifest(per_genre: usize) -> Manifest {
    let tracks = GENRES.iter().flat_map(|genre| {
        (0..per_genre).map(move |n| Track {
            track_id: format!("{genre}.{n:05}"),
            path: format!("{genre}/{genre}.{n:05}.wav"),
            labels: [("genre".to_owned(), (*genre).to_owned())].into(),
            ..Track::default()
        })
    });
    Manifest::new("toy", tracks.collect()).unwrap()
}

pub fn clips(manifest: &Manifest, per_track: usize) -> Vec<ClipRef> {
    let clips = |track: &Track| (0..per_track).map(|n| ClipRef::new(&manifest.corpus, &track.track_id, n)).collect::<Vec<_>>();
    manifest.present().flat_map(clips).collect()
}

pub fn header(manifest: &Manifest, shape: [usize; 2]) -> ShardHeader {
    ShardHeader {
        feature_spec_json: r#"{"kind":"spectrogram","n_fft":1024}"#.into(),
        extractor_version: "1".into(),
        decoder_version: "1".into(),
        corpus: manifest.corpus.clone(),
        corpus_digest: manifest.digest(),
        shape,
        precision: Precision::Single,
    }
}

/// Features that differ from clip to clip and from value to value, within what half precision holds.
pub fn features(clip_id: &str, n_values: usize) -> Vec<f32> {
    let digest = digest_bytes(clip_id.as_bytes());
    let base = f32::from(u16::from_str_radix(&digest[..4], 16).unwrap()) / 2.0;
    (0..n_values).map(|i| base + i as f32 / 65536.0).collect()
}

/// Writes `per_track` clips of each track, and fails the tracks whose name ends in `3`.
pub fn fill(header: &ShardHeader, per_track: usize, track: &Track, writer: &mut ShardWriter) -> Result<(), DatasetError> {
    if track.track_id.ends_with('3') {
        writer.fail(&track.track_id, "no audio in it");
        return Ok(());
    }
    for n in 0..per_track {
        let ClipRef { clip_id, track_id } = ClipRef::new(&header.corpus, &track.track_id, n);
        let features = features(&clip_id, header.shape[0] * header.shape[1]);
        let start_sample = 1000 * n as u64;
        writer.push(Clip { clip_id, track_id: &track_id, start_sample, features: &features })?;
    }
    Ok(())
}

/// Extracts the whole manifest; returns how many parts were written.
pub fn extract(store: impl Into<Store>, manifest: &Manifest, header: &ShardHeader, per_part: usize, per_track: usize) -> usize {
    let tracks: Vec<&Track> = manifest.present().collect();
    let fill = |(): &mut (), track: &Track, writer: &mut ShardWriter| fill(header, per_track, track, writer);
    write_shards(store, header, &tracks, Parts::of(per_part), || (), fill, |_| ControlFlow::Continue(())).unwrap()
}

/// Every file of a folder, with its bytes.
pub fn bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

/// A draw by genre at 70/10/20.
pub fn draw(protocol: Protocol, seed: u64, manifest: &Manifest, clips: &[ClipRef]) -> Result<Split, DatasetError> {
    Split::draw(&SplitPlan { protocol, seed, fractions: Fractions::default(), stratify_by: "genre" }, manifest, clips)
}
