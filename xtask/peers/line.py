"""What a peer says of itself: one line of JSON, as segno-bench writes it for our own programs."""

import json
import os
import statistics
import time
from pathlib import Path

# `cargo xtask bench` sets it; started by hand, a peer may use every processor.
THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count()))


def cpu_ms_each(count, work, seconds=1.0):
    """CPU milliseconds of one of `count` items: the mean over passes of `seconds`, two at least, after one that warms up."""
    work()
    start, passes = time.process_time(), 0
    while True:
        work()
        passes += 1
        taken = time.process_time() - start
        if passes >= 2 and taken >= seconds:
            return taken * 1e3 / (passes * count)


def rate(count, passes, work):
    """Items a second by the clock: the median of `passes`, after one that warms up."""

    def once():
        start = time.perf_counter()
        work()
        return count / (time.perf_counter() - start)

    once()
    return statistics.median(once() for _ in range(passes))


def peak_mib():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024


def say(name, value, unit, version, work="", check=None):
    line = dict(name=name, value=value, unit=unit, version=version, work=work, peak_mib=peak_mib())
    print(json.dumps(line if check is None else {**line, "check": float(check)}), flush=True)


def torch_device(torch, words):
    """Where a peer of PyTorch runs, and whether it is compiled: `cpu` unless the arguments say `cuda` or `cuda-compiled`."""
    if not words:
        return "cpu", False
    if words[0] not in ("cuda", "cuda-compiled"):
        raise SystemExit(f"'{words[0]}' is no device: expected cuda or cuda-compiled")
    if not torch.cuda.is_available():
        raise SystemExit("this PyTorch finds no GPU: install a build for CUDA")
    return "cuda", words[0] == "cuda-compiled"
