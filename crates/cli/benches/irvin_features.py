"""CPU time of Irvin's features from WAV: segno against librosa + scipy, the same files, interleaved in one run.

    cargo build --release -p segno-cli --example irvin_features
    python irvin_features.py FOLDER [ROUNDS]      (librosa, scipy, soxr)

FOLDER holds genres/<genre>/*.wav. Prints CPU milliseconds a track and core of each, and the ratio a round: decoding,
resampling, spectrograms; neither writes anything. Of ours the whole process is counted, with its start; of theirs the
loop alone, after a first file has done the lazy imports. `segno extract`, which also writes shards, is printed beside.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
import librosa
import numpy as np
import scipy
import scipy.signal

folder = Path(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
repository = Path(__file__).parents[3]
release = Path(os.environ.get("CARGO_TARGET_DIR", repository / "target")) / "release"
files = sorted(folder.glob("genres/*/*.wav"))
experiment = repository / "datasets/gtzan/experiments/irvin-2016.toml"


def peer():
    start = time.process_time()
    for file in files:
        samples, _ = librosa.load(file, sr=4000)
        for clip in range(len(samples) // 20000):
            part = samples[clip * 20000 : (clip + 1) * 20000]
            power = scipy.signal.spectrogram(part, nperseg=1024)[2]
            np.log(np.maximum(np.sqrt(power), 5e-8))
    return (time.process_time() - start) / len(files) * 1e3


def child(*command):
    """CPU milliseconds a track of a program on one thread."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*map(str, command)], check=True, capture_output=True, env={**os.environ, "RAYON_NUM_THREADS": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(files) * 1e3


def extract(work):
    segno = release / "segno"
    child(segno, "corpus", "index", "gtzan", "--root", folder, "--work", work)
    return child(segno, "extract", "--root", folder, "--work", work, "--experiment", experiment, "--row", "lstm-2x250")


librosa.load(files[0], sr=4000)  # warm up: lazy imports
ratios = []
for _ in range(rounds):
    with tempfile.TemporaryDirectory() as work:
        theirs, mine, whole = peer(), child(release / "examples/irvin_features", *files), extract(work)
    ratios.append(theirs / mine)
    print(f"librosa {librosa.__version__} + scipy {scipy.__version__}: {theirs:.2f} ms   segno: {mine:.2f} ms   ratio {ratios[-1]:.1f}   segno extract: {whole:.2f} ms")
print(f"{len(files)} tracks; median ratio {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")
