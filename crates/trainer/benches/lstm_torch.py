"""Clips a second of training LSTM 1x250 and 2x250 in PyTorch, batch 128: the peer of lstm.rs.

    python lstm_torch.py        (torch)
"""

import statistics
import time

import torch


class Model(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.lstm = torch.nn.LSTM(513, 250, layers, batch_first=True, dropout=0.2 if layers > 1 else 0.0)
        self.drop = torch.nn.Dropout(0.2)
        self.head = torch.nn.Linear(250, 10)

    def forward(self, x):
        return self.head(self.drop(self.lstm(x)[0][:, -1]))


def rate(layers, clips=512, rounds=7):
    torch.manual_seed(1)
    model = Model(layers)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randn(clips, 22, 513), torch.arange(clips) % 10
    rates = []
    for epoch in range(rounds + 1):
        start = time.perf_counter()
        for batch in torch.randperm(clips).split(128):
            loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
        if epoch:
            rates.append(clips / (time.perf_counter() - start))
    name = f"LSTM {layers}x250 (torch {torch.__version__})"
    print(f"{name:<28} {statistics.median(rates):7.0f} clips/s  ({min(rates):.0f} to {max(rates):.0f})")


for layers in (1, 2):
    rate(layers)
