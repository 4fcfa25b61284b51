"""Clips a second of training LSTM 1x250 or 2x250 in PyTorch, batch 128: the peer of crates/trainer/benches/lstm.rs.

python lstm_torch.py LAYERS [cuda|cuda-compiled]
"""

import sys

import torch
from line import THREADS, rate, say, torch_device


class Model(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.lstm = torch.nn.LSTM(513, 250, layers, batch_first=True, dropout=0.2 if layers > 1 else 0.0)
        self.drop = torch.nn.Dropout(0.2)
        self.head = torch.nn.Linear(250, 10)

    def forward(self, x):
        return self.head(self.drop(self.lstm(x)[0][:, -1]))


torch.manual_seed(1)
torch.set_num_threads(THREADS)
layers, clips = int(sys.argv[1]), 512
device, compiled = torch_device(torch, sys.argv[2:])
model = Model(layers).to(device)
answer = torch.compile(model) if compiled else model
optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(clips, 22, 513, device=device), torch.arange(clips, device=device) % 10


def epoch():
    for batch in torch.randperm(clips).split(128):
        loss = torch.nn.functional.cross_entropy(answer(x[batch]), y[batch])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
    if device != "cpu":
        torch.cuda.synchronize()


say(f"lstm-{layers}x250", rate(clips, 7, epoch), "clips/s", f"torch {torch.__version__}", "batches of 128")
