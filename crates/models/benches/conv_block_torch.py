"""Samples a second through Li's convolutions in PyTorch, on two threads: the peer of conv_block.rs.

    python conv_block_torch.py [train|infer BATCH ROUNDS plain|channels_last]        (torch)
"""

import resource
import statistics
import sys
import time

import torch
from torch.nn import AvgPool2d, BatchNorm2d, Conv2d, MaxPool2d, Module, ReLU, Sequential

CHANNELS = [1, 64, 128, 256, 512]


class Stack(Module):
    def __init__(self):
        super().__init__()
        layers = [BatchNorm2d(1, eps=1e-3)]
        for layer in range(3):
            # The extra row and column come at the end: torch's padding="same" puts them there too.
            layers += [Conv2d(CHANNELS[layer], CHANNELS[layer + 1], 2, padding="same"), ReLU(), BatchNorm2d(CHANNELS[layer + 1], eps=1e-3), MaxPool2d(2)]
        self.layers = Sequential(*layers, Conv2d(256, 512, 2, stride=2), ReLU(), BatchNorm2d(512, eps=1e-3))
        self.largest, self.mean = MaxPool2d(2), AvgPool2d(2)

    def forward(self, x):
        x = self.layers(x)
        return (self.largest(x) + self.mean(x)) / 2


def rate(kind, batch, rounds, layout):
    torch.manual_seed(1)
    memory = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    model = Stack().to(memory_format=memory).train(kind == "train")
    x = torch.randn(batch, 1, 128, 128).to(memory_format=memory)
    rates = []
    for round in range(rounds + 1):
        start, busy = time.perf_counter(), time.process_time()
        if kind == "train":
            model.zero_grad()
            model(x).square().mean().backward()
        else:
            with torch.inference_mode():
                model(x)
        if round:
            rates.append((batch / (time.perf_counter() - start), 2 * batch / (time.process_time() - busy)))
    wall, busy = zip(*rates)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"torch {torch.__version__} {layout} {kind} {batch:4}: {statistics.median(wall):6.1f} samples/s ({min(wall):.1f} to {max(wall):.1f}); "
        f"{statistics.median(busy):.1f} a second of two busy cores; peak {peak:.0f} MiB"
    )


torch.set_num_threads(2)
if len(sys.argv) == 5:
    rate(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
else:
    for layout in ("plain", "channels_last"):
        rate("train", 32, 5, layout)
        rate("infer", 32, 9, layout)
