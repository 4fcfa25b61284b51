"""CPU milliseconds of one of Li's mel slices in torchaudio, from samples in memory, ten slices at a time.

python mel_torchaudio.py FILE      (raw f32 samples of 22 050 Hz)
"""

import sys

import numpy as np
import torch

# torchaudio's last release refuses, on import, a torch that was built for another CUDA; none is used here.
torch.version.cuda = None
import torchaudio
from line import THREADS, cpu_ms_each, say

SLICE, BATCH = 65024, 10
torch.set_num_threads(THREADS)
samples = torch.from_numpy(np.fromfile(sys.argv[1], np.float32))
slices = samples[: len(samples) // SLICE * SLICE].view(-1, SLICE)
mel = torchaudio.transforms.MelSpectrogram(
    22050, 2048, hop_length=512, n_mels=128, pad_mode="constant", norm="slaney", mel_scale="slaney"
)
means = []


@torch.inference_mode()
def work():
    means.clear()
    for batch in slices.split(BATCH):
        power = mel(batch)
        # As librosa's power_to_db(ref=max), each slice by itself: down to 80 dB below its loudest cell.
        decibels = 10 * power.clamp(min=1e-10).log10()
        decibels -= decibels.amax((1, 2), keepdim=True)
        means.append(decibels.clamp_(min=-80).mean((1, 2)))


ms = cpu_ms_each(len(slices), work)
version = f"torchaudio {torchaudio.__version__} on torch {torch.__version__}"
say("mel slices of samples", ms, "CPU ms/slice", version, f"{len(slices)} slices", torch.cat(means).mean())
