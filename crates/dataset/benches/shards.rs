//! How fast features go into shards and come back from the page cache: `cargo bench -p segno-dataset --bench shards`.
//!
//! Irvin's shape (22 × 513), 6000 clips, as full GTZAN has them: 271 MB. `-- write DIR` writes them there, `-- read DIR`
//! reads them as training does, in no order, into one block of memory; without arguments both, in a temporary folder.
//! `xtask/peers/shards_pyarrow.py` reads the same folder.

use std::{env, hint::black_box, ops::ControlFlow, path::Path, time::Instant};

use anyhow::{Result, bail};
use segno_bench::{Line, rate};
use segno_dataset::{
    Clip, ClipRef, DatasetError, Manifest, Parts, Precision, ShardHeader, ShardSet, ShardWriter, Track, digest_bytes, write_shards,
};

const CLIPS_A_TRACK: usize = 6;
const N_TRACKS: usize = 1000;
const SHAPE: [usize; 2] = [22, 513];
const VALUES: usize = SHAPE[0] * SHAPE[1];
const GIGABYTES: f64 = (N_TRACKS * CLIPS_A_TRACK * VALUES * 4) as f64 / 1e9;

fn write(dir: &Path) -> Result<()> {
    let tracks = (0..N_TRACKS).map(|n| Track { track_id: format!("t{n:05}"), ..Track::default() });
    let manifest = Manifest::new("bench", tracks.collect())?;
    let header = ShardHeader {
        feature_spec_json: "{}".into(),
        extractor_version: "0".into(),
        decoder_version: "1".into(),
        corpus: manifest.corpus.clone(),
        corpus_digest: manifest.digest(),
        shape: SHAPE,
        precision: Precision::default(),
    };
    let features: Vec<f32> = (0..VALUES).map(|i| (i as f32).sin()).collect();
    let fill = |(): &mut (), track: &Track, writer: &mut ShardWriter| {
        for index in 0..CLIPS_A_TRACK {
            let ClipRef { clip_id, track_id } = ClipRef::new("bench", &track.track_id, index);
            writer.push(Clip { clip_id, track_id: &track_id, start_sample: 0, features: &features })?;
        }
        Ok::<(), DatasetError>(())
    };
    let tracks: Vec<&Track> = manifest.present().collect();
    let start = Instant::now();
    write_shards(dir, &header, &tracks, Parts::of(32), || (), fill, |_| ControlFlow::Continue(()))?;
    Line::new("writing shards", GIGABYTES / start.elapsed().as_secs_f64(), "GB/s").work(format!("{GIGABYTES:.3} GB")).print();
    Ok(())
}

fn read(dir: &Path) -> Result<()> {
    let set = ShardSet::open(dir)?;
    let mut shuffled: Vec<&str> = set.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
    shuffled.sort_by_cached_key(|clip_id| digest_bytes(clip_id.as_bytes()));
    // The whole folder's opening is counted, as training pays for it.
    let mut out = vec![0.0; shuffled.len() * VALUES];
    let clips = rate(shuffled.len(), 7, || {
        let set = ShardSet::open(dir).expect("it was opened before");
        set.load_into(&shuffled, &mut out).expect("every clip is there");
        black_box(&mut out);
    });
    let check = out.iter().map(|value| f64::from(*value)).sum::<f64>() / out.len() as f64;
    let gigabytes = clips * (VALUES * 4) as f64 / 1e9;
    Line::new("reading shards", gigabytes, "GB/s").work(format!("{} clips", shuffled.len())).check(check).print();
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            let dir = tempfile::tempdir()?;
            write(dir.path())?;
            read(dir.path())
        }
        ["write", dir] => write(Path::new(dir)),
        ["read", dir] => read(Path::new(dir)),
        other => bail!("expected `write DIR`, `read DIR` or nothing, found {other:?}"),
    }
}
