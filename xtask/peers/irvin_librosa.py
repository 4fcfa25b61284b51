"""CPU milliseconds of Irvin's features of a track in librosa and scipy: decoding, resampling, spectrograms.

python irvin_librosa.py FILES…
"""

import sys

import librosa
import numpy as np
import scipy
import scipy.signal
import soxr
from line import cpu_ms_each, say

# Bins whose values are held against those of others: above them resamplers end, each in its own way.
BINS = 450
files, means = sys.argv[1:], []


def work():
    means.clear()
    for file in files:
        samples, _ = librosa.load(file, sr=4000)
        for clip in range(len(samples) // 20000):
            power = scipy.signal.spectrogram(samples[clip * 20000 : (clip + 1) * 20000], fs=4000, nperseg=1024)[2]
            means.append(np.log(np.maximum(np.sqrt(power), 5e-8))[:BINS].mean())


ms = cpu_ms_each(len(files), work)
version = f"librosa {librosa.__version__}, scipy {scipy.__version__}, soxr {soxr.__version__}"
say("Irvin's features", ms, "CPU ms/track", version, f"{len(means)} clips", np.mean(means))
