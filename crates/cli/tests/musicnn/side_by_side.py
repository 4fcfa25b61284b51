#!/usr/bin/env python3
"""MusiCNN here and in the package musicnn 0.1.0 under TensorFlow, on one's own clips: ranking of tags, and processor time.

    python3 side_by_side.py SEGNO MODEL WHEEL FOLDER…
    # SEGNO: the program; MODEL: musicnn-msd.safetensors or -mtt; needs tensorflow, tf_keras, librosa, pyarrow and musicnn
    python3 -m doctest side_by_side.py   # what it calls a fault; needs none of them

Each decodes and resamples by itself (librosa.load here, segno-audio-io there). The package's graph gets all patches of a clip at once;
its own loop takes them one by one. Mel power stays in single precision.

Ends with status 1, and names the clips, where one is out of tolerance. Of a converted clip (a WAV file of 16 000 Hz and one channel) both
sides hear the same samples: all fifty tags are to be in the package's order, logits and embedding within 1e-3. Others go through two
resamplers: their numbers are to be within 0.1, and the order of tags of nearly the same likelihood is free.
"""
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

SAME_SAMPLES = 1e-3
OTHER_SAMPLES = 0.1


def rank(values):
    """Tags from the most likely down; equals in their order.

    >>> rank([0.1, 0.9, 0.1])
    [1, 0, 2]
    """
    return sorted(range(len(values)), key=lambda tag: -values[tag])


def apart(a, b):
    """The largest difference; none is close to what is no number.

    >>> apart([1.0, 2.0], [1.5, 2.0]), apart([float("nan")], [1.0])
    (0.5, inf)
    """
    differences = [abs(float(x) - float(y)) for x, y in zip(a, b, strict=True)]
    return max(difference if difference == difference else float("inf") for difference in differences)


def is_converted(file):
    """Whether both sides hear a file's own samples, whatever their type."""
    with open(file, "rb") as of:
        head = of.read(4096)
    at = head.find(b"fmt ")
    return head[:4] == b"RIFF" and at > 0 and struct.unpack("<HI", head[at + 10 : at + 16]) == (1, 16000)


def faults(converted, theirs, ours):
    """What is wrong with a clip of which both sides gave logits and embedding.

    >>> theirs = ([0.1, 0.2], [1.0])
    >>> faults(True, theirs, ([0.1004, 0.2], [1.0]))
    []
    >>> faults(True, theirs, ([0.2001, 0.2], [1.0]))
    ['tags in another order', 'logits 0.1 apart']
    >>> faults(True, ([0.1, 0.1001], [1.0]), ([0.1001, 0.1], [1.0]))
    ['tags in another order']
    >>> faults(False, theirs, ([0.2, 0.19], [1.2]))
    ['embedding 0.2 apart']
    """
    most = SAME_SAMPLES if converted else OTHER_SAMPLES
    found = ["tags in another order"] if converted and rank(theirs[0]) != rank(ours[0]) else []
    pairs = zip(("logits", "embedding"), theirs, ours)
    distances = [(what, apart(a, b)) for what, a, b in pairs]
    return found + [f"{what} {distance:.2g} apart" for what, distance in distances if distance > most + 1e-12]


def main():
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
    if not files:
        sys.exit(f"no wav, mp3 or au file in {' '.join(folders)}")
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
        line = [segno, "embed", "--model", model, "--layer", layer, "--out", out, *files]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = subprocess.run(line, capture_output=True, text=True, check=True)
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
    converted = {file for file in clips if is_converted(file)}
    pairs = [(rank(theirs[f][0]), rank(logits[f])) for f in clips]
    print(f"{name}: {len(clips)} of {len(files)} clips, {len(converted)} of them converted; TensorFlow {tf.__version__}, librosa {librosa.__version__}")
    for k in (1, 5, 10, 50):
        print(f"  the first {k} tags the same, in order: {sum(a[:k] == b[:k] for a, b in pairs)}")
    print(f"  the first 5 tags the same, in any order: {sum(set(a[:5]) == set(b[:5]) for a, b in pairs)}")
    furthest = [max((apart(theirs[f][i], of[f]) for f in clips), default=0) for i, of in enumerate((logits, embeddings))]
    print(f"  logits apart at most {furthest[0]:.2g}, embeddings {furthest[1]:.2g}")
    n = max(1, len(clips))
    print(f"  processor a clip: {1000 * theirs_seconds / n:.0f} ms there, {1000 * ours_seconds / n:.0f} ms here, {theirs_seconds / ours_seconds:.1f} times")

    wrong = {file: faults(file in converted, theirs[file], (logits[file], embeddings[file])) for file in clips}
    wrong |= {file: ["the package hears it, segno does not"] for file in files if file not in logits}
    wrong = {file: what for file, what in wrong.items() if what}
    for file, what in wrong.items():
        print(f"out of tolerance: {file}: {', '.join(what)}", file=sys.stderr)
    if wrong:
        sys.exit(f"{told}{len(wrong)} of {len(files)} clips are out of tolerance")


if __name__ == "__main__":
    main()
