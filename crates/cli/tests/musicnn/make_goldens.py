#!/usr/bin/env python3
"""Writes goldens.json: what the package musicnn 0.1.0 makes of signals that tests/musicnn/main.rs makes too.

    python3 make_goldens.py musicnn-0.1.0-py3-none-any.whl
    # needs tensorflow 2.21, tf_keras, librosa and musicnn (pip install --no-deps musicnn==0.1.0); their versions go into the file

The package casts mel power to half precision, where loud bands overflow; here it is single precision throughout, as in segno.
"""
import json
import os
import pathlib
import sys
import tempfile
import zipfile

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import librosa
import numpy as np
import tensorflow as tf
from musicnn import models

RATE, SECONDS = 16000, 3.2
FRAMES, BANDS = 187, 96


def noise(n):
    """Numerical Recipes' generator, its upper 16 bits."""
    state, out = 1, np.empty(n)
    for i in range(n):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = (state >> 16) / 32768 - 1
    return out


def signals():
    n = int(RATE * SECONDS)
    t = np.arange(n) / RATE
    chord = sum(a * np.sin(2 * np.pi * f * t) for a, f in [(0.4, 220.0), (0.25, 277.18), (0.2, 329.63), (0.1, 1760.0)])
    beats = noise(n) * 0.8 * np.exp(-8 * (t % 0.5))
    chirp = 0.9 * np.sin(2 * np.pi * (60 * t + 1200 * t * t))
    quiet = 0.001 * np.sin(2 * np.pi * 440.0 * t)
    return {"chord": chord, "beats": beats, "chirp": chirp, "quiet": quiet}


def patch(x):
    mel = librosa.feature.melspectrogram(y=x.astype(np.float32), sr=RATE, hop_length=256, n_fft=512, n_mels=BANDS).T
    return np.log10(10000 * mel.astype(np.float64) + 1).astype(np.float32)[:FRAMES]


def run(folder, patches):
    tf.compat.v1.disable_eager_execution()
    tf.compat.v1.reset_default_graph()
    with tf.name_scope("model"):
        x = tf.compat.v1.placeholder(tf.float32, [None, FRAMES, BANDS])
        training = tf.compat.v1.placeholder(tf.bool)
        y, *_, mean_pool, max_pool, penultimate = models.define_model(x, training, folder.name, 50)
    with tf.compat.v1.Session() as session:
        tf.compat.v1.train.Saver().restore(session, str(folder) + "/")
        return session.run([y, penultimate, mean_pool, max_pool], {x: patches, training: False})


def rounded(values, digits=6):
    return [float(f"{v:.{digits}g}") for v in np.ravel(values)]


names, waves = zip(*signals().items())
patches = np.stack([patch(wave) for wave in waves])
golden = {
    "made_by": "tests/musicnn/make_goldens.py",
    "versions": {"tensorflow": tf.__version__, "librosa": librosa.__version__, "numpy": np.__version__, "musicnn": "0.1.0"},
    "mel": {name: rounded(p[::23, ::7]) for name, p in zip(names, patches)},
    "collections": {},
}
with tempfile.TemporaryDirectory() as scratch:
    zipfile.ZipFile(sys.argv[1]).extractall(scratch)
    for collection in ["msd", "mtt"]:
        logits, penultimate, mean, largest = run(pathlib.Path(scratch) / "musicnn" / f"{collection.upper()}_musicnn", patches)
        pooled = np.stack([largest, mean], axis=2).reshape(len(names), -1)
        golden["collections"][collection] = {
            name: {"logits": rounded(logits[i]), "penultimate": rounded(penultimate[i]), "pooled": rounded(pooled[i][::31])}
            for i, name in enumerate(names)
        }
pathlib.Path(__file__).with_name("goldens.json").write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
