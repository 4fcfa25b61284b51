"""CPU time of Irvin's features from WAV: segno against librosa + scipy, the same files, interleaved in one run.

    python irvin_features.py SEGNO_PROGRAM FOLDER [ROUNDS]      (librosa, scipy, soxr)

FOLDER holds genres/<genre>/*.wav. Prints CPU milliseconds a track and core of each, and the ratio a round. segno runs
on one thread and its whole process is counted: start, index of nothing, decoding, resampling, spectrogram, shards.
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

program, folder = sys.argv[1], Path(sys.argv[2])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
files = sorted(folder.glob("genres/*/*.wav"))
experiment = Path(__file__).parents[3] / "datasets/gtzan/experiments/irvin-2016.toml"


def peer():
    start = time.process_time()
    for file in files:
        samples, _ = librosa.load(file, sr=4000)
        for clip in range(len(samples) // 20000):
            part = samples[clip * 20000 : (clip + 1) * 20000]
            power = scipy.signal.spectrogram(part, nperseg=1024)[2]
            np.log(np.maximum(np.sqrt(power), 5e-8))
    return (time.process_time() - start) / len(files) * 1e3


def ours(work):
    run = lambda *arguments: subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, env={**os.environ, "RAYON_NUM_THREADS": "1"})
    run("corpus", "index", "gtzan", "--root", folder, "--work", work)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run("extract", "--root", folder, "--work", work, "--experiment", experiment, "--row", "lstm-2x250")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(files) * 1e3


librosa.load(files[0], sr=4000)  # warm up: lazy imports
ratios = []
for _ in range(rounds):
    with tempfile.TemporaryDirectory() as work:
        theirs, mine = peer(), ours(work)
    ratios.append(theirs / mine)
    print(f"librosa {librosa.__version__} + scipy {scipy.__version__}: {theirs:.2f} ms   segno: {mine:.2f} ms   ratio {ratios[-1]:.1f}")
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{len(files)} tracks; median ratio {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}); segno's peak memory {peak:.0f} MiB")
