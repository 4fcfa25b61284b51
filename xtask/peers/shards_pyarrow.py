"""Gigabytes of features a second that pyarrow reads from shards in the page cache, into numpy.

python shards_pyarrow.py DIR file|shuffled      (in the files' own order, or as training asks for them)
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from line import THREADS, rate, say

folder, order = sys.argv[1:]
pa.set_cpu_count(THREADS)
pa.set_io_thread_count(THREADS)
features, shuffle = None, None


def work():
    global features, shuffle
    table = pq.read_table(folder, columns=["features"], memory_map=True, pre_buffer=False)
    column = table["features"].combine_chunks()
    features = column.flatten().to_numpy().reshape(len(column), -1)
    if order == "shuffled":
        if shuffle is None:
            shuffle = np.random.default_rng(1).permutation(len(features))
        features = features[shuffle]


work()
gigabytes = features.nbytes / 1e9
say("reading shards", rate(gigabytes, 7, work), "GB/s", f"pyarrow {pa.__version__}", f"{len(features)} clips", features.mean(dtype=float))
