#!/usr/bin/env bash
# Writes what the fuzzers begin with into fuzz/corpus: fuzz/seeds.sh [program], a built `segno` (needs tar and python3's zipfile).
set -euo pipefail
cd "$(dirname "$0")/.."
segno=$(realpath "${1:-target/release/segno}")
corpus=$PWD/fuzz/corpus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$corpus"/{audio,au,tar,zip,tables,shards,metadata,corpus,model,checkpoint,experiment}

# Audio: the fixtures of every format, and what our own encoders write (a third of a second).
cp crates/audio-io/tests/fixtures/*.{mp3,flac,ogg,m4a,aiff} "$corpus/audio"
"$segno" corpus synth "$work/audio" --tracks-per-genre 3 --seconds 1 2>/dev/null
find "$work/audio" -type f \( -name '*.wav' -o -name '*.au' -o -name '*.flac' \) | while read -r file; do
  name=$(basename "$file")
  head -c 12000 "$file" > "$corpus/audio/$name"
done
# The AU target writes the magic itself.
for file in "$corpus"/audio/*.au; do tail -c +5 "$file" | head -c 2000 > "$corpus/au/$(basename "$file")"; done

# Tables and a model: a run of everything with small features.
cp crates/cli/tests/common/tiny.toml "$work/e.toml"
sed -i 's/n_fft = 256/n_fft = 16/; s/hop = 256/hop = 1000/' "$work/e.toml"
cd "$work"
quietly() { "$segno" "$@" >/dev/null 2>&1; }
quietly corpus index synthetic --root audio --work work
quietly extract --root audio --work work --experiment e.toml
quietly audit --root audio --work work
place=(--work work --experiment e.toml --protocol published)
quietly split "${place[@]}"
quietly train "${place[@]}" --row logistic
quietly predict-set "${place[@]}" --row logistic
cp work/features/*/part-00000.parquet "$corpus/shards/one.parquet"
number=0
for table in work/*.parquet work/splits/*.parquet work/audit/*.parquet work/models/*/*.parquet work/predictions/*/*.parquet; do
  number=$((number + 1))
  cp "$table" "$corpus/tables/$number.parquet"
done
cp work/models/logistic/*.safetensors "$corpus/model/"
quietly corpus synth more --tracks-per-genre 9 --seconds 1
quietly corpus index synthetic --root more --work heads
quietly head train --root more --work heads --mfcc --protocol track --folds 2 --seeds 1 --classifier logistic --c 1 --out head.safetensors
cp head.safetensors "$corpus/model/"

# A model file of a pre-trained network without its parameters, and a checkpoint of two of them.
python3 - "$corpus" <<'P'
import json, struct, sys

def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)

def block(pairs):  # LevelDB's doc/table_format.md; checksums are not looked at
    body = b"".join(b"\0" + varint(len(key)) + varint(len(value)) + key + value for key, value in pairs)
    return body + struct.pack("<II", 0, 1)

def table(pairs):
    data = block(pairs)
    index = block([(b"z", varint(0) + varint(len(data)))])
    handles = varint(0) + varint(0) + varint(len(data) + 5) + varint(len(index))
    return data + bytes(5) + index + bytes(5) + handles.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)

def entry(offset):  # BundleEntryProto: float, shape [1], offset, size, checksum
    return b"\x08\x01" + b"\x12\x04\x12\x02\x08\x01" + b"\x20" + varint(offset) + b"\x28\x04" + b"\x35" + bytes(4)

norm = [b"beta", b"gamma", b"moving_mean", b"moving_variance"]
index = table([(b"", b"\x08\x01")] + [(b"batch_normalization/" + part, entry(4 * i)) for i, part in enumerate(norm)])
with open(f"{sys.argv[1]}/checkpoint/norm", "wb") as file:
    file.write(struct.pack("<H", len(index)) + index + struct.pack("<4f", 0, 1, 0, 1))

card = {"schema": 1, "collection": "msd", "source": "", "source_sha256": "", "licence": "", "tags": [], "patches": {}, "extractor_version": ""}
header = {"__metadata__": {"segno": json.dumps({"backbone": card})}, "input.norm.gamma": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
header = json.dumps(header).encode()
with open(f"{sys.argv[1]}/model/backbone.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + bytes(4))
P

# Archives, whole and with what must not get out.
mkdir -p pack/genres/blues
echo audio > pack/genres/blues/a.wav
ln -s /etc/passwd pack/genres/link
ln pack/genres/blues/a.wav pack/genres/hard
tar -C pack -cf "$corpus/tar/links.tar" .
tar -C pack -czf "$corpus/tar/packed.tar.gz" genres/blues
tar -C pack --transform 's,^,../,' -cPf "$corpus/tar/outside.tar" genres/blues
tar -C pack --format=pax -cf "$corpus/tar/pax.tar" genres/blues
truncate -s 100M hole && tar -cSf "$corpus/tar/sparse.tar" hole
python3 - "$corpus/zip" <<'P'
import sys, warnings, zipfile
warnings.simplefilter("ignore")  # a name twice is on purpose
for name, members in {"plain": ["fma_large/000/000002.mp3"], "outside": ["../a", "/a", "a/../../b"], "twice": ["a", "a"]}.items():
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        with zipfile.ZipFile(f"{sys.argv[1]}/{name}-{method}.zip", "w", method) as archive:
            for member in members:
                archive.writestr(member, b"audio " * 50)
P
cd - >/dev/null

# Text.
for file in datasets/*/experiments/*.toml; do cp "$file" "$corpus/experiment/$(echo "$file" | tr / -)"; done
cp "$work/e.toml" "$corpus/experiment/tiny.toml"
for file in datasets/*/corpus.toml; do
  folder=$(dirname "$file")
  { cat "$file"; printf '\xff'; [ -f "$folder/tracks.csv" ] && head -30 "$folder/tracks.csv"; } > "$corpus/corpus/$(basename "$folder")" || true
done
metadata=crates/dataset/tests/data/fma/fma_metadata
{ head -c 20000 "$metadata/tracks.csv"; printf '\xff'; cat "$metadata/genres.csv"; printf '\xff'; head -c 20000 "$metadata/echonest.csv"; } > "$corpus/metadata/fma"
du -sh "$corpus"
