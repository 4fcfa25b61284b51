"""Golden logits, losses and gradients of the paper's networks, from PyTorch's own modules.

    python make.py > networks.json        (numpy, torch)

Parameters and inputs come from an integer formula that the Rust test repeats.
"""

import json

import numpy as np
import torch

N, T, D, H, C = 3, 4, 5, 4, 3
LABELS = [2, 0, 1]


def values(shape, seed):
    i = np.arange(np.prod(shape), dtype=np.uint64)
    mixed = (i * 2654435761 + seed * 97531) % 2**32
    return torch.tensor(((mixed >> 16) / 65536.0 - 0.5).astype(np.float32).reshape(shape))


def ours_to_torch(matrix):
    """Gates i, f, o, g in columns -> PyTorch's rows i, f, g, o."""
    i, f, o, g = matrix.chunk(4, dim=-1)
    return torch.cat([i, f, g, o], dim=-1).T


class Parameters:
    """Hands out leaves in the order of the network's fields and remembers them by name."""

    def __init__(self):
        self.leaves = {}

    def __call__(self, name, shape):
        leaf = values(shape, len(self.leaves) + 1).requires_grad_()
        self.leaves[name] = leaf
        return leaf


def recurrent(kind, layers, attention, p):
    gates = {"lstm": 4, "rnn": 1}[kind]
    x = values((N, T, D), 1000)
    cell = None
    for layer in range(layers):
        size = D if layer == 0 else H
        w_x = p(f"{kind}.{layer}.input_weights", (size, gates * H))
        w_h = p(f"{kind}.{layer}.hidden_weights", (H, gates * H))
        b = p(f"{kind}.{layer}.bias", (gates * H,))
        module = (torch.nn.LSTM if kind == "lstm" else torch.nn.RNN)(size, H, batch_first=True)
        arrange = ours_to_torch if kind == "lstm" else (lambda m: m.T)
        weights = {
            "weight_ih_l0": arrange(w_x),
            "weight_hh_l0": arrange(w_h),
            "bias_ih_l0": arrange(b[None])[:, 0],
            "bias_hh_l0": torch.zeros(gates * H),
        }
        x, state = torch.func.functional_call(module, weights, (x,))
        cell = state[1][0] if kind == "lstm" else None
    summary = x[:, -1]
    if attention:
        w_c, b_c = p("attention.combine.weight", (2 * H, H)), p("attention.combine.bias", (H,))
        alpha = torch.softmax(torch.einsum("nth,nh->nt", x, cell), dim=1)
        context = torch.einsum("nt,nth->nh", alpha, x)
        summary = torch.tanh(torch.cat([context, cell], dim=1) @ w_c + b_c)
    return summary @ p("heads.0.weight", (H, C)) + p("heads.0.bias", (C,))


def mlp(activation, p):
    x = values((N, T, D), 1000).flatten(1)
    hidden = activation(x @ p("hidden.0.weight", (T * D, H)) + p("hidden.0.bias", (H,)))
    return hidden @ p("heads.0.weight", (H, C)) + p("heads.0.bias", (C,))


def case(build):
    p = Parameters()
    logits = build(p)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    rounded = lambda tensor: [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]
    return {
        "logits": rounded(logits),
        "loss": loss.item(),
        "gradients": {name: rounded(leaf.grad) for name, leaf in p.leaves.items()},
    }


print(
    json.dumps(
        {
            "made_by": "tests/golden/make.py",
            "versions": {"torch": torch.__version__, "numpy": np.__version__},
            "cases": {
                "rnn-1": case(lambda p: recurrent("rnn", 1, False, p)),
                "rnn-2": case(lambda p: recurrent("rnn", 2, False, p)),
                "lstm-1": case(lambda p: recurrent("lstm", 1, False, p)),
                "lstm-2": case(lambda p: recurrent("lstm", 2, False, p)),
                "attention-1": case(lambda p: recurrent("lstm", 1, True, p)),
                "attention-2": case(lambda p: recurrent("lstm", 2, True, p)),
                "mlp-relu": case(lambda p: mlp(torch.relu, p)),
                "mlp-sigmoid": case(lambda p: mlp(torch.sigmoid, p)),
            },
        },
        separators=(",", ":"),
    )
)
