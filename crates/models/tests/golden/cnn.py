"""Golden logits, losses, gradients and running statistics of small convolutional networks, from PyTorch in float64.

    python cnn.py > cnn.json        (numpy, torch)

The networks have the forms of Li 2019's, narrow. Parameters and inputs come from an integer formula that the Rust
test repeats. PyTorch's `batch_norm` keeps the unbiased variance, and its momentum is 1 minus Keras'.
"""

import json
import math

import numpy as np
import torch
from torch.nn import functional as F

N, UNITS, CLASSES, LABELS = 4, 3, (3, 2), ([2, 0, 1, 1], [0, 1, 1, 0])
WEIGHTS = (1.0, 1.25)


def values(shape, seed):
    i = np.arange(np.prod(shape), dtype=np.uint64)
    mixed = (i * 2654435761 + seed * 97531) % 2**32
    return torch.tensor(((mixed >> 16) / 65536.0 - 0.5).reshape(shape))


class Parameters:
    """Hands out tensors in the order of the network's fields and remembers them by name."""

    def __init__(self):
        self.all = {}

    def __call__(self, name, *shape):
        if name not in self.all:
            tensor = values(shape, len(self.all) + 1)
            if name.endswith(("gamma", "variance")):
                tensor += 1.0
            self.all[name] = tensor.requires_grad_(not name.endswith((".mean", ".variance")))
        return self.all[name]


def same(x, window, stride, value):
    """Pads as Keras' `same`: the odd row or column at the end."""
    pads = []
    for size, w, s in zip(x.shape[:1:-1], window[::-1], stride[::-1]):
        total = max((math.ceil(size / s) - 1) * s + w - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def batch_norm(x, name, p, training):
    c = x.shape[1]
    gamma, beta, mean, variance = (p(f"{name}.{field}", c) for field in ("gamma", "beta", "mean", "variance"))
    return F.batch_norm(x, mean, variance, gamma, beta, training=training, momentum=0.01, eps=1e-3)


def pool(x, kind, window):
    largest = F.max_pool2d(same(x, window, window, -math.inf), window)
    if kind == "max":
        return largest
    mean = lambda x: F.avg_pool2d(same(x, window, window, 0.0), window)
    return 0.5 * (largest + mean(x) / mean(torch.ones_like(x)))


def network(x, blocks, attention, p, training):
    x = batch_norm(x.transpose(1, 2).unsqueeze(1), "input_norm", p, training)
    for i, (maps, kernel, stride, activation, kind, window) in enumerate(blocks):
        w, b = p(f"blocks.{i}.weights", maps, x.shape[1], *kernel), p(f"blocks.{i}.bias", maps)
        x = activation(F.conv2d(same(x, kernel, stride, 0.0), w, b, stride))
        x = pool(batch_norm(x, f"blocks.{i}.norm", p, training), kind, window)
    n, c, h, w = x.shape
    if attention == "feature-maps":
        maps = x.flatten(2)
        alpha = torch.softmax((maps @ p("feature_maps.score", h * w, 1))[..., 0], dim=1)
        x = torch.cat([x, torch.einsum("nc,ncp->np", alpha, maps).reshape(n, 1, h, w)], dim=1)
    if attention == "channel-spatial":
        narrow = p("channel_spatial.narrow.weight", c, c // 2), p("channel_spatial.narrow.bias", c // 2)
        widen = p("channel_spatial.widen.weight", c // 2, c), p("channel_spatial.widen.bias", c)
        m = lambda s: torch.relu(s @ narrow[0] + narrow[1]) @ widen[0] + widen[1]
        x = x * torch.sigmoid(m(x.mean((2, 3))) + m(x.amax((2, 3))))[..., None, None]
        both = torch.stack([x.mean(1), x.amax(1)], dim=1)
        spatial = p("channel_spatial.spatial", 1, 2, 3, 3), p("channel_spatial.spatial_bias", 1)
        x = x * torch.sigmoid(F.conv2d(same(both, (3, 3), (1, 1), 0.0), *spatial))
    x = x.flatten(1)
    x = torch.relu(x @ p("dense.weight", x.shape[1], UNITS) + p("dense.bias", UNITS))
    x = batch_norm(x, "dense_norm", p, training)
    return [x @ p(f"heads.{i}.weight", UNITS, c) + p(f"heads.{i}.bias", c) for i, c in enumerate(CLASSES)]


def case(frames, bins, blocks, attention=None):
    p = Parameters()
    x = values((N, frames, bins), 1000)
    logits = network(x, blocks, attention, p, True)
    loss = sum(w * F.cross_entropy(l, torch.tensor(y)) for w, l, y in zip(WEIGHTS, logits, LABELS))
    loss.backward()
    used = network(x, blocks, attention, p, False)
    rounded = lambda tensor: [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]
    return {
        "trained_logits": [rounded(l) for l in logits],
        "loss": loss.item(),
        "gradients": {name: rounded(t.grad) for name, t in p.all.items() if t.requires_grad},
        "running": {name: rounded(t) for name, t in p.all.items() if not t.requires_grad},
        "used_logits": [rounded(l) for l in used],
    }


def li(kernel=(2, 2)):
    small = [(m, kernel, (1, 1), torch.relu, "max", (2, 2)) for m in (2, 3, 4)]
    return small + [(5, kernel, (2, 2), torch.relu, "mean", (2, 2))]


zhang = [(m, (1, 1), (1, 1), torch.relu, "mean", (w, 1)) for m, w in ((2, 2), (2, 2), (3, 6))]
windows = [(2, (1, 2)), (3, (1, 2)), (3, (1, 2)), (4, (3, 5)), (5, (4, 4))]
choi = [(m, (3, 3), (3, 3), F.elu, "max", w) for m, w in windows]

print(
    json.dumps(
        {
            "made_by": "tests/golden/cnn.py",
            "versions": {"torch": torch.__version__, "numpy": np.__version__},
            "cases": {
                "li": case(32, 64, li()),
                "li-feature-maps": case(32, 64, li(), "feature-maps"),
                "li-channel-spatial": case(32, 64, li(), "channel-spatial"),
                "zhang": case(12, 26, zhang),
                "choi": case(80, 50, choi),
            },
        },
        separators=(",", ":"),
    )
)
