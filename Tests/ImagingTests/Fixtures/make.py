#!/usr/bin/env python3
"""Writes the small photos in this folder with encoders of other projects.

Needs: pip install pillow==13.0.0 pillow-heif==1.8.1 numpy; apt-get install libheif-examples liblcms2-2.
Every picture shows the same scene (`scene`), which Fixtures.swift draws as well: four coloured quarters and a white square at the top left.
"""
import ctypes, io, os, struct, subprocess, tempfile, zlib
import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

HERE = os.path.dirname(os.path.abspath(__file__))


def scene(width=96, height=64):
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (200, 40, 40)
    pixels[: height // 2, width // 2 :] = (40, 180, 40)
    pixels[height // 2 :, : width // 2] = (40, 40, 200)
    pixels[height // 2 :, width // 2 :] = (180, 180, 180)
    pixels[:16, :16] = (255, 255, 255)
    return pixels


def textured(width=384, height=320):
    """A scene without smooth areas: every coded byte has an effect on pixels."""
    noise = np.random.default_rng(1).normal(0, 10, (height, width, 3))
    return np.clip(scene(width, height) + noise, 0, 255).astype(np.uint8)


# The stored pixels that EXIF orientation n rotates upright.
STORED = {
    1: lambda p: p, 2: lambda p: p[:, ::-1], 3: lambda p: p[::-1, ::-1], 4: lambda p: p[::-1], 5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, 1), 7: lambda p: p[::-1, ::-1].transpose(1, 0, 2), 8: lambda p: np.rot90(p, -1),
}


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x0110] = "Model X"
    return tags.tobytes()


def heic(pixels, orientation=1, **more):
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "HEIF", quality=92, chroma=444, exif=exif(orientation), **more)
    return out.getvalue()


def heics():
    for orientation in range(1, 9):
        # Phones write `irot`/`imir`, which apply, and the same orientation to EXIF, which must not be applied again.
        write(f"turned-{orientation}.heic", heic(STORED[orientation](scene()), orientation))
    # A crop larger than a rounding: the `clap` box of a picture with odd sides, with its values changed to the middle half.
    odd = bytearray(heic(scene(97, 65)))
    at = odd.index(b"clap") + 4
    struct.pack_into(">8I", odd, at, 48, 1, 32, 1, *offset(98, 97, 48, 24), *offset(66, 65, 32, 16))
    write("cropped.heic", bytes(odd))
    with tempfile.TemporaryDirectory() as folder:
        Image.fromarray(scene()).save(f"{folder}/scene.png")
        subprocess.run(["heif-enc", "-q", "92", "-p", "chroma=444", "-o", f"{folder}/a.heic", f"{folder}/scene.png"], check=True, capture_output=True)
        subprocess.run(["heif-enc", "-A", "-q", "92", "-p", "chroma=444", "-o", f"{folder}/a.avif", f"{folder}/scene.png"], check=True, capture_output=True)
        # Ten bits for each channel: two bytes in the decoder.
        pixels = textured(101, 67).astype(np.uint16) * 257
        pillow_heif.options.SAVE_HDR_TO_12_BIT = False
        pillow_heif.from_bytes("RGB;16", (101, 67), pixels.tobytes()).save(f"{folder}/c.heic", quality=90)
        write("ten-bits.heic", open(f"{folder}/c.heic", "rb").read())
        # Without wavefronts, a decoder can check the end of the picture only.
        Image.fromarray(textured()).save(f"{folder}/textured.png")
        subprocess.run(["heif-enc", "-q", "40", "-p", "x265:wpp=0", "-o", f"{folder}/b.heic", f"{folder}/textured.png"], check=True, capture_output=True)
        write("no-wavefronts.heic", open(f"{folder}/b.heic", "rb").read())
        for name in ["a.heic", "a.avif"]:
            write(f"heif-enc{name[1:]}", open(f"{folder}/{name}", "rb").read())


def offset(coded, _, size, left):
    """Returns the values of `clap`: the distance from the centre of the coded picture to the centre of the crop, in halves."""
    twice = 2 * left + size - coded
    return (twice & 0xFFFFFFFF, 2)


def profiles():
    lcms = ctypes.CDLL("liblcms2.so.2")
    lcms.cmsCreateRGBProfile.restype = lcms.cmsCreateGrayProfile.restype = lcms.cmsBuildGamma.restype = lcms.cmsBuildParametricToneCurve.restype = ctypes.c_void_p

    class Point(ctypes.Structure):
        _fields_ = [("x", ctypes.c_double), ("y", ctypes.c_double), ("Y", ctypes.c_double)]

    class Primaries(ctypes.Structure):
        _fields_ = [("red", Point), ("green", Point), ("blue", Point)]

    lcms.cmsBuildGamma.argtypes = [ctypes.c_void_p, ctypes.c_double]
    lcms.cmsBuildParametricToneCurve.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_double)]
    lcms.cmsSaveProfileToMem.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32)]
    lcms.cmsCreateGrayProfile.argtypes = [ctypes.POINTER(Point), ctypes.c_void_p]
    lcms.cmsCreateRGBProfile.argtypes = [ctypes.POINTER(Point), ctypes.POINTER(Primaries), ctypes.POINTER(ctypes.c_void_p)]

    def saved(profile):
        size = ctypes.c_uint32(0)
        lcms.cmsSaveProfileToMem(profile, None, ctypes.byref(size))
        data = ctypes.create_string_buffer(size.value)
        lcms.cmsSaveProfileToMem(profile, data, ctypes.byref(size))
        return data.raw

    d65 = Point(0.3127, 0.3290, 1)

    def rgb(curve, red, green, blue):
        primaries = Primaries(Point(*red, 1), Point(*green, 1), Point(*blue, 1))
        return saved(lcms.cmsCreateRGBProfile(ctypes.byref(d65), ctypes.byref(primaries), (ctypes.c_void_p * 3)(curve, curve, curve)))

    srgb = lcms.cmsBuildParametricToneCurve(None, 4, (ctypes.c_double * 5)(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    return {
        "display-p3": rgb(srgb, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
        "adobe-rgb": rgb(lcms.cmsBuildGamma(None, 563 / 256), (0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
        "grey-1.8": saved(lcms.cmsCreateGrayProfile(ctypes.byref(d65), lcms.cmsBuildGamma(None, 1.8))),
    }


# Known colours of a display with given primaries, converted to sRGB in linear light, without a colour management library.
def decode(kind, value):
    value = np.asarray(value) / 255
    if kind == "adobe-rgb": return value ** (563 / 256)
    if kind == "grey-1.8": return value ** 1.8
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def known(kind, colour):
    def to_xyz(points):
        columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in points]).T
        return columns * np.linalg.solve(columns, np.array([0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290]))

    srgb = to_xyz([(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)])
    own = {"display-p3": to_xyz([(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)]), "adobe-rgb": to_xyz([(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)])}.get(kind, srgb)
    light = np.linalg.solve(srgb, own @ decode(kind, np.broadcast_to(colour, 3)))
    light = np.clip(light, 0, 1)
    return np.rint(255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)).astype(int)


COLOURS = [(128, 128, 128), (200, 120, 100), (110, 160, 120), (90, 100, 180), (250, 250, 240), (30, 28, 25), (210, 170, 150), (0, 0, 0)]


def colours():
    lines = []
    for kind, profile in profiles().items():
        if kind.startswith("grey"):
            pixels = np.repeat(np.array([colour[0] for colour in COLOURS], np.uint8)[None], 4, 0)
            truth = [known(kind, (colour[0],) * 3) for colour in COLOURS]
        else:
            pixels = np.repeat(np.array(COLOURS, np.uint8)[None], 4, 0)
            truth = [known(kind, colour) for colour in COLOURS]
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "PNG", icc_profile=profile)
        write(f"{kind}.png", out.getvalue())
        lines.append(f"{kind} " + " ".join(",".join(str(v) for v in colour) for colour in truth))
        if kind == "display-p3":
            big = np.repeat(np.repeat(pixels[:1], 16, 0), 16, 1)
            write("p3-by-numbers.heic", heic(big, save_nclx_profile=True, color_primaries=12, transfer_characteristics=13, matrix_coefficients=6, full_range_flag=1))
            out = io.BytesIO()
            Image.fromarray(big).save(out, "JPEG", quality=98, subsampling=0, icc_profile=profile)
            write(f"{kind}.jpg", out.getvalue())
            write(f"{kind}.heic", heic(big, icc_profile=profile))
    write("known-colours.txt", ("\n".join(lines) + "\n").encode())


def jpegs():
    ink = Image.fromarray(scene()).convert("CMYK")
    out = io.BytesIO()
    ink.save(out, "JPEG", quality=95)
    adobe = out.getvalue()
    write("cmyk-adobe.jpg", adobe)
    # The same inks without inversion and without Adobe's marker.
    inverted = Image.merge("CMYK", [b.point(lambda v: 255 - v) for b in ink.split()])
    out = io.BytesIO()
    inverted.save(out, "JPEG", quality=95)
    data = out.getvalue()
    at = data.index(b"\xff\xee")
    write("cmyk-plain.jpg", data[:at] + data[at + 2 + struct.unpack_from(">H", data, at + 2)[0] :])
    out = io.BytesIO()
    Image.fromarray(scene()).save(out, "JPEG", quality=95, progressive=True, icc_profile=b"no profile at all" * 9)
    write("progressive-broken-profile.jpg", out.getvalue())
    out = io.BytesIO()
    Image.fromarray(scene()).save(out, "MPO", quality=95, save_all=True, append_images=[Image.fromarray(255 - scene(48, 32))])
    write("two-pictures.mpo", out.getvalue())


def webps():
    out = io.BytesIO()
    frames = [Image.fromarray(scene()), Image.fromarray(255 - scene())]
    frames[0].save(out, "WEBP", lossless=True, save_all=True, append_images=frames[1:], duration=100)
    write("animated.webp", out.getvalue())


def pngs():
    def saved(image, **more):
        out = io.BytesIO()
        image.save(out, "PNG", **more)
        return out.getvalue()

    write("palette.png", saved(Image.fromarray(scene()).quantize(8)))
    clear = np.dstack([scene(), np.full((64, 96), 255, np.uint8)])
    clear[32:, 48:, 3] = 0
    write("clear.png", saved(Image.fromarray(clear)))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def with_chunk(data, *more):
        return data[:33] + b"".join(more) + data[33:]

    # Linear light in 16 bits, as rendering programs write it.
    light = np.rint(65535 * decode("srgb", scene())).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in light)
    sixteen = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 96, 64, 16, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    write("linear-16.png", sixteen + chunk(b"gAMA", struct.pack(">I", 100_000)) + body)
    wide = np.rint(scene().astype(float) * 257).astype(">u2")
    write("sixteen-bits.png", sixteen + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in wide), 9)) + chunk(b"IEND", b""))
    p3 = Image.fromarray(np.repeat(np.array(COLOURS, np.uint8)[None], 4, 0))
    numbers = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000]
    write("p3-by-numbers.png", with_chunk(saved(p3), chunk(b"cHRM", struct.pack(">8I", *numbers)), chunk(b"gAMA", struct.pack(">I", 45_455))))


def tiffs():
    out = io.BytesIO()
    pages = [Image.fromarray(scene()), Image.fromarray(255 - scene(64, 64))]
    pages[0].save(out, "TIFF", compression="tiff_lzw", save_all=True, append_images=pages[1:])
    write("two-pages.tif", out.getvalue())
    with tempfile.TemporaryDirectory() as folder:
        Image.fromarray(scene()).save(f"{folder}/scene.png")
        subprocess.run(["vips", "tiffsave", f"{folder}/scene.png", f"{folder}/t.tif", "--tile", "--tile-width", "32", "--tile-height", "32", "--compression", "deflate"], check=True)
        write("tiled.tif", open(f"{folder}/t.tif", "rb").read())


def dngs():
    """Uses the layout of cameras: a thumbnail first, then the sensor data and two previews as its sub-images, the larger preview last."""
    def jpeg(width, height):
        out = io.BytesIO()
        Image.fromarray(STORED[6](scene(width, height))).save(out, "JPEG", quality=75)
        return out.getvalue()

    data = bytearray(b"II*\0" + bytes(4))

    def directory(tags):
        """Appends a directory; texts and long values precede the directory."""
        entries = []
        for tag, kind, values in sorted(tags):
            size = {1: 1, 2: 1, 3: 2, 4: 4}[kind]
            raw = values if isinstance(values, bytes) else b"".join(struct.pack({1: "<B", 3: "<H", 4: "<I"}[kind], value) for value in values)
            count = len(raw) // size
            if len(raw) > 4:
                place = len(data)
                data.extend(raw + bytes(len(raw) % 2))
                raw = struct.pack("<I", place)
            entries.append(struct.pack("<HHI", tag, kind, count) + raw.ljust(4, b"\0"))
        place = len(data)
        data.extend(struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
        return place

    def picture(kind, width, height, bits, compression, photometric, strip, more=()):
        place = len(data)
        data.extend(strip + bytes(len(strip) % 2))
        return directory([(254, 4, [kind]), (256, 4, [width]), (257, 4, [height]), (258, 3, bits), (259, 3, [compression]), (262, 3, [photometric]), (273, 4, [place]),
                          (277, 3, [len(bits)]), (278, 4, [height]), (279, 4, [len(strip)]), (284, 3, [1]), *more])

    small, large = jpeg(96, 64), jpeg(576, 384)
    below = [picture(0, 64, 96, [16], 1, 32803, bytes(64 * 96 * 2)), picture(1, 64, 96, [8, 8, 8], 7, 6, small, [(530, 3, [2, 2])]),
             picture(1, 384, 576, [8, 8, 8], 7, 6, large, [(530, 3, [2, 2])])]
    thumbnail = np.ascontiguousarray(STORED[6](scene(24, 16))).tobytes()
    first = picture(1, 16, 24, [8, 8, 8], 1, 2, thumbnail, [(271, 2, b"Maker\0"), (272, 2, b"Model D\0"), (274, 3, [6]), (330, 4, below), (50706, 1, [1, 4, 0, 0])])
    struct.pack_into("<I", data, 4, first)
    write("preview.dng", bytes(data))


if __name__ == "__main__":
    heics(); colours(); jpegs(); webps(); pngs(); tiffs(); dngs()
