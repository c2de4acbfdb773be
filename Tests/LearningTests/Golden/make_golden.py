#!/usr/bin/env python3
"""Writes the *.json files of this folder: results of PyTorch and torchvision for the tests' models, in double precision.

    .scratch/torch/bin/python Tests/LearningTests/Golden/make_golden.py

Weights and pixels come from a formula that the tests repeat (TestModels.swift), so that the files contain only results.
"""
import hashlib
import json
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import torchvision

from resnet18 import ResNet18

HERE = pathlib.Path(__file__).resolve().parent
MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def formula(stream, count):
    """Numbers of -0.5 ... 0.5, 24 bits each, from 32-bit integer arithmetic."""
    x = np.arange(count, dtype=np.uint64)
    x *= np.uint64(2654435761)
    x += np.uint64(stream * 40503 + 12345)
    x &= np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(15)
    x *= np.uint64(2246822519)
    x &= np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(13)
    x >>= np.uint64(8)
    return x / 2**24 - 0.5


def fill(model, calm=False):
    """Fills the weights. With `calm`, normalizations give mostly positive numbers, so that few inputs of ReLUs are near 0."""
    state = model.state_dict()
    for stream, name in enumerate(sorted(state)):
        tensor = state[name]
        if name.endswith("num_batches_tracked"):
            continue
        layer, _, kind = name.rpartition(".")
        if calm and f"{layer}.running_mean" in state and kind in ("weight", "bias"):
            values = 0.3 + 0.06 * formula(stream, tensor.numel()) if kind == "weight" else 1 + 0.4 * formula(stream, tensor.numel())
            tensor.copy_(torch.from_numpy(values.astype(np.float32)))
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


def images(count, size, stream=1000):
    pixels = np.floor((formula(stream, count * size * size * 3) + 0.5) * 256).astype(np.uint8).reshape(count, size, size, 3)
    normal = (pixels.astype(np.float32) / np.float32(255) - MEAN) / DEVIATION
    return torch.from_numpy(normal.transpose(0, 3, 1, 2).astype(np.float64))


def places(count):
    """Six indices of a tensor, including the first and the last (fewer for a smaller tensor)."""
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
    x, y = images(4, 32, stream=1457), torch.tensor([0, 3, 7, 3])
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


class SeededRandom:
    """xoshiro256** seeded with the SHA-256 of a text; see Sources/Learning/SeededRandom.swift."""

    def __init__(self, *lines):
        digest = hashlib.sha256("\n".join(lines).encode()).digest()
        self.state = [int.from_bytes(digest[8 * k:8 * k + 8], "little") for k in range(4)]

    def next(self):
        def rotated(x, by):
            return (x << by | x >> (64 - by)) % 2**64

        s = self.state
        result, t = rotated(s[1] * 5 % 2**64, 7) * 9 % 2**64, (s[1] << 17) % 2**64
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotated(s[3], 45)
        return result

    def permutation(self, count):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            bound = last + 1
            drawn = self.next()
            while drawn >= 2**64 - 1 - (2**64 - 1) % bound:
                drawn = self.next()
            order[last], order[drawn % bound] = order[drawn % bound], order[last]
        return order


class SeededDropout(nn.Module):
    """Drops the same values as Curare; see DropoutMask in Sources/Learning/Layers/ReLUAndDropout.swift."""

    def __init__(self, name, p):
        super().__init__()
        self.name, self.p, self.step = name, p, 0

    def forward(self, x):
        if not self.training:
            return x
        first = np.uint64(SeededRandom("curare-dropout", "1", str(self.step), self.name).next())
        self.step += 1
        with np.errstate(over="ignore"):
            z = first + (np.arange(x.numel(), dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        keep = (z ^ z >> np.uint64(31)) >> np.uint64(40) >= round(self.p * 2**24)
        return x * torch.from_numpy(keep).reshape(x.shape).to(x.dtype) / (1 - self.p)


@torch.no_grad()
def network(name):
    """A network with formula weights in double precision, and with Curare's dropout."""
    if name == "resnet18":
        return fill(ResNet18(10))
    model = getattr(torchvision.models, name)(num_classes=10)
    for key, module in list(model.named_modules()):
        if isinstance(module, nn.Dropout):
            parent, last = key.rsplit(".", 1)
            setattr(model.get_submodule(parent), last, SeededDropout(key, module.p))
    return fill(model, calm=True)


def torchvision_model(name, rate, size=64, stream=1000):
    """Writes logits, the losses of ten steps, and the gradients of the first step: the norm and three samples of each tensor."""
    print(name, flush=True)
    x, y = images(4, size, stream), torch.tensor([0, 3, 7, 3])
    model = network(name)
    model.eval()
    with torch.no_grad():
        logits = rounded(model(x).flatten().tolist())
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, weight_decay=5e-4)
    losses, gradients = [], []
    for step in range(10):
        optimizer.zero_grad()
        # The order of the epoch matters: dropout depends on the index in the batch.
        order = SeededRandom("curare-order", "1", str(step)).permutation(len(y))
        loss = F.cross_entropy(model(x[order]), y[order])
        loss.backward()
        losses.append(loss.item())
        print(loss.item(), flush=True)
        if step == 0:
            for key, p in sorted(model.named_parameters()):
                flat = p.grad.flatten()
                samples = [flat[(flat.numel() - 1) * k // 2].item() for k in range(3)]
                gradients.append(f'{json.dumps(key)}: {json.dumps(rounded([flat.norm().item()] + samples))}')
        optimizer.step()
    (HERE / f"{name}.json").write_text('{"inference": %s,\n"losses": %s,\n"gradients": {\n%s\n}}\n' % (logits, rounded(losses), ",\n".join(gradients)))


if __name__ == "__main__":
    resnet18()
    layers()
    torch.set_num_threads(2)
    torchvision_model("resnet50", 0.0001)
    torchvision_model("densenet121", 0.001)
    torchvision_model("vgg16", 0.00001, size=32, stream=1207)
