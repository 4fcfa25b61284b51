"""Writes scores.json and student_t.json beside this file: what scikit-learn and scipy say of the same numbers.

Run: python make_golden.py   (numpy, scipy, scikit-learn)

The probabilities are stored beside the scores, rounded to five digits, so that the test needs no generator of its own.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.stats
import sklearn
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
)

HERE = pathlib.Path(__file__).parent
VERSIONS = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
CLASSES = ["blues", "classical", "jazz", "metal", "pop"]


def none_if_nan(values):
    return [None if np.isnan(v) else float(v) for v in values]


def scores(truth, answer, labels):
    precision, recall, _, support = precision_recall_fscore_support(truth, answer, labels=labels, zero_division=np.nan)
    f1 = f1_score(truth, answer, labels=labels, average=None, zero_division=np.nan)
    used = sorted(set(truth) | set(answer), key=labels.index)
    return {
        "labels": labels,
        "confusion": confusion_matrix(truth, answer, labels=labels).tolist(),
        "accuracy": accuracy_score(truth, answer),
        "balanced_accuracy": balanced_accuracy_score(truth, answer),
        "macro_f1": f1_score(truth, answer, labels=used, average="macro", zero_division=0),
        "precision": none_if_nan(precision),
        "recall": none_if_nan(recall),
        "f1": none_if_nan(f1),
        "support": support.tolist(),
    }


def case(name, seed, n_tracks, true_labels, logit_bias):
    rng = np.random.default_rng(seed)
    rows = []
    for track in range(n_tracks):
        label = true_labels[track % len(true_labels)]
        for clip in range(1 + track % 4):
            logits = rng.normal(size=len(CLASSES)) + logit_bias
            if label in CLASSES:
                logits[CLASSES.index(label)] += 1.2
            p = np.exp(logits - logits.max())
            p = (p / p.sum()).astype(np.float32).round(5)
            rows.append({"track": f"t{track:03}", "clip": f"t{track:03}#{clip}", "label": label, "p": [round(float(v), 5) for v in p]})
    labels = CLASSES + sorted({r["label"] for r in rows} - set(CLASSES))
    p = np.array([r["p"] for r in rows], dtype=np.float32).astype(np.float64)
    clip_truth = [r["label"] for r in rows]
    clip_answer = [CLASSES[i] for i in p.argmax(axis=1)]
    tracks = sorted({r["track"] for r in rows})
    track_truth, track_answer = [], []
    for t in tracks:
        places = [i for i, r in enumerate(rows) if r["track"] == t]
        track_truth.append(rows[places[0]]["label"])
        track_answer.append(CLASSES[int(p[places].mean(axis=0).argmax())])
    return {
        "name": name,
        "classes": CLASSES,
        "rows": rows,
        "clip": scores(clip_truth, clip_answer, labels),
        "track": scores(track_truth, track_answer, labels),
    }


def main():
    cases = [
        case("ordinary", 1, 40, CLASSES, np.zeros(5)),
        # pop is never answered; classical has no support; ska and dub are unknown to the model.
        case("gaps", 2, 30, ["blues", "jazz", "metal", "pop", "ska", "dub"], np.array([0, 0.5, 0, 0, -60.0])),
        # metal is neither present nor answered.
        case("absent", 3, 24, ["blues", "classical", "jazz", "pop"], np.array([0, 0, 0, -60.0, 0])),
    ]
    (HERE / "scores.json").write_text(json.dumps({"versions": VERSIONS, "cases": cases}, indent=None, separators=(",", ":")) + "\n")

    quantiles = [
        {"probability": p, "degrees": d, "t": float(scipy.stats.t.ppf(p, d))}
        for d in [*range(1, 31), 40, 60, 99, 120, 1000, 100_000]
        for p in [0.6, 0.9, 0.95, 0.975, 0.995, 0.9995]
    ]
    intervals = []
    for values in [[0.892, 0.88], [0.525, 0.54, 0.51], [0.1, 0.9, 0.5, 0.45, 0.62], [36.7, 30.1, 41.0, 38.8, 35.0, 29.9, 44.4]]:
        v = np.array(values)
        low, high = scipy.stats.t.interval(0.95, len(v) - 1, loc=v.mean(), scale=scipy.stats.sem(v))
        intervals.append({"values": values, "mean": float(v.mean()), "sd": float(v.std(ddof=1)), "low": float(low), "high": float(high)})
    (HERE / "student_t.json").write_text(json.dumps({"versions": VERSIONS, "quantiles": quantiles, "intervals": intervals}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
