"""Samples a second of training Li 2019's attention CNN in PyTorch, and its peak memory: the peer of
crates/trainer/benches/cnn.rs.

python cnn_torch.py BATCH plain|channels-last [cuda|cuda-compiled]
"""

import sys

import torch
from line import THREADS, rate, say, torch_device
from torch import nn
from torch.nn import functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        norm = dict(eps=1e-3, momentum=0.01)
        sizes = [1, 64, 128, 256, 512]
        self.input_norm = nn.BatchNorm2d(1, **norm)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2 if b == 512 else 1) for a, b in zip(sizes, sizes[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(size, **norm) for size in sizes[1:])
        self.score = nn.Linear(16, 1, bias=False)
        self.dense, self.dense_norm = nn.Linear(8208, 15), nn.BatchNorm1d(15, **norm)
        self.heads = nn.ModuleList([nn.Linear(15, 10), nn.Linear(15, 3)])

    def forward(self, x):
        x = self.input_norm(x)
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            x = norm(F.relu(conv(x if i == 3 else F.pad(x, (0, 1, 0, 1)))))
            x = F.max_pool2d(x, 2) if i < 3 else 0.5 * (F.max_pool2d(x, 2) + F.avg_pool2d(x, 2))
        maps = x.flatten(2)
        alpha = self.score(maps)[..., 0].softmax(1)
        x = torch.cat([maps, torch.einsum("nc,ncp->np", alpha, maps)[:, None]], 1).flatten(1)
        x = self.dense_norm(F.relu(self.dense(F.dropout(x))))
        x = F.dropout(x)
        return [head(x) for head in self.heads]


torch.manual_seed(1)
torch.set_num_threads(THREADS)
batch, layout = int(sys.argv[1]), sys.argv[2]
memory = {"plain": torch.contiguous_format, "channels-last": torch.channels_last}[layout]
clips = batch if batch > 64 else 4 * batch
device, compiled = torch_device(torch, sys.argv[3:])
model = Model().to(device, memory_format=memory)
answer = torch.compile(model) if compiled else model
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
x = torch.rand(clips, 1, 128, 128).contiguous(memory_format=memory).to(device)
genre, mood = torch.arange(clips, device=device) % 10, torch.arange(clips, device=device) % 3


def epoch():
    for chosen in torch.randperm(clips).split(batch):
        a, b = answer(x[chosen])
        loss = F.cross_entropy(a, genre[chosen]) + 1.25 * F.cross_entropy(b, mood[chosen])
        loss = loss + 1e-3 * model.dense.weight.square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    if device != "cpu":
        torch.cuda.synchronize()


value = rate(clips, 1 if batch > 64 and device == "cpu" else 2, epoch)
say("attention CNN, training", value, "samples/s", f"torch {torch.__version__}, {layout}", f"batches of {batch}")
