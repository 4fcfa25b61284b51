"""Gigaflops of the f32 product [M, K] by [K, N] in numpy or torch: the peer of crates/kernels/examples/roof.rs.

python matrix.py numpy|torch M K N
"""

import sys

import numpy as np
from line import THREADS, rate, say

library, (m, k, n) = sys.argv[1], map(int, sys.argv[2:])
random = np.random.default_rng(1)
a, b, product = (random.random(shape, dtype=np.float32) for shape in ((m, k), (k, n), (m, n)))
if library == "torch":
    import torch

    torch.set_num_threads(THREADS)
    a, b, product = map(torch.from_numpy, (a, b, product))
    version, once = f"torch {torch.__version__}", lambda: torch.mm(a, b, out=product)
else:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    version, once = f"numpy {np.__version__}, {blas['name']} {blas['version']}", lambda: np.matmul(a, b, out=product)
products = -(-20_000_000_000 // (2 * m * k * n))


def work():
    for _ in range(products):
        once()


say("matrix product", rate(products * 2 * m * k * n / 1e9, 5, work), "GFLOP/s", version, f"{m} × {k} × {n}")
