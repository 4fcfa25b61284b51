#!/usr/bin/env python3
"""MusiCNN here and in the package musicnn 0.1.0 under TensorFlow, on one's own clips: ranking of tags, and processor time.

    python3 side_by_side.py SEGNO MODEL WHEEL FOLDER…
    # SEGNO: the program; MODEL: musicnn-msd.safetensors or -mtt; needs tensorflow, tf_keras, librosa, pyarrow and musicnn

Each decodes and resamples by itself (librosa.load here, segno-audio-io there). The package's graph gets all patches of a clip at once;
its own loop takes them one by one. Mel power stays in single precision.
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import zipfile

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import librosa
import numpy as np
import pyarrow.parquet as pq
import tensorflow as tf
from musicnn import models

segno, model, wheel, *folders = sys.argv[1:]
name = "MSD_musicnn" if "msd" in pathlib.Path(model).name else "MTT_musicnn"
files = sorted(str(f) for folder in folders for f in pathlib.Path(folder).rglob("*") if f.suffix in (".wav", ".mp3", ".au"))
scratch = tempfile.TemporaryDirectory()
zipfile.ZipFile(wheel).extractall(scratch.name)
tf.compat.v1.disable_eager_execution()
with tf.name_scope("model"):
    x = tf.compat.v1.placeholder(tf.float32, [None, 187, 96])
    training = tf.compat.v1.placeholder(tf.bool)
    y, *_, penultimate = models.define_model(x, training, name, 50)
session = tf.compat.v1.Session()
tf.compat.v1.train.Saver().restore(session, f"{scratch.name}/musicnn/{name}/")


def package(file):
    audio, rate = librosa.load(file, sr=16000)
    mel = librosa.feature.melspectrogram(y=audio, sr=rate, hop_length=256, n_fft=512, n_mels=96).T.astype(np.float32)
    mel = np.log10(10000 * mel + 1)
    patches = np.stack([mel[i * 187 : (i + 1) * 187] for i in range(len(mel) // 187)])
    return [v.mean(0) for v in session.run([y, penultimate], {x: patches, training: False})]


def ours(layer):
    out = f"{scratch.name}/{layer}"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = subprocess.run([segno, "embed", "--model", model, "--layer", layer, "--out", out, *files], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    table = pq.read_table(out).to_pydict()
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return dict(zip(table["track_id"], map(np.array, table["features"]))), seconds, told.stderr


package(files[0])  # the first call plans
start = time.process_time()
theirs = {file: package(file) for file in files}
theirs_seconds = time.process_time() - start
logits, ours_seconds, told = ours("logits")
embeddings, _, _ = ours("penultimate")
clips = [file for file in files if file in logits]
rank = lambda v: list(np.argsort(-v, kind="stable"))
pairs = [(rank(theirs[f][0]), rank(logits[f])) for f in clips]
print(f"{name}: {len(clips)} of {len(files)} clips; TensorFlow {tf.__version__}, librosa {librosa.__version__}")
for k in (1, 5, 10, 50):
    print(f"  the first {k} tags the same, in order: {sum(a[:k] == b[:k] for a, b in pairs)}")
print(f"  the first 5 tags the same, in any order: {sum(set(a[:5]) == set(b[:5]) for a, b in pairs)}")
print(f"  logits apart at most {max(np.abs(theirs[f][0] - logits[f]).max() for f in clips):.2g}, embeddings {max(np.abs(theirs[f][1] - embeddings[f]).max() for f in clips):.2g}")
print(f"  processor a clip: {1000 * theirs_seconds / len(clips):.0f} ms there, {1000 * ours_seconds / len(clips):.0f} ms here, {theirs_seconds / ours_seconds:.1f} times")
