#!/usr/bin/env python3
"""Answers of `segno head train … --classifier logistic --c C` beside scikit-learn's, on the same embeddings and the same folds; then
what scikit-learn reaches on five folds of its own, by artist where a manifest is given.

    python3 heads_sklearn.py EMBEDDINGS HEAD TASK C [TRACKS]     # HEAD: the head's path without .safetensors; TRACKS: the work folder's
                                                                 # tracks.parquet; needs pyarrow and scikit-learn
"""
import glob
import json
import sys

import numpy as np
import pyarrow.parquet as pq
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder, head, task, c, *manifest = sys.argv[1:]
table = pq.read_table(folder).to_pydict()
embedding = dict(zip(table["track_id"], table["features"]))


def model():
    return make_pipeline(StandardScaler(), LogisticRegression(C=float(c), max_iter=10000))


alike = total = 0
accuracies = []
for path in sorted(glob.glob(f"{head}.{task}-*.parquet")):
    rows = pq.read_table(path).to_pydict()
    folds = json.load(open(path.replace(".parquet", ".folds.json")))
    x = np.array([embedding[track] for track in rows["track_id"]])
    y = np.array(rows["true_label"])
    fold = np.array([folds[track] for track in rows["track_id"]])
    ours = np.array(sorted(set(y)))[np.array(rows["probabilities"]).argmax(1)]
    theirs = np.empty_like(y)
    for k in set(fold):
        theirs[fold == k] = model().fit(x[fold != k], y[fold != k]).predict(x[fold == k])
    alike += int((ours == theirs).sum())
    total += len(y)
    accuracies.append(((ours == y).mean(), (theirs == y).mean()))
mean = np.mean(accuracies, axis=0)
print(f"scikit-learn {sklearn.__version__}: {alike} of {total} answers alike over {len(accuracies)} draws; right {mean[0]:.3f} here, {mean[1]:.3f} there")
artists = None
if manifest:
    tracks = pq.read_table(manifest[0]).to_pydict()
    artist = {track: (name or track).strip().lower() for track, name in zip(tracks["track_id"], tracks["artist"])}
    artists = [artist[track] for track in rows["track_id"]]
own = []
for seed in range(len(accuracies)):
    folds = (StratifiedGroupKFold if artists else StratifiedKFold)(5, shuffle=True, random_state=seed)
    own.append((cross_val_predict(model(), x, y, cv=folds, groups=artists) == y).mean())
by = "by artist" if artists else "by track"
print(f"on folds of its own, {by}, {len(own)} draws: right {np.mean(own):.3f} ± {np.std(own, ddof=1):.3f}")
sys.exit(alike < 0.99 * total)
