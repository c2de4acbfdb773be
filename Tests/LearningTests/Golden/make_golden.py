#!/usr/bin/env python3
"""Makes resnet18.json and layers.json: what PyTorch says of the tests' models, in double precision.

    .scratch/torch/bin/python Tests/LearningTests/Golden/make_golden.py

Weights and pixels come from a formula that the tests repeat (FormulaNumbers.swift), so that the files hold answers alone.
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from resnet18 import ResNet18

HERE = pathlib.Path(__file__).resolve().parent
MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def formula(stream, count):
    """Numbers of -0.5 ... 0.5, 24 bits each, from 32-bit integer arithmetic."""
    x = (np.arange(count, dtype=np.uint64) * 2654435761 + stream * 40503 + 12345) & 0xFFFFFFFF
    x ^= x >> 15
    x = (x * 2246822519) & 0xFFFFFFFF
    x ^= x >> 13
    return (x >> 8).astype(np.float64) / 2**24 - 0.5


def fill(model):
    state = model.state_dict()
    for stream, name in enumerate(sorted(state)):
        tensor = state[name]
        if name.endswith("num_batches_tracked"):
            continue
        u = formula(stream, tensor.numel())
        if name.endswith("running_var"):
            values = 1 + 0.5 * u
        elif tensor.dim() == 1 and name.endswith("weight"):
            values = 1 + 0.2 * u
        elif tensor.dim() == 1:
            values = 0.2 * u
        else:
            fan_in = tensor[0].numel()
            values = u * np.sqrt(24.0 / fan_in)
        tensor.copy_(torch.from_numpy(values.astype(np.float32)).reshape(tensor.shape))
    return model.double()


def images(count, size):
    pixels = np.floor((formula(1000, count * size * size * 3) + 0.5) * 256).astype(np.uint8).reshape(count, size, size, 3)
    normal = (pixels.astype(np.float32) / np.float32(255) - MEAN) / DEVIATION
    return torch.from_numpy(normal.transpose(0, 3, 1, 2).astype(np.float64))


def places(count):
    """Six places of a tensor, first and last among them (fewer where it is smaller)."""
    return sorted({(count - 1) * k // 5 for k in range(6)})


def account(tensor):
    flat = tensor.detach().flatten()
    return {"norm": flat.norm().item(), "samples": [flat[i].item() for i in places(flat.numel())]}


def whole(tensor):
    return {"norm": tensor.norm().item(), "samples": tensor.flatten().tolist()}


def rounded(x):
    if isinstance(x, float):
        return float(f"{x:.9g}")
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    return [rounded(v) for v in x] if isinstance(x, list) else x


def write(name, content):
    (HERE / name).write_text(json.dumps(rounded(content), indent=0, sort_keys=True) + "\n")


def resnet18():
    x, y = images(4, 32), torch.tensor([0, 3, 7, 3])
    model = fill(ResNet18(10))
    model.eval()
    golden = {"inference": model(x).flatten().tolist()}
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.00001, momentum=0.9, weight_decay=5e-4)
    losses, before = [], {name: t.clone() for name, t in model.state_dict().items()}
    for step in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            golden["gradients"] = {name: account(p.grad) for name, p in model.named_parameters()}
        optimizer.step()
    golden["losses"] = losses
    golden["changes"] = {name: account(t - before[name]) for name, t in model.state_dict().items() if t.dim() > 0}
    write("resnet18.json", golden)


class EveryLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 5, 3, padding=1)
        self.d = nn.BatchNorm2d(5)
        self.e = nn.Conv2d(5, 5, 3, padding=1, bias=False)
        self.g = nn.BatchNorm2d(5)
        self.i = nn.Linear(45, 4)
        self.k = nn.Linear(4, 3)

    def forward(self, x):
        d = self.d(F.max_pool2d(F.relu(self.a(x)), 3, 2, 1))
        g = F.relu(self.g(d + self.e(d)))
        return self.k(F.relu(self.i(torch.flatten(F.avg_pool2d(g, 2), 1))))


def layers():
    x, y = images(2, 12), torch.tensor([2, 0])
    model = fill(EveryLayer())
    model.eval()
    golden = {"inference": model(x).flatten().tolist()}
    model.train()
    before = {name: t.clone() for name, t in model.state_dict().items()}
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    golden["losses"] = [loss.item()]
    golden["gradients"] = {name: whole(p.grad) for name, p in model.named_parameters()}
    golden["changes"] = {name: whole(t - before[name]) for name, t in model.state_dict().items() if "running" in name}
    write("layers.json", golden)


resnet18()
layers()
