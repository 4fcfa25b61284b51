"""CPU milliseconds of Li's mel slices of a track in librosa: decoding, resampling where need be, ten slices of decibels.

python mel_librosa.py FILES…
"""

import sys

import librosa
import numpy as np
import soundfile
import soxr
from line import cpu_ms_each, say

SLICE = 65024
files, means = sys.argv[1:], []


def work():
    means.clear()
    for file in files:
        samples, _ = librosa.load(file, sr=22050)
        for i in range(min(10, len(samples) // SLICE)):
            mel = librosa.feature.melspectrogram(y=samples[i * SLICE : (i + 1) * SLICE], sr=22050)
            means.append(librosa.power_to_db(mel, ref=np.max).mean())


ms = cpu_ms_each(len(files), work)
version = f"librosa {librosa.__version__}, soxr {soxr.__version__}, libsndfile {soundfile.__libsndfile_version__}"
say("Li's mel slices", ms, "CPU ms/track", version, f"{len(means)} slices", np.mean(means))
