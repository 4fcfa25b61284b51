"""CPU time of Li's mel slices from WAV or mp3: segno against librosa, the same files, interleaved in one run.

    cargo build --release -p segno-cli --example li_features
    python li_features.py FOLDER [ROUNDS [FILES]]      (librosa, soundfile, soxr)

FOLDER is searched for *.wav and *.mp3; of each kind FILES (default 100) evenly spread ones are taken. Prints CPU
milliseconds a track and core of each, and the ratio a round: decoding, resampling to 22 050 Hz where the file has
another rate, ten slices of 128x128 in decibels; neither writes anything (ours stops at the end of the tenth slice, half
a second before that of a track of 30 s). Of ours the whole process is counted, with its
start; of theirs the loop alone, after a first file has done the lazy imports. The means of all cells are held together.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")
import librosa
import numpy as np

SLICE = 65024
folder = Path(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 100
repository = Path(__file__).parents[3]
binary = Path(os.environ.get("CARGO_TARGET_DIR", repository / "target")) / "release/examples/li_features"


def peer(files):
    means = []
    start = time.process_time()
    for file in files:
        samples, _ = librosa.load(file, sr=22050)
        for i in range(min(10, len(samples) // SLICE)):
            mel = librosa.feature.melspectrogram(y=samples[i * SLICE : (i + 1) * SLICE], sr=22050)
            means.append(librosa.power_to_db(mel, ref=np.max).mean())
    return (time.process_time() - start) / len(files) * 1e3, f"{len(means)} slices", np.mean(means)


def segno(files):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([binary, *files], check=True, capture_output=True, text=True, env={**os.environ, "RAYON_NUM_THREADS": "1"}).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    slices, mean = out.split(", mean ")
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(files) * 1e3, slices, float(mean.split()[0])


for kind in ("wav", "mp3"):
    found = sorted(folder.rglob(f"*.{kind}"))
    files = [found[i * len(found) // wanted] for i in range(wanted)] if len(found) > wanted else found
    if not files:
        continue
    peer(files[:1])  # warm up: lazy imports
    ratios, times = [], []
    for _ in range(rounds):
        (theirs, their_slices, their_mean), (mine, my_slices, my_mean) = peer(files), segno(files)
        # Decoders and resamplers differ a little; a slice more at the end of a file would show here as well.
        assert my_slices == their_slices and abs(my_mean - their_mean) < 0.1, (my_slices, their_slices, my_mean, their_mean)
        ratios.append(theirs / mine)
        times.append((theirs, mine))
        print(f"{kind}: librosa {librosa.__version__}: {theirs:.2f} ms   segno: {mine:.2f} ms   ratio {ratios[-1]:.2f}   mean {their_mean:.4f} and {my_mean:.4f} dB", flush=True)
    print(f"{kind}: {len(files)} tracks, {my_slices}; librosa {statistics.median(t for t, _ in times):.1f}, segno {statistics.median(m for _, m in times):.1f} ms; "
          f"median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
