#!/usr/bin/env python3
"""Writes soxr_hq.json: what librosa's default resampler makes of a synthetic signal.

    python3 make_soxr.py        # needs librosa and soxr; their versions go into the file

The signal is that of tests/resample.rs: cosines at shares of the lower Nyquist frequency.
Every 13th sample of the middle of the output is kept.
"""
import json
import pathlib

import librosa
import numpy as np
import soxr

SHARES = [0.05, 0.2, 0.45, 0.7, 0.85]
AMPLITUDE = 0.15
SECONDS = 1.0

cases = []
for rate_in, rate_out in [(22050, 4000), (44100, 4000), (44100, 22050), (48000, 16000), (16000, 22050)]:
    t = np.arange(int(rate_in * SECONDS)) / rate_in
    nyquist = min(rate_in, rate_out) / 2
    x = sum(AMPLITUDE * np.cos(2 * np.pi * s * nyquist * t + 10 * s) for s in SHARES)
    x = x.astype(np.float32)
    y = librosa.resample(x, orig_sr=rate_in, target_sr=rate_out, res_type="soxr_hq")
    picked = list(range(len(y) // 4, 3 * len(y) // 4, 13))[:150]
    cases.append({
        "rate_in_hz": rate_in,
        "rate_out_hz": rate_out,
        "frames_out": len(y),
        "index": picked,
        "value": [round(float(y[k]), 7) for k in picked],
    })

golden = {
    "made_by": "tests/golden/make_soxr.py",
    "librosa": librosa.__version__,
    "soxr": soxr.__version__,
    "libsoxr": soxr.__libsoxr_version__,
    "numpy": np.__version__,
    "cases": cases,
}
path = pathlib.Path(__file__).parent / "soxr_hq.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
