//! How fast features go into shards and come back from the page cache: `cargo bench -p segno-dataset`.
//!
//! Irvin's shape (22 × 513), 6000 clips, as full GTZAN has them: 271 MB.

use std::{hint::black_box, time::Instant};

use segno_dataset::{Clip, ClipRef, DatasetError, Manifest, Parts, Precision, ShardHeader, ShardSet, ShardWriter, Track, digest_bytes, write_shards};

const CLIPS_A_TRACK: usize = 6;
const N_TRACKS: usize = 1000;

fn main() -> Result<(), DatasetError> {
    let dir = tempfile::tempdir().expect("a folder for temporary files");
    let tracks = (0..N_TRACKS).map(|n| Track { track_id: format!("t{n:05}"), ..Track::default() });
    let manifest = Manifest::new("bench", tracks.collect())?;
    let header = ShardHeader {
        feature_spec_json: "{}".into(),
        extractor_version: "0".into(),
        decoder_version: "1".into(),
        corpus: manifest.corpus.clone(),
        corpus_digest: manifest.digest(),
        shape: [22, 513],
        precision: Precision::default(),
    };
    let gigabytes = (N_TRACKS * CLIPS_A_TRACK * header.n_values() * 4) as f64 / 1e9;
    let features: Vec<f32> = (0..header.n_values()).map(|i| (i as f32).sin()).collect();
    let fill = |(): &mut (), track: &Track, writer: &mut ShardWriter| {
        for index in 0..CLIPS_A_TRACK {
            let ClipRef { clip_id, track_id } = ClipRef::new("bench", &track.track_id, index);
            writer.push(Clip { clip_id, track_id: &track_id, start_sample: 0, features: &features })?;
        }
        Ok::<(), DatasetError>(())
    };
    let tracks: Vec<&Track> = manifest.present().collect();
    println!("{gigabytes:.3} GB, {} threads", rayon::current_num_threads());

    let start = Instant::now();
    write_shards(dir.path(), &header, &tracks, Parts::of(32), || (), fill, |_| ())?;
    println!("write          {:6.2} GB/s", gigabytes / start.elapsed().as_secs_f64());
    // Linux alone says so.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("peak memory    {}", peak.unwrap_or("unknown").trim());

    let start = Instant::now();
    let set = ShardSet::open(dir.path())?;
    println!("open           {:6.1} ms", start.elapsed().as_secs_f64() * 1e3);

    // As training asks for them: in no order.
    let mut shuffled: Vec<&str> = set.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
    shuffled.sort_by_cached_key(|clip_id| digest_bytes(clip_id.as_bytes()));
    let mut out = vec![0.0; shuffled.len() * header.n_values()];
    for round in 1..=5 {
        let start = Instant::now();
        set.load_into(&shuffled, &mut out)?;
        println!("load, round {round}  {:6.2} GB/s", gigabytes / start.elapsed().as_secs_f64());
        black_box(&mut out);
    }
    Ok(())
}
