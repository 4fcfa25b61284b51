"""Fingerprints of a made signal by the reference implementation: chromaprint.txt.

Needs ffmpeg built with libchromaprint. Made with ffmpeg 5.1.9-0+deb12u1, libchromaprint 1.5.1-2+b1.
Run: python chromaprint.py > chromaprint.txt
"""

import struct
import subprocess

RATE = 11025


def signal():
    """12 s of three triangle waves whose pitches are drawn anew every 0.4 s; whole numbers throughout, so that every language makes the same."""
    state, phases, steps, samples = 1, [0, 0, 0], [0, 0, 0], []
    for n in range(12 * RATE):
        if n % (RATE * 2 // 5) == 0:
            for voice in range(3):
                state = (state * 1664525 + 1013904223) % 2**32
                steps[voice] = (60 + (state >> 22)) * (2**32 // RATE)  # 60 to 1083 Hz
        total = 0
        for voice in range(3):
            phases[voice] = (phases[voice] + steps[voice]) % 2**32
            total += abs((phases[voice] >> 17) - 16384) - 8192
        samples.append(total)
    return samples


raw = struct.pack(f"<{12 * RATE}h", *signal())
command = "ffmpeg -v error -f s16le -ar 11025 -ac 1 -i - -f chromaprint -fp_format raw -"
items = subprocess.run(command.split(), input=raw, capture_output=True, check=True).stdout
print("\n".join(str(item) for (item,) in struct.iter_unpack("<I", items)))
