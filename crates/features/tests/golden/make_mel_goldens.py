"""Writes mel_goldens.json: librosa's mel banks, mel spectrograms, decibels and MFCC of the signal of make_goldens.py.

    python3 -m venv .venv && .venv/bin/pip install scipy==1.17.1 librosa==0.11.0
    .venv/bin/python crates/features/tests/golden/make_mel_goldens.py

The samples are f64, so librosa's transform is as well; its banks are f32. Of a matrix a few rows and columns are kept,
with the sum of all its values.
"""

import json
import pathlib

import librosa
import numpy as np
import scipy
from make_goldens import numbers, some, test_signal

LI = dict(sr=22050, n_fft=2048, hop=512, n_mels=128, htk=False, norm="slaney", fmin=0.0, fmax=None, power=2.0)
CASES = [
    dict(LI),
    dict(LI, htk=True),
    dict(LI, n_fft=1024, hop=400, n_mels=40, norm=None, fmin=55.5, fmax=9000.0),
    dict(LI, n_fft=601, hop=200, n_mels=64, htk=True, norm=None, power=1.0),  # bands without a bin
    dict(LI, sr=16000, n_fft=512, hop=256, n_mels=96),
    dict(LI, sr=8000, n_fft=256, hop=100, n_mels=26, htk=True, fmin=100.0, power=1.3),
]


def bank(case):
    keys = ("sr", "n_fft", "n_mels", "htk", "norm", "fmin", "fmax")
    weights = librosa.filters.mel(**{key: case[key] for key in keys}).astype(np.float64)
    rows, columns = some(*weights.shape)
    # Bins that hold something: the widest weight of each kept band.
    columns = sorted({*columns, *(int(weights[row].argmax()) for row in rows)})
    return {"mel": mel_config(case), "sr": case["sr"], "n_fft": case["n_fft"], "rows": rows, "columns": columns,
            "weights": numbers(weights[np.ix_(rows, columns)]), "sums": numbers(weights.sum(axis=1)),
            "empty": int((weights.max(axis=1) == 0).sum())}


def mel_config(case):
    return {"n_mels": case["n_mels"], "mel_scale": "htk" if case["htk"] else "slaney", "mel_norm": case["norm"] or "none",
            "fmin_hz": case["fmin"], "power": case["power"], **({"fmax_hz": case["fmax"]} if case["fmax"] else {})}


def features(case, n):
    keys = ("sr", "n_fft", "n_mels", "htk", "norm", "fmin", "fmax", "power")
    mel = librosa.feature.melspectrogram(y=test_signal(n), hop_length=case["hop"], **{key: case[key] for key in keys})
    db, mfcc = librosa.power_to_db, librosa.feature.mfcc
    outputs = [
        (mel, "mel", {}),
        (db(mel, ref=np.max), "mel", {"output": {"db": {"reference": "max"}}}),
        (db(mel, ref=0.5, amin=1e-5, top_db=30.0), "mel", {"output": {"db": {"reference": {"value": 0.5}, "amin": 1e-5, "top_db": 30.0}}}),
        (np.log10(1 + 10000 * mel), "mel", {"output": {"log-compressed": {"scale": 10000.0}}}),
        (mfcc(S=db(mel)), "mfcc", {}),
        (mfcc(S=db(mel, ref=np.max, top_db=50.0), n_mfcc=13, lifter=22), "mfcc",
         {"n_mfcc": 13, "lifter": 22, "db": {"reference": "max", "top_db": 50}}),
    ]
    for matrix, kind, own in outputs:
        matrix = matrix.T
        rows, columns = some(*matrix.shape)
        representation = {"n_fft": case["n_fft"], "hop": case["hop"], "padding": "zero", **mel_config(case), **own}
        yield {"spec": {"sample_rate_hz": case["sr"], "clip_samples": n, "representation": {kind: representation}},
               "shape": list(matrix.shape), "rows": rows, "columns": columns,
               "largest": float(f"{np.abs(matrix).max():.9g}"), "sum": float(f"{matrix.sum():.9g}"),
               "values": numbers(matrix[np.ix_(rows, columns)])}


def main():
    document = {
        "made_by": "make_mel_goldens.py",
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "librosa": librosa.__version__},
        "banks": [bank(case) for case in CASES],
        "features": [golden for case in CASES for golden in features(case, 65024 if case == LI else 6000)],
    }
    text = json.dumps(document, separators=(",", ":"))
    # One case a line, so that a change shows as one.
    target = pathlib.Path(__file__).with_name("mel_goldens.json")
    target.write_text(text.replace('{"mel":{"n_mels"', '\n{"mel":{"n_mels"').replace('{"spec"', '\n{"spec"') + "\n")


if __name__ == "__main__":
    main()
