#!/usr/bin/env python3
"""Computes perceptual hashes of pictures, with Python's standard library only.

    python3 perceptual_hash.py FILE.ppm ...     one line for each picture: 16 hex digits

This implementation is written from docs/format.md, section "Perceptual hash and near-duplicate groups", not from Curare's source. A
picture is a binary PPM (P6, 255 levels, no comment).
"""
import math
import pathlib
import re
import sys

SIDE = 32
FREQUENCIES = range(4, 12)
COSINES = [[math.floor(4096 * math.cos(math.pi * frequency * (2 * place + 1) / 64) + 0.5) for place in range(SIDE)] for frequency in range(12)]


def read(path):
    """Returns rows of luma values."""
    # One white-space byte ends the header. The next bytes are pixels, even when they are white space.
    data = pathlib.Path(path).read_bytes()
    header = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    width, height, pixels = int(header[1]), int(header[2]), data[header.end() :]
    lumas = [(77 * red + 150 * green + 29 * blue + 128) >> 8 for red, green, blue in zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)]
    return [lumas[row * width : (row + 1) * width] for row in range(height)]


def overlap(cell, pixel, pixels):
    """Returns the common length of a cell and a pixel, in 1/32 of a pixel."""
    return max(0, min((cell + 1) * pixels, (pixel + 1) * SIDE) - max(cell * pixels, pixel * SIDE))


def shared(pixels):
    """Returns for each cell its pixels and the common lengths."""
    return [[(pixel, length) for pixel in range(pixels) if (length := overlap(cell, pixel, pixels))] for cell in range(SIDE)]


def grid(rows):
    height, width = len(rows), len(rows[0])
    across, down = shared(width), shared(height)
    area = width * height

    def mean(row, column):
        total = sum(rows[y][x] * tall * wide for y, tall in down[row] for x, wide in across[column])
        return (256 * total + area // 2) // area

    return [[mean(row, column) for column in range(SIDE)] for row in range(SIDE)]


def perceptual_hash(rows):
    cells = grid(rows)
    bits = 0
    for u in FREQUENCIES:
        for v in FREQUENCIES:
            total = sum(cells[y][x] * COSINES[u][y] * COSINES[v][x] for y in range(SIDE) for x in range(SIDE))
            bits = bits << 1 | (total > 0)
    return f"{bits:016x}"


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(perceptual_hash(read(argument)))
