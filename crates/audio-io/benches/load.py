"""CPU time of loading files at a rate: segno against librosa, the same files, interleaved in one run.

    cargo build --release -p segno-audio-io --example decode
    python load.py RATE ROUNDS FILES…      (librosa, soxr)

Prints CPU milliseconds a file and core of each, ours at the file's own rate beside, and the median ratio.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
import librosa
import soxr

rate, rounds, files = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
repository = Path(__file__).parents[3]
program = Path(os.environ.get("CARGO_TARGET_DIR", repository / "target")) / "release/examples/decode"
MORE = 4


def peer():
    start = time.process_time()
    for file in files:
        librosa.load(file, sr=rate, res_type="soxr_hq")
    return (time.process_time() - start) / len(files) * 1e3


def child(*options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, *options, *files], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(files) * 1e3


def mine(*options):
    """Of the loads that a longer run has more: the program's own loads beside them cancel out."""
    return (child("--repeat", str(1 + MORE), *options) - child("--repeat", "1", *options)) / MORE


librosa.load(files[0], sr=rate)  # warm up: lazy imports
ratios = []
for _ in range(rounds):
    theirs, ours, decoding = peer(), mine("--rate", str(rate)), mine()
    ratios.append(theirs / ours)
    print(f"librosa {librosa.__version__} (soxr {soxr.__version__}): {theirs:.1f} ms   segno: {ours:.1f} ms, decoding alone {decoding:.1f} ms   ratio {ratios[-1]:.2f}")
print(f"{len(files)} files; median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
