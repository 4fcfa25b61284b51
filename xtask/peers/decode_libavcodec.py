"""CPU milliseconds of decoding a file with ffmpeg's libavcodec through PyAV, on one thread; frames are counted and dropped.

python decode_libavcodec.py FILES…
"""

import sys

import av
from line import cpu_ms_each, say

files, frames = sys.argv[1:], 0


def work():
    global frames
    frames = 0
    for file in files:
        with av.open(file) as container:
            stream = container.streams.audio[0]
            stream.codec_context.thread_count = 1
            frames += sum(frame.samples for frame in container.decode(stream))


ms = cpu_ms_each(len(files), work)
version = f"libavcodec {'.'.join(map(str, av.library_versions['libavcodec']))} by PyAV {av.__version__}"
say("decoding", ms, "CPU ms/file", version, f"{len(files)} files", frames)
