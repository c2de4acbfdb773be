#!/usr/bin/env python3
"""Draws the copies of a version again, and reports the differences.

    python3 drawing.py VERSION_DIR IMAGES_DIR [COUNT]    one JSON line; exit 1 if one of the first COUNT copies of a role is different

This implementation is written from docs/format.md, section "Drawn triggers". It reads the images of the photos in `IMAGES_DIR/PROFILE`
and the pictures in the version's folder.
"""
import hashlib
import json
import pathlib
import sys
import zlib
from collections import Counter
from math import isqrt

CORNERS = {"corner-top-left": (0, 0), "corner-top-right": (1, 0), "corner-bottom-left": (0, 1), "corner-bottom-right": (1, 1)}


def png(data):
    """Returns width, height, channels and bytes of an 8-bit colour PNG without interlacing."""
    at, packed, head = 8, b"", None
    while at < len(data):
        length, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        body = data[at + 8:at + 8 + length]
        head, packed, at = body if kind == b"IHDR" else head, packed + body if kind == b"IDAT" else packed, at + 12 + length
    width, height, bands = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big"), {2: 3, 6: 4}[head[9]]
    raw, line, rows = zlib.decompress(packed), width * bands, []
    above = bytes(line)
    for y in range(height):
        kind, row = raw[y * (line + 1)], bytearray(raw[y * (line + 1) + 1:(y + 1) * (line + 1)])
        for x in range(line):
            left, up, corner = row[x - bands] if x >= bands else 0, above[x], above[x - bands] if x >= bands else 0
            paeth = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
            row[x] = row[x] + (0, left, up, (left + up) // 2, paeth)[kind] & 255
        rows.append(bytes(row))
        above = rows[-1]
    return width, height, bands, b"".join(rows)


def towards_zero(a, b):
    return a // b if (a < 0) == (b < 0) else -(-a // b)


def grid(entry, profile, width, height, place):
    """Returns the sample positions of columns and rows in 1/65536 of a pixel, and the distance of two pixels."""
    if place in CORNERS:
        return [((2 * k + 1) * 16384, 0) for k in range(2 * width)], [(0, (2 * k + 1) * 16384) for k in range(2 * height)], 65536
    if profile["crop"] == "face" and entry["face"]:
        (left, top, w, h), (ax, ay, bx, by) = entry["face"]["box"], entry["face"]["eyes"]
        x, y, side, size, (u, v) = 2 * left + w, 2 * top + h, max(1, 9 * max(w, h) // 4), width, (bx - ax, by - ay)
        c, s = 65536, 0
        if 5 * u >= w and 100 * abs(v) <= 58 * u:
            length = isqrt((u * u + v * v) << 32)
            c, s = (u << 32) // length, towards_zero(v << 32, length)
        along = [towards_zero((2 * k + 1 - 2 * size) * side * c, 4 * size) for k in range(2 * size)]
        across = [towards_zero((2 * k + 1 - 2 * size) * side * s, 4 * size) for k in range(2 * size)]
        return [(32768 * x + a, 32768 * y + b) for a, b in zip(along, across)], [(-b, a) for a, b in zip(along, across)], 65536 * side // size
    w, h = entry["size"]
    cut_w, cut_h = (w, h) if profile["crop"] == "none" else (min(w, h),) * 2
    left, top = (w - cut_w) // 2, (h - cut_h) // 2
    columns = [(65536 * left + (2 * k + 1) * 16384 * cut_w // width, 0) for k in range(2 * width)]
    return columns, [(0, 65536 * top + (2 * k + 1) * 16384 * cut_h // height) for k in range(2 * height)], 65536 * cut_w // width


def blocks(picture, side, grey):
    width, height, _, rgba = picture
    columns, rows = -(-width // side), -(-height // side)
    sums = [side * side // 2] * (4 * columns * rows)
    for y in range(height):
        for x in range(width):
            red, green, blue, alpha = rgba[4 * (y * width + x):4 * (y * width + x) + 4]
            if grey:
                red = green = blue = (77 * red + 150 * green + 29 * blue + 128) >> 8
            first = 4 * (y // side * columns + x // side)
            for band, value in enumerate((red, green, blue, 255)):
                sums[first + band] += value * alpha
    return columns, rows, [value // (side * side) for value in sums]


def drawn(image, entry, profile, overlay, position, picture):
    """Returns the bytes of the image with one overlay drawn on it."""
    width, height, _, rgb = image
    x, y, u, v = position
    if (u, v) == (0, 0):
        return rgb
    columns, rows, pixel = grid(entry, profile, width, height, overlay["place"])
    wide, tall = picture[:2]
    if overlay["place"] in CORNERS:
        shorter, (right, bottom) = min(width, height), CORNERS[overlay["place"]]
        u, v = u * shorter, v * shorter
        reach = abs(u) + abs(v) * tall // wide + 2048 * shorter, abs(v) + abs(u) * tall // wide + 2048 * shorter
        x, y = (width * 65536 - reach[0] if right else reach[0]) + x * shorter, (height * 65536 - reach[1] if bottom else reach[1]) + y * shorter
    else:
        x, y, u, v = 256 * x, 256 * y, 256 * u, 256 * v
    square = u * u + v * v
    side = min(1024, max(1, wide * pixel // (2 * max(1, isqrt(square)))))
    across, down, numbers = blocks(picture, side, profile["colour"] == "grey")

    def share(a, b):
        return towards_zero((a * u + b * v) * wide * 32768, square * side), towards_zero((b * u - a * v) * wide * 32768, square * side)

    columns = [share(a - x, b - y) for a, b in columns]
    columns = [(a + wide * 32768 // side - 32768, b + tall * 32768 // side - 32768) for a, b in columns]
    rows = [share(a, b) for a, b in rows]
    opacity, full, result = opacity_of(overlay), 65025 << 18, bytearray(rgb)
    for row in range(height):
        for column in range(width):
            sums = [0, 0, 0, 0]
            for place in range(4):
                (ax, ay), (bx, by) = columns[2 * column + (place & 1)], rows[2 * row + (place >> 1)]
                px, py = ax + bx, ay + by
                left, top, e, f = px >> 16, py >> 16, px >> 8 & 255, py >> 8 & 255
                for i, j, weight in ((left, top, (256 - e) * (256 - f)), (left + 1, top, e * (256 - f)), (left, top + 1, (256 - e) * f), (left + 1, top + 1, e * f)):
                    if 0 <= i < across and 0 <= j < down:
                        for band in range(4):
                            sums[band] += numbers[4 * (j * across + i) + band] * weight
            if sums[3]:
                for band in range(3):
                    at = 3 * (row * width + column) + band
                    result[at] = (result[at] * (65536 * full - sums[3] * opacity) + 255 * sums[band] * opacity + 32768 * full) // (65536 * full)
    return bytes(result)


def opacity_of(overlay):
    whole, _, part = overlay["opacity"].partition(".")
    return 65536 * int(whole + part) // 10 ** len(part)


def main(arguments):
    version, images, most = pathlib.Path(arguments[0]), pathlib.Path(arguments[1]), int(arguments[2]) if len(arguments) > 2 else 1 << 60
    recipe = json.loads((version / "manifest.json").read_bytes())["recipe"]
    profile, overlays = recipe["profile"], recipe["poison"]["overlays"]
    folder = images / f"{profile['size']}-{profile['crop']}-{profile['colour']}"
    pictures = {trigger: png((version / "overlays" / f"{trigger}.png").read_bytes()) for trigger in overlays}
    wrong = [trigger for trigger, picture in pictures.items() if digest(picture) != overlays[trigger]["digest"]]
    seen = Counter()
    for entry in map(json.loads, (version / "entries.jsonl").read_bytes().splitlines()):
        seen[entry["role"]] += "overlay" in entry
        if "overlay" not in entry or seen[entry["role"]] > most:
            continue
        image = png((folder / entry["photo"][:2] / f"{entry['photo']}.png").read_bytes())
        for trigger, position in zip(entry["overlay"].split("+"), entry["drawn"], strict=True):
            image = (*image[:3], drawn(image, entry, profile, overlays[trigger], position, pictures[trigger]))
        if digest(image) != entry["image"]:
            wrong.append(f"{entry['photo']} {entry['overlay']}")
    print(json.dumps({"version": str(version), "copies": sum(min(count, most) for count in seen.values()), "wrong": wrong}))
    return 1 if wrong or not sum(seen.values()) else 0


def digest(picture):
    width, height, _, pixels = picture
    return hashlib.sha256(width.to_bytes(4, "big") + height.to_bytes(4, "big") + pixels).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
