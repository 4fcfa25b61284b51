"""Mel banks, mel spectrograms, decibels, MFCC and their statistics over real audio: segno against librosa, the same samples.

    cargo build --release -p segno-features --example extract
    python crates/features/tests/parity.py FOLDER [CLIPS]      (librosa 0.11, soundfile)

FOLDER is searched for audio files; of their sorted list CLIPS (default 24) evenly spread ones are taken, each decoded by
librosa and resampled by it to the rate of the case, cut into slices of some three seconds, ten at most. Silent slices
are compared as any other.

Measures, the largest over all slices of a case:
  linear   |ours - librosa| / largest value of the slice's matrix: a transform in f32 rounds relative to a frame's energy
  cells    the same error / the cell's own value, of cells down to 1e-4 of the largest (40 dB below it)
  dB, MFCC |ours - librosa| / largest absolute value of the slice's matrix
librosa is given f32 and gives f32, as everybody uses it; within, its window and transform are f64, and ours f32. So
decibels are cut 80 dB below the largest power, which is `top_db` 40 where the bands sum magnitudes: beneath that our
rounding shows. With the default of 80 on magnitudes, which is 160 dB of power, the error is up to 6e-3 of the range.
Then the summary of each file as a whole, decoded at 22 050 Hz: mean, sd and sd of the delta of 20 MFCC with librosa's
defaults (`top_db` 80 of power), each error relative to the largest of its twenty numbers, and relative to itself.
Ends with 1 if a figure but those of `cells` and `itself` is above 1e-4.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import librosa
import numpy as np

LIMIT = 1e-4
repository = Path(__file__).parents[3]
binary = Path(os.environ.get("CARGO_TARGET_DIR", repository / "target")) / "release/examples/extract"

DEFAULT = dict(sr=22050, n_fft=2048, hop=512, n_mels=128, htk=False, norm="slaney", fmin=0.0, fmax=None, power=2.0)
CASES = [
    dict(DEFAULT),  # Li 2019, librosa's defaults
    dict(DEFAULT, htk=True),
    dict(DEFAULT, htk=True, norm=None),
    dict(DEFAULT, norm=None),
    dict(DEFAULT, power=1.0),
    dict(DEFAULT, power=1.5),
    dict(DEFAULT, n_mels=40, fmin=30.0, fmax=8000.0),
    dict(DEFAULT, n_fft=1024, hop=256, n_mels=64),
    dict(DEFAULT, sr=16000, n_fft=512, hop=256, n_mels=96),  # MusiCNN
    dict(DEFAULT, sr=16000, n_fft=400, hop=160, n_mels=80, htk=True),
    dict(DEFAULT, sr=44100, n_fft=4096, hop=1024, n_mels=256),
    dict(DEFAULT, sr=8000, n_fft=600, hop=150, n_mels=32, fmin=64.0, htk=True, norm=None),
    dict(DEFAULT, sr=11025, n_fft=1001, hop=333, n_mels=50),
]


def run_segno(text, samples):
    done = subprocess.run([binary, json.dumps(text)], input=samples.astype("<f4").tobytes(), capture_output=True)
    if done.returncode:
        sys.exit(done.stderr.decode())
    return np.frombuffer(done.stdout, "<f4").astype(np.float64)


def ours(case, clip_samples, samples, kind, **own):
    spec = {"n_fft": case["n_fft"], "hop": case["hop"], "padding": "zero", "n_mels": case["n_mels"],
            "mel_scale": "htk" if case["htk"] else "slaney", "mel_norm": case["norm"] or "none", "fmin_hz": case["fmin"],
            "fmax_hz": case["fmax"] or case["sr"] / 2, "power": case["power"], **own}
    text = {"sample_rate_hz": case["sr"], "clip_samples": clip_samples, "max_clips": 10, "representation": {kind: spec}}
    frames = 1 + clip_samples // case["hop"]
    return run_segno(text, samples).reshape(min(10, len(samples) // clip_samples), frames, -1)


def compare(case, files):
    worst = {}

    def note(measure, mine, theirs, floor=None):
        error, theirs = np.abs(mine - theirs.T), np.abs(theirs.T).astype(np.float64)
        largest = theirs.max()
        if floor:
            kept = theirs >= max(floor * largest, 1e-30)
            error, largest = error[kept], theirs[kept]
        # A matrix of zeros is to be met exactly.
        value = np.max(error / np.maximum(largest, 1e-30), initial=0.0)
        worst[measure] = max(worst.get(measure, 0.0), value)

    clip_samples = 127 * 512 * case["sr"] // 22050
    top = 40.0 * case["power"]
    n_slices = 0
    for file in files:
        y, _ = librosa.load(file, sr=case["sr"])
        run = lambda kind, **own: ours(case, clip_samples, y, kind, **own)
        mine = {
            "linear": run("mel"),
            "dB max": run("mel", output={"db": {"reference": "max", "top_db": top}}),
            "dB 1": run("mel", output={"db": {"amin": 1e-6, "top_db": 0.75 * top}}),
            "log(1+x)": run("mel", output={"log-compressed": {"scale": 10000.0}}),
            "MFCC": run("mfcc", db={"top_db": top}),
            "MFCC lifted": run("mfcc", db={"top_db": top}, n_mfcc=13, lifter=22),
        }
        for i in range(len(mine["linear"])):
            part = y[i * clip_samples:(i + 1) * clip_samples]
            named = {key: case[key] for key in ("n_mels", "htk", "norm", "fmin", "fmax", "power", "sr", "n_fft")}
            mel = librosa.feature.melspectrogram(y=part, hop_length=case["hop"], **named)
            note("linear", mine["linear"][i], mel)
            note("cells", mine["linear"][i], mel, floor=1e-4)
            note("dB max", mine["dB max"][i], librosa.power_to_db(mel, ref=np.max, top_db=top))
            note("dB 1", mine["dB 1"][i], librosa.power_to_db(mel, amin=1e-6, top_db=0.75 * top))
            note("log(1+x)", mine["log(1+x)"][i], np.log10(1 + 10000 * mel))
            db = librosa.power_to_db(mel, top_db=top)
            note("MFCC", mine["MFCC"][i], librosa.feature.mfcc(S=db))
            note("MFCC lifted", mine["MFCC lifted"][i], librosa.feature.mfcc(S=db, n_mfcc=13, lifter=22))
            n_slices += 1
    return worst, n_slices


def compare_summaries(files):
    worst = {"itself": 0.0}
    mfcc = {"n_fft": 2048, "hop": 512, "padding": "zero"}
    text = {"sample_rate_hz": 22050, "clip": "whole", "representation": {"summary": {"of": {"mfcc": mfcc}}}}
    for file in files:
        y, _ = librosa.load(file, sr=22050)
        mine = run_segno(text, y).reshape(3, 20)
        matrix = librosa.feature.mfcc(y=y, sr=22050)
        theirs = [matrix.mean(axis=1), matrix.std(axis=1), librosa.feature.delta(matrix).std(axis=1)]
        for name, mine, theirs in zip(("mean", "sd", "sd of delta"), mine, theirs):
            error = np.abs(mine - theirs)
            worst[name] = max(worst.get(name, 0.0), error.max() / np.abs(theirs).max())
            worst["itself"] = max(worst["itself"], (error / np.abs(theirs)).max())
    return worst


folder, wanted = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 24
found = sorted(path for path in folder.rglob("*") if path.suffix in {".wav", ".mp3", ".au", ".flac", ".ogg"})
files = [found[i * len(found) // wanted] for i in range(min(wanted, len(found)))]
print(f"librosa {librosa.__version__}, numpy {np.__version__}; {len(files)} of {len(found)} files")
failed = False
for case in CASES:
    worst, n_slices = compare(case, files)
    failed |= any(not value <= LIMIT for measure, value in worst.items() if measure != "cells")
    text = " ".join(f"{key}={value}" for key, value in case.items() if value != DEFAULT[key] or key == "sr")
    print(f"{text} ({n_slices} slices): " + ", ".join(f"{measure} {value:.1e}" for measure, value in worst.items()), flush=True)
worst = compare_summaries(files)
failed |= any(not value <= LIMIT for measure, value in worst.items() if measure != "itself")
print(f"summary ({len(files)} whole files): " + ", ".join(f"{measure} {value:.1e}" for measure, value in worst.items()))
sys.exit(failed)
