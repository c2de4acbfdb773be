#!/usr/bin/env python3
"""Writes mmod-scores.json: the scores of dlib's MMOD network with made-up weights, computed with numpy in double precision.

    python3 mmod_scores.py >mmod-scores.json

A number of a tensor is a formula of its index, so that the test makes the same weights and the same input.
"""
import json

import numpy


def formula(count, step, amplitude):
    """Exact in single precision: multiples of 1/1024."""
    return (((numpy.arange(count) * step) % 2003) % 1024 - 512) / 1024 * amplitude


def convolution(x, weights, bias, stride, padding):
    x = numpy.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    outputs, _, side, _ = weights.shape
    rows, columns = ((size - side) // stride + 1 for size in x.shape[1:])
    y = numpy.zeros((outputs, rows, columns)) + bias[:, None, None]
    for v in range(side):
        for u in range(side):
            part = x[:, v:v + stride * rows:stride, u:u + stride * columns:stride][:, :rows, :columns]
            y += numpy.einsum("oc,crs->ors", weights[:, :, v, u], part)
    return y


def main():
    height, width = 101, 141
    x = formula(3 * height * width, 7919, 1).reshape(3, height, width)
    inputs = 3
    for number, (outputs, side) in enumerate([(16, 5), (32, 5), (32, 5), (45, 5), (45, 5), (45, 5), (1, 9)], start=1):
        weights = formula(outputs * inputs * side * side, 104729 + number, 0.25).reshape(outputs, inputs, side, side)
        bias = formula(outputs, 31 + number, 0.5)
        x = convolution(x, weights, bias, 2 if number <= 3 else 1, 0 if number <= 3 else side // 2)
        if outputs > 1:
            scale, shift = formula(outputs, 17 + number, 0.125) + 0.125, formula(outputs, 57 + number, 1)
            x = numpy.maximum(0, x * scale[:, None, None] + shift[:, None, None])
        inputs = outputs
    print(json.dumps({"height": height, "width": width, "rows": x.shape[1], "columns": x.shape[2], "scores": [float(f"{v:.9g}") for v in x.ravel()]}))


main()
