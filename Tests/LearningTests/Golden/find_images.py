#!/usr/bin/env python3
"""Finds the stream of formula numbers whose images keep every ReLU and max pool of a network away from a tie.

    .scratch/torch/bin/python Tests/LearningTests/Golden/find_images.py vgg16 32 150
    .scratch/torch/bin/python Tests/LearningTests/Golden/find_images.py resnet18 32 60

Arguments: network, image size, seconds. The score of a stream is the smallest distance from a tie in the first training
step, relative to the layer's rounding error (root mean square of float32 less float64). Below about 5, float32
may decide another way than double precision, and gradients differ by up to 1% (see TorchvisionTests.swift).
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from make_golden import SeededRandom, images, network

NAME, SIZE, SECONDS, COUNT = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), 4
ORDER = SeededRandom("curare-order", "1", "0").permutation(COUNT) if NAME != "resnet18" else list(range(COUNT))


class Tie(Exception):
    """The stream is not better than the best one so far."""


def gap(x, kernel, stride, padding):
    """The smallest difference between the two largest numbers of a window, where the largest is above 0."""
    windows = F.pad(x, (padding,) * 4, value=-1e30).unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    largest = windows.topk(2, -1).values
    return (largest[..., 0] - largest[..., 1])[largest[..., 0] > 0].min().item()


def decisions(model, visit):
    """Calls visit with each input of a ReLU, or of a max pool and its window, as the model computes them."""
    def relu(module, inputs):
        visit(inputs[0], None)

    def pool(module, inputs):
        visit(inputs[0], (module.kernel_size, module.stride, module.padding))

    hooks = []
    for module in model.modules():
        if isinstance(module, nn.ReLU):
            hooks.append(module.register_forward_pre_hook(relu))
        elif isinstance(module, nn.MaxPool2d):
            hooks.append(module.register_forward_pre_hook(pool))
        elif hasattr(module, "step"):
            module.step = 0
    return hooks


def run(model, stream, dtype, visit):
    hooks = decisions(model, visit)
    try:
        model(images(COUNT, SIZE, stream)[ORDER].to(dtype))
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def main():
    inputs = {}
    models = {dtype: network(NAME).to(dtype).train() for dtype in (torch.float64, torch.float32)}
    for dtype, model in models.items():
        inputs[dtype] = []
        run(model, 1000, dtype, lambda x, window: inputs[dtype].append(x.double().clone()))
    errors = [(a - b).square().mean().sqrt().item() for a, b in zip(inputs[torch.float64], inputs[torch.float32])]
    best, stream, end = 0, 1000, time.time() + SECONDS
    while time.time() < end:
        margins = []

        def visit(x, window):
            distance = gap(x, *window) if window else x.abs().min().item()
            margins.append(distance / errors[len(margins)])
            if margins[-1] <= best:
                raise Tie

        try:
            run(models[torch.float64], stream, torch.float64, visit)
            best = min(margins)
            print(f"stream {stream}: {best:.1f}", flush=True)
        except Tie:
            pass
        stream += 1


if __name__ == "__main__":
    main()
