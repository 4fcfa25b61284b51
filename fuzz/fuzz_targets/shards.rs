//! A shard part, opened and read to its last clip.
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_dataset::ShardSet;

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("part-00000.parquet", data);
    let Ok(shards) = ShardSet::open(path.parent().unwrap()) else { return };
    let names: Vec<String> = shards.clips().iter().map(|clip| clip.clip_id.clone()).collect();
    let _ = shards.load(&names);
    let _ = shards.values_digest();
});
