"""Logistic regression and support vector machines, from scikit-learn.

    python classical.py golden > golden/classical.json           (numpy, scikit-learn)
    python classical.py clips WORK EXPERIMENT [--row ROW]...      (and pyarrow)

`golden`: decision values on data from the integer formula of golden/make.py; the classes overlap.

`clips`: for every row of the experiment that is logistic regression or a support vector machine, and every model of
it in the work folder, scikit-learn fits the same clips with the same knobs. Printed are both test accuracies, the
largest difference of decision values (ours from the model file's parameters, in f64), on how many clips the answers
differ, and the seconds of both fits. Ours come from the stored predictions and timings.
"""

import argparse
import json
import struct
import time
import tomllib
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import SVC, LinearSVC


def estimator(model, tolerance=None):
    """scikit-learn's estimator for a `model` table of an experiment file."""
    ((kind, knobs),) = model.items()
    c, iterations = knobs["c"], knobs["max_iterations"]
    tolerance = tolerance or knobs["tolerance"]
    if kind == "logistic":
        one = LogisticRegression(C=c, tol=tolerance, max_iter=iterations)
        return OneVsRestClassifier(one) if knobs.get("scheme") == "one-vs-rest" else one
    ((kernel, details),) = knobs["kernel"].items()
    if kernel == "linear":
        # L2 in the dual and L1 over the weights, as ours; the optimum does not hang on it.
        penalty = details["penalty"]
        return LinearSVC(C=c, penalty=penalty, dual=penalty == "l2", tol=tolerance, max_iter=iterations, random_state=0)
    names = {"rbf": "rbf", "polynomial": "poly", "sigmoid": "sigmoid"}
    shape = {name: details[name] for name in ("gamma", "degree", "coef0") if name in details}
    return OneVsRestClassifier(SVC(C=c, kernel=names[kernel], tol=tolerance, max_iter=iterations, **shape))


def values(count, seed):
    i = np.arange(count, dtype=np.uint64)
    return (((i * 2654435761 + seed * 97531) % 2**32) >> 16) / 65536.0 - 0.5


def overlapping(rows, inputs, classes, seed):
    labels = np.arange(rows) % classes
    x = values(rows * inputs, seed).reshape(rows, inputs)
    x[np.arange(rows), labels] += 0.5
    return x.astype(np.float32).astype(np.float64), labels


def svm(kernel, c=1.0):
    return {"svm": {"kernel": kernel, "c": c, "tolerance": 1e-8, "max_iterations": 1_000_000}}


def logistic(scheme):
    # What f32 products allow; scikit-learn goes further.
    return {"logistic": {"scheme": scheme, "c": 1.0, "tolerance": 1e-5, "max_iterations": 10_000}}


CASES = {
    "linear-l2": svm({"linear": {"penalty": "l2"}}),
    "linear-l1": svm({"linear": {"penalty": "l1"}}),
    "rbf": svm({"rbf": {"gamma": "auto"}}),
    "rbf-scale": svm({"rbf": {"gamma": "scale"}}, 4.0),
    "polynomial": svm({"polynomial": {"degree": 3, "gamma": 0.5, "coef0": 0.25}}),
    "sigmoid": svm({"sigmoid": {"gamma": "auto", "coef0": 0.0}}),
    "multinomial": logistic("multinomial"),
    "one-vs-rest": logistic("one-vs-rest"),
}


def golden():
    x, labels = overlapping(90, 12, 3, 7)
    test, _ = overlapping(20, 12, 3, 8)
    cases = {}
    for name, model in CASES.items():
        decision = estimator(model, 1e-9).fit(x, labels).decision_function(test)
        if name == "multinomial":  # a constant common to all classes is nobody's
            decision = decision - decision.mean(1, keepdims=True)
        cases[name] = {"model": model, "decision": [round(v, 6) for v in decision.flatten().tolist()]}
    versions = {"sklearn": sklearn.__version__, "numpy": np.__version__}
    print(json.dumps({"made_by": "tests/classical.py golden", "versions": versions, "cases": cases}))


def model_file(path):
    """Card and tensors of a safetensors file."""
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__")
    body = data[8 + size :]
    tensors = {}
    for name, at in header.items():
        start, end = at["data_offsets"]
        tensors[name] = np.frombuffer(body[start:end], "<f4").reshape(at["shape"]).astype(np.float64)
    (document,) = (json.loads(text) for text in metadata.values() if text.startswith("{"))
    return document, tensors


def decide(model, tensors, x):
    """Decision values of the first task from the parameters of a model file."""
    if "network.support" not in tensors:
        return x @ tensors["network.heads.0.weight"] + tensors["network.heads.0.bias"]
    ((kernel, details),) = model["svm"]["kernel"].items()
    support, gamma = tensors["network.support"], tensors["network.gamma"][0]
    if kernel == "rbf":
        distances = (x**2).sum(1)[:, None] + (support**2).sum(1) - 2 * x @ support.T
        kernels = np.expm1(-gamma * np.maximum(distances, 0))
    else:
        inner = gamma * x @ support.T + details["coef0"]
        kernels = inner ** details["degree"] if kernel == "polynomial" else np.tanh(inner)
    return kernels @ tensors["network.heads.0.coefficients"] + tensors["network.heads.0.bias"]


def clips(work, experiment, only):
    import pyarrow.parquet as pq

    rows = [row for row in tomllib.loads(experiment.read_text())["rows"] if {"svm", "logistic"} & row["model"].keys()]
    shards = {}
    for path in sorted(work.glob("features/*/part-*.parquet")):
        table = pq.read_table(path)
        flat = np.concatenate([chunk.values.to_numpy() for chunk in table["features"].chunks]).reshape(len(table), -1)
        spec = json.loads(pq.read_metadata(path).metadata[b"segno.feature_spec"])
        shards.setdefault(json.dumps(spec, sort_keys=True), {}).update(zip(table["clip_id"].to_pylist(), flat, strict=True))
    tracks = pq.read_table(work / "tracks.parquet").to_pydict()
    genres = dict(zip(tracks["track_id"], tracks["label:genre"], strict=True))
    print("row run ours sklearn differ |Δ| spread seconds sklearn-seconds ratio ending")
    for row in rows:
        if only and row["id"] not in only:
            continue
        for path in sorted((work / "models" / row["id"]).glob("*.safetensors")):
            if "checkpoint" in path.name:
                continue
            document, tensors = model_file(path)
            card, run = document["card"], path.stem
            split = pq.read_table(work / "splits" / f"{run}.parquet").to_pydict()
            features = shards[json.dumps(card["features"], sort_keys=True)]
            classes = card["signature"]["tasks"][0]["classes"]

            def part(name):
                chosen = [i for i, side in enumerate(split["part"]) if side == name]
                ids = [split["clip_id"][i] for i in chosen]
                x = np.stack([features[id] for id in ids]).astype(np.float64)
                if "normaliser.mean" in tensors:
                    frames = x.reshape(len(x), *card["signature"]["input"])
                    x = ((frames - tensors["normaliser.mean"]) / tensors["normaliser.deviation"]).reshape(len(x), -1)
                x = x.astype(np.float32).astype(np.float64)
                return ids, x, np.array([classes.index(genres[split["track_id"][i]]) for i in chosen])

            _, x, labels = part("train")
            ids, test, truth = part("test")
            reference = estimator(row["model"])
            start = time.perf_counter()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                reference.fit(x, labels)
            theirs_took = time.perf_counter() - start
            theirs = reference.decision_function(test)
            ours = decide(row["model"], tensors, test)
            if np.unique(labels).size < len(classes):
                ours = ours[:, np.unique(labels)]
            if isinstance(reference, LogisticRegression):
                ours, theirs = (values - values.mean(1, keepdims=True) for values in (ours, theirs))
            told = pq.read_table(work / "predictions" / row["id"] / f"{run}.parquet").to_pydict()
            answers = dict(zip(told["clip_id"], told["predicted_label"], strict=True))
            answers = np.array([classes.index(answers[id]) for id in ids])
            expected = reference.predict(test)
            took = json.loads((work / "timings" / f"3-train-{row['id']}-{run}.json").read_text())["seconds"]
            print(
                row["id"], run, f"{(answers == truth).mean():.4f} {(expected == truth).mean():.4f}",
                f"{(answers != expected).sum()}/{len(ids)} {np.abs(ours - theirs).max():.1e} {theirs.std(0).mean():.1e}",
                f"{took:.2f} {theirs_took:.2f} {theirs_took / took:.1f}", json.dumps(document["made"]["ending"]), flush=True,
            )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("golden")
    real = commands.add_parser("clips")
    real.add_argument("work", type=Path)
    real.add_argument("experiment", type=Path)
    real.add_argument("--row", action="append", default=[])
    arguments = parser.parse_args()
    if arguments.command == "golden":
        golden()
    else:
        clips(arguments.work, arguments.experiment, arguments.row)
