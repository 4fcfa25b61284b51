//! Other programs read the tables: shown with pyarrow, where there is one.

use std::process::Command;

use segno_dataset::ShardSet;

use crate::world;

/// Prints one line a check; an exception or another line fails the test.
const SCRIPT: &str = r#"
import json, sys
import numpy as np
import pyarrow.parquet as pq
folder = sys.argv[1]
table = pq.read_table(folder + "/features")
field = table.schema.field("features")
shape = json.loads(field.metadata[b"segno.shape"])
print(table.num_rows, table.column_names, shape, field.type)
features = np.stack(table["features"].to_numpy()).reshape(-1, *shape)
print(features.dtype, features.shape, repr(float(features.astype(np.float64).sum())))
meta = pq.read_metadata(folder + "/features/part-00000.parquet").metadata
print(meta[b"segno.table"].decode(), meta[b"segno.part"].decode(), meta[b"segno.corpus"].decode())
split = pq.read_table(folder + "/split.parquet").to_pylist()
print(len(split), split[0]["clip_id"], sorted({row["part"] for row in split}))
tracks = pq.read_table(folder + "/tracks.parquet").to_pylist()
print(len(tracks), tracks[0]["track_id"], tracks[0]["label:genre"], tracks[0]["artist"])
"#;

#[test]
fn pyarrow_reads_what_we_write() {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let there = Command::new(&python).args(["-c", "import pyarrow.parquet, numpy"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("left out: {python} with pyarrow is not there, so nobody but ourselves has read our tables (set PYTHON)");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let manifest = world::manifest(2);
    let header = world::header(&manifest, [22, 513]);
    let features = dir.path().join("features");
    world::extract(&features, &manifest, &header, 7, 6);
    manifest.write(&dir.path().join("tracks.parquet")).unwrap();
    let set = ShardSet::open(&features).unwrap();
    let split = world::draw("track".parse().unwrap(), 1, &manifest, set.clips()).unwrap();
    split.write(&dir.path().join("split.parquet")).unwrap();

    let output = Command::new(&python).args(["-c", SCRIPT]).arg(dir.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8(output.stdout).unwrap();
    let clips: Vec<&str> = set.clips().iter().map(|clip| clip.clip_id.as_str()).collect();
    let sum: f64 = set.load(&clips).unwrap().into_iter().map(f64::from).sum();
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines[0], "120 ['clip_id', 'track_id', 'start_sample', 'features'] [22, 513] fixed_size_list<item: float not null>[11286]");
    let (start, printed) = lines[1].rsplit_once(' ').unwrap();
    assert_eq!(start, "float32 (120, 22, 513)");
    // Multiples of 1/65536 below 2^37: both sums are exact, in whatever order they are taken.
    assert_eq!(printed.parse::<f64>().unwrap(), sum);
    assert_eq!(lines[2], "features 0/3 toy");
    assert_eq!(lines[3], "120 toy:blues.00000#0 ['test', 'train']");
    assert_eq!(lines[4], "20 blues.00000 blues None");
}
