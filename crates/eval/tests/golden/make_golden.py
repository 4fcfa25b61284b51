"""Writes scores.json and student_t.json beside this file: what scikit-learn and scipy say of the same numbers.

Run: python make_golden.py   (numpy, scipy, scikit-learn 1.9 or later)

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
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
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


def probabilities(truth, p, labels):
    """Scores of probabilities [items, known classes]; a class unknown to the model has probability 0."""
    p = np.hstack([p, np.zeros((len(p), len(labels) - p.shape[1]))])
    # scikit-learn wants the columns in the order of the sorted labels.
    order = sorted(range(len(labels)), key=lambda column: labels[column])
    names, p = [labels[column] for column in order], p[:, order]
    # The bounds that log_loss sets float32 probabilities; its own, of float64, then change nothing.
    eps = float(np.finfo(np.float32).eps)
    confidence, answer = p.max(axis=1), p.argmax(axis=1)
    right = np.array([names[a] == t for a, t in zip(answer, truth)])
    edges = np.linspace(0, 1, 16)
    ece, bins = 0.0, []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        n = int(inside.sum())
        if n:
            ece += n / len(p) * abs(right[inside].mean() - confidence[inside].mean())
        bins.append([n, float(confidence[inside].mean()) if n else None, float(right[inside].mean()) if n else None])
    return {
        "top2": top_k_accuracy_score(truth, p, k=2, labels=names),
        "log_loss": log_loss(truth, y_proba=np.clip(p, eps, 1 - eps), labels=names),
        "brier": brier_score_loss(truth, p, labels=names),
        "ece": ece,
        "reliability": bins,
    }


def vote(p):
    """The class most clips are answered with; among equals the highest mean."""
    votes, mean = np.bincount(p.argmax(axis=1), minlength=p.shape[1]), p.mean(axis=0)
    return int(np.where(votes == votes.max(), mean, -1).argmax())


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
    track_truth, track_answer, track_vote, track_p = [], [], [], []
    for t in tracks:
        places = [i for i, r in enumerate(rows) if r["track"] == t]
        track_truth.append(rows[places[0]]["label"])
        track_p.append(p[places].mean(axis=0))
        track_answer.append(CLASSES[int(track_p[-1].argmax())])
        track_vote.append(CLASSES[vote(p[places])])
    return {
        "name": name,
        "classes": CLASSES,
        "rows": rows,
        "clip": scores(clip_truth, clip_answer, labels),
        "track": scores(track_truth, track_answer, labels),
        "vote": scores(track_truth, track_vote, labels),
        "clip_probabilities": probabilities(clip_truth, p, labels),
        "track_probabilities": probabilities(track_truth, np.array(track_p), labels),
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
