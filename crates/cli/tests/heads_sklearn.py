#!/usr/bin/env python3
"""Answers of `segno head train … --classifier logistic --c C` beside scikit-learn's, on the same embeddings and the same folds.

    python3 heads_sklearn.py EMBEDDINGS HEAD TASK C     # HEAD: the head's path without .safetensors; needs pyarrow and scikit-learn
"""
import glob
import json
import sys

import numpy as np
import pyarrow.parquet as pq
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder, head, task, c = sys.argv[1:]
table = pq.read_table(folder).to_pydict()
embedding = dict(zip(table["track_id"], table["features"]))
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
        model = make_pipeline(StandardScaler(), LogisticRegression(C=float(c), max_iter=10000))
        theirs[fold == k] = model.fit(x[fold != k], y[fold != k]).predict(x[fold == k])
    alike += int((ours == theirs).sum())
    total += len(y)
    accuracies.append(((ours == y).mean(), (theirs == y).mean()))
mean = np.mean(accuracies, axis=0)
print(f"scikit-learn {sklearn.__version__}: {alike} of {total} answers alike over {len(accuracies)} draws; right {mean[0]:.3f} here, {mean[1]:.3f} there")
sys.exit(alike < 0.99 * total)
