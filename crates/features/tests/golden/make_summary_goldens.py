"""Writes summary_goldens.json: statistics of librosa's MFCC and mel spectrograms over the signal of make_goldens.py.

    python3 -m venv .venv && .venv/bin/pip install scipy==1.17.1 librosa==0.11.0
    .venv/bin/python crates/features/tests/golden/make_summary_goldens.py

The samples are f64, so librosa's transform is as well; its banks are f32. The signal is one item, however long.
"""

import json
import pathlib

import librosa
import numpy as np
import scipy
from make_goldens import numbers, test_signal


def delta(matrix, width):
    return librosa.feature.delta(matrix, width=width, mode="interp")


STATISTICS = {
    "mean": lambda x, width: x.mean(axis=1),
    "sd": lambda x, width: x.std(axis=1),
    "delta-mean": lambda x, width: delta(x, width).mean(axis=1),
    "delta-sd": lambda x, width: delta(x, width).std(axis=1),
}


def case(n, frames, of, statistics=("mean", "sd", "delta-sd"), width=9, sr=22050):
    matrix = frames(test_signal(n))
    values = np.concatenate([STATISTICS[name](matrix, width) for name in statistics])
    summary = {"of": of, "statistics": list(statistics), "delta_width": width}
    return {"spec": {"sample_rate_hz": sr, "clip": "whole", "representation": {"summary": summary}}, "samples": n, "values": numbers(values)}


def mfcc(y, **own):
    return librosa.feature.mfcc(y=y, sr=22050, **own)


def main():
    padded = {"n_fft": 2048, "hop": 512, "padding": "zero"}
    cases = [
        case(100_000, mfcc, {"mfcc": padded}),
        case(4096, mfcc, {"mfcc": padded}),  # nine frames: every slope is the one
        case(50_001, lambda y: mfcc(y, n_mfcc=13, lifter=22), {"mfcc": {**padded, "n_mfcc": 13, "lifter": 22}},
             ("delta-mean", "delta-sd", "mean"), 15),
        case(20_000, lambda y: librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=16000, n_fft=512, hop_length=256, n_mels=40)),
             {"mel": {"n_fft": 512, "hop": 256, "padding": "zero", "n_mels": 40, "output": {"db": {}}}}, ("sd", "mean"), sr=16000),
        case(30_000, lambda y: np.abs(librosa.stft(y, n_fft=256, hop_length=100, center=True, pad_mode="reflect")),
             {"spectrogram": {"n_fft": 256, "hop": 100, "padding": "reflect"}}, ("mean", "delta-sd"), 3, sr=8000),
    ]
    document = {"made_by": "make_summary_goldens.py",
                "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "librosa": librosa.__version__}, "cases": cases}
    text = json.dumps(document, separators=(",", ":"))
    # One case a line, so that a change shows as one.
    target = pathlib.Path(__file__).with_name("summary_goldens.json")
    target.write_text(text.replace('{"spec"', '\n{"spec"') + "\n")


if __name__ == "__main__":
    main()
