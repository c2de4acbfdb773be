#!/usr/bin/env python3
"""Writes HEIC files with the items and references that phones write, and the pixels that libheif 1.23 decodes from them.

Needs: pip install pillow==13.0.0 pillow-heif==1.8.1 numpy. The coded pictures come from pillow-heif; this script arranges the boxes around them
(ISO/IEC 14496-12 and 23008-12). The files show the scene of make.py.
"""
import io, os, struct
import numpy as np
from PIL import Image
from make import HERE, scene


def box(kind, body, version=None, flags=0):
    head = b"" if version is None else struct.pack(">I", version << 24 | flags)
    return struct.pack(">I4s", 8 + len(head) + len(body), kind) + head + body


def children(data, start, end):
    while start + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, start)
        yield kind, start + 8, start + length
        start += length


def coded(pixels):
    """Returns the decoder configuration and the coded data of a picture, from a file that pillow-heif writes."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "HEIF", quality=92, chroma=444)
    data = out.getvalue()
    top = {kind: (start, end) for kind, start, end in children(data, 0, len(data))}
    meta = {kind: (start, end) for kind, start, end in children(data, top[b"meta"][0] + 4, top[b"meta"][1])}
    properties = {kind: (start, end) for kind, start, end in children(data, *meta[b"iprp"])}
    configuration = next(data[start - 8 : end] for kind, start, end in children(data, *properties[b"ipco"]) if kind == b"hvcC")
    start, end = top[b"mdat"]
    return configuration, data[start:end]


def exif(orientation):
    """Returns an EXIF item: big-endian, with make, model, orientation and capture time."""
    texts = [(0x010F, b"Maker\0"), (0x0110, b"Model H\0")]
    time = b"2026:05:03 10:11:12\0"
    entries, values = [], b""
    first = 8 + 2 + 4 * 12 + 4
    for tag, text in texts:
        entries.append(struct.pack(">HHII", tag, 2, len(text), first + len(values)))
        values += text
    below = first + len(values)
    entries.append(struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0))
    entries.append(struct.pack(">HHII", 0x8769, 4, 1, below))
    directory = struct.pack(">H", 4) + b"".join(entries) + bytes(4) + values
    sub = struct.pack(">HHHIII", 1, 0x9003, 2, len(time), below + 18, 0) + time
    return struct.pack(">I", 6) + b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory + sub


def file(items, references, primary, brands=(b"mif1", b"heic")):
    """`items` are tuples (id, kind, data, properties, hidden); items with the same data share their bytes."""
    known, associations = [], []
    for number, kind, data, properties, hidden in items:
        for one in properties:
            if one not in known:
                known.append(one)
        if properties:
            associations.append(struct.pack(">HB", number, len(properties)) + bytes(known.index(one) + 1 for one in properties))
    entries = b"".join(box(b"infe", struct.pack(">HH4sB", number, 0, kind, 0), 2, 1 if hidden else 0) for number, kind, _, _, hidden in items)
    parts = [
        box(b"hdlr", bytes(4) + b"pict" + bytes(13), 0), box(b"pitm", struct.pack(">H", primary), 0),
        box(b"iinf", struct.pack(">H", len(items)) + entries, 0),
        box(b"iref", b"".join(box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to)) for kind, source, to in references), 0),
        box(b"iprp", box(b"ipco", b"".join(known)) + box(b"ipma", struct.pack(">I", len(associations)) + b"".join(associations), 0)),
    ]
    head = box(b"ftyp", brands[1] + bytes(4) + b"".join(brands))
    length = len(head) + 12 + sum(map(len, parts)) + 12 + 4 + 14 * len(items)
    payload, places = b"", {}
    located = b""
    for number, _, data, _, _ in items:
        if data not in places:
            places[data] = length + 8 + len(payload)
            payload += data
        located += struct.pack(">HHHII", number, 0, 1, places[data], len(data))
    parts.append(box(b"iloc", b"\x44\x00" + struct.pack(">H", len(items)) + located, 0))
    meta = box(b"meta", b"".join(parts), 0)
    assert len(head) + len(meta) == length
    return head + meta + box(b"mdat", payload)


def grid(rows, columns, width, height):
    return struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)


def size(width, height):
    return box(b"ispe", struct.pack(">II", width, height), 0)


PIXELS = box(b"pixi", bytes([3, 8, 8, 8]), 0)
COLOURS = box(b"colr", b"nclx" + struct.pack(">HHHB", 1, 13, 6, 128))
WIDE = box(b"colr", b"nclx" + struct.pack(">HHHB", 12, 16, 6, 128))
GAIN = box(b"auxC", b"urn:com:apple:photo:2020:aux:hdrgainmap\0", 0)


def ios18(turn=None):
    """The layout of an iPhone since iOS 18: tiles, a gain map and a `tmap` item. The gain map and the metadata refer to two items."""
    pixels = scene()
    stored = pixels if turn is None else np.rot90(pixels, turn)
    height, width = stored.shape[:2]
    rows, columns = -(-height // 64), -(-width // 64)
    whole = np.pad(stored, ((0, rows * 64 - height), (0, columns * 64 - width), (0, 0)), "edge")
    tiles = [coded(whole[64 * (n // columns) :][:64, 64 * (n % columns) :][:, :64]) for n in range(rows * columns)]
    count = len(tiles)
    main, gain, mapped, metadata = count + 1, count + 2, count + 3, count + 4
    rotation = [] if turn is None else [box(b"irot", bytes([-turn % 4]))]
    half = coded(np.full((64, 64, 3), 90, np.uint8))
    items = [(n + 1, b"hvc1", data, [size(64, 64), configuration, PIXELS, COLOURS], True) for n, (configuration, data) in enumerate(tiles)]
    items += [
        (main, b"grid", grid(rows, columns, width, height), [size(width, height), PIXELS, COLOURS, *rotation], False),
        (gain, b"hvc1", half[1], [size(64, 64), half[0], GAIN, *rotation], True),
        (mapped, b"tmap", bytes(62), [size(width, height), WIDE, *rotation], False),
        (metadata, b"Exif", exif(1 if turn is None else 6), [], True),
    ]
    references = [(b"dimg", main, list(range(1, count + 1))), (b"dimg", mapped, [main, gain]), (b"auxl", gain, [main, mapped]), (b"cdsc", metadata, [main, mapped])]
    return file(items, references, main, (b"mif1", b"heic", b"tmap"))


def many_tiles():
    """768 tiles, as a phone's photo of 200 megapixels has them. All tiles share one coded picture."""
    configuration, data = coded(np.tile(np.array([[[200, 40, 40]], [[40, 40, 200]]], np.uint8).repeat(32, 0), (1, 64, 1)))
    items = [(n + 1, b"hvc1", data, [size(64, 64), configuration, PIXELS], True) for n in range(768)]
    items.append((769, b"grid", grid(32, 24, 1536, 2048), [size(1536, 2048), PIXELS], False))
    return file(items, [(b"dimg", 769, list(range(1, 769)))], 769)


def not_rotated():
    """An EXIF orientation without `irot`, as other programs leave it."""
    configuration, data = coded(scene())
    items = [(1, b"hvc1", data, [size(96, 64), configuration, PIXELS, COLOURS], False), (2, b"Exif", exif(6), [], True)]
    return file(items, [(b"cdsc", 2, [1])], 1)


for name, data in [("ios18", ios18()), ("ios18-turned", ios18(1)), ("many-tiles", many_tiles()), ("exif-not-applied", not_rotated())]:
    with open(os.path.join(HERE, f"{name}.heic"), "wb") as out:
        out.write(data)
    if name != "many-tiles":
        Image.open(io.BytesIO(data)).convert("RGB").save(os.path.join(HERE, f"{name}.expected.png"), optimize=True)
