"""Holds an exported network of `segno train` against the predictions of the network itself: the same features in, the same probabilities out.

    pip install onnxruntime==1.32.0 numpy==2.4.6 pyarrow onnx==1.23.2
    segno model export work/models/mlp-relu/published-1.safetensors --format onnx --out mlp.onnx
    segno predict-set --work work --experiment FILE --row mlp-relu --protocol published --seed 1
    python export_onnx_trained.py mlp.onnx work work/predictions/mlp-relu/published-1.parquet

Prints how many clips were asked, and the largest difference, and fails above 2e-5.
"""

import glob
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
import pyarrow.parquet as pq

model, work, predictions = sys.argv[1:]
onnx.checker.check_model(model, full_check=True)
specification = json.load(open(model + ".json"))["card"]["features"]

features = {}
for part in glob.glob(os.path.join(work, "features", "*", "part-*.parquet")):
    if json.loads(pq.ParquetFile(part).metadata.metadata[b"segno.feature_spec"]) == specification:
        table = pq.read_table(part)
        features.update(zip(table["clip_id"].to_pylist(), table["features"].to_pylist()))

session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
[given] = session.get_inputs()
table = pq.read_table(predictions).to_pylist()
worst = 0.0
for task in session.get_outputs():
    rows = [row for row in table if row["task"] == task.name]
    assert rows, f"no predictions of {task.name}"
    x = np.array([features[row["clip_id"]] for row in rows], np.float32).reshape(len(rows), *given.shape[1:])
    found = session.run([task.name], {given.name: x})[0]
    worst = max(worst, float(np.abs(found - np.array([row["probabilities"] for row in rows])).max()))
print(f"{len(table)} rows, largest difference {worst:.1e}")
sys.exit(worst > 2e-5)
