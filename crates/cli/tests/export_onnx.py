"""Holds an exported head against the head itself: the same numbers in, the same probabilities out.

    pip install onnxruntime numpy pyarrow onnx
    segno model export mine.safetensors --format onnx --out mine.onnx
    segno predict --model mine.safetensors --format jsonl --out answers.jsonl FILES
    python export_onnx.py mine.onnx WORK answers.jsonl

WORK is the work folder of `segno head train`, whose shards have the inputs; FILES are some of its tracks, by the paths of which the
ends are taken for the tracks' names. Prints the largest difference, and fails above 2e-5.
"""

import glob
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
import pyarrow.parquet as pq

model, work, answers = sys.argv[1:]
onnx.checker.check_model(model, full_check=True)
card = json.load(open(model + ".json"))["card"]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def rows_of(specification):
    """Track → row, of the shards with that specification."""
    for folder in glob.glob(os.path.join(work, "features", "*")):
        parts = sorted(glob.glob(os.path.join(folder, "part-*.parquet")))
        if json.loads(pq.ParquetFile(parts[0]).metadata.metadata[b"segno.feature_spec"]) == specification:
            tables = [pq.read_table(part) for part in parts]
            return {track: row for table in tables for track, row in zip(table["track_id"].to_pylist(), table["features"].to_pylist())}
    raise SystemExit(f"{work}: no shards of {specification}")


def name(path):
    """A file's name without the extension of a format; `blues.00000` has none."""
    stem, extension = os.path.splitext(os.path.basename(path))
    return stem if extension[1:].isalnum() and not extension[1:].isdigit() else stem + extension


inputs = [rows_of(one["specification"]) for one in card["inputs"]]
tracks = {name(track): track for track in inputs[0]}
largest, count = 0.0, 0
for line in open(answers):
    said = json.loads(line)
    track = tracks.get(name(said["file"]))
    if track is None or "failed" in said:
        continue
    given = {f"input.{at}": np.array([rows[track]], dtype=np.float32) for at, rows in enumerate(inputs)}
    for task, found in zip(card["tasks"], session.run([task["task"]["task"] for task in card["tasks"]], given)):
        ours = [said["tasks"][task["task"]["task"]][name] for name in task["task"]["classes"]]
        largest = max(largest, float(np.abs(found[0] - np.array(ours)).max()))
        count += 1
print(f"{count} answers, largest difference {largest:.2e}")
sys.exit(not (count > 0 and largest < 2e-5))
