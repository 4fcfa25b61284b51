"""CPU milliseconds of decoding a file with libsndfile into one buffer, on one thread.

python decode_libsndfile.py FILES…
"""

import sys

import numpy as np
import soundfile
from line import cpu_ms_each, say

files, frames, buffer = sys.argv[1:], 0, np.empty((1 << 16, 2), np.float32)


def work():
    global frames
    frames = 0
    for file in files:
        with soundfile.SoundFile(file) as sound:
            room = buffer.reshape(-1, sound.channels)
            while read := len(sound.read(out=room)):
                frames += read


ms = cpu_ms_each(len(files), work)
version = f"libsndfile {soundfile.__libsndfile_version__} by soundfile {soundfile.__version__}"
say("decoding", ms, "CPU ms/file", version, f"{len(files)} files", frames)
