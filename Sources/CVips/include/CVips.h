#pragma once
#include <stddef.h>
#include <stdint.h>

// Plain functions over libvips, which is variadic and so unreachable from Swift. Each returns 0, or -1 with a message in `error`.
// Buffers are freed with curare_vips_free.

#define CURARE_ERROR_SIZE 256

/// What the caller has seen in the bytes that libvips does not look for.
typedef struct {
    int is_dng;             // read the largest 8-bit colour preview of a raw file instead of its first page
    int is_inverted;        // libvips takes the inks of a JPEG for inverted, and these are not
    const uint8_t *profile; // an ICC profile for a file that describes its colours without embedding one, or NULL
    size_t profile_size;
} CurareReading;

typedef struct {
    int width, height;      // as stored, before any turning
    int bands;              // channels, alpha among them
    int orientation;        // EXIF 1…8; 1 where there is none, and where the loader has turned the picture itself
    char loader[64];        // libvips' class of loader
    uint8_t *exif;          // the EXIF block, or NULL
    size_t exif_size;
} CurareHeader;

/// A picture whose pixels are not computed yet; each is handed to curare_vips_take exactly once, while what it was made of is still there.
typedef struct {
    int width, height;
    void *image;
} CurarePixels;

typedef struct {
    const char *format;     // "png", "jpeg", "tiff", "webp", "pnm", "heic", "avif"
    int quality;            // 1…100, for the lossy ones; 100 is lossless in WebP
    int orientation;        // 1 writes no tag
    const char *captured;   // "YYYY:MM:DD HH:MM:SS", or NULL
    const char *camera;     // or NULL
} CurareEncoding;

int curare_vips_start(char *error);
const char *curare_vips_version(void);
/// Writes the version of a codec that libvips has loaded, as that says it: of `libjpeg` (libjpeg-turbo alone), `libpng`, `libtiff`, `libwebp`, `libheif`, and what is below that, `libde265`, `dav1d`,
/// `libaom`; and of `lcms2`. libvips must have been started. 0 where it is not loaded or does not say.
int curare_vips_codec_version(const char *codec, char *version, size_t size);
void curare_vips_free(void *memory);

/// Reads the header alone; no pixel is decoded.
int curare_vips_header(const void *bytes, size_t size, CurareReading how, CurareHeader *header, char *error);
/// Decodes the first page, its sides `reduction` times smaller (1, 2, 4 or 8; rounded up), turns it upright, and brings it to 8-bit sRGB on white.
int curare_vips_decode(const void *bytes, size_t size, CurareReading how, int reduction, CurarePixels *pixels, char *error);
/// Cuts out a rectangle of a picture of `bands` channels and enlarges it to `width` × `height`; what gets smaller is averaged elsewhere.
int curare_vips_scale(const uint8_t *from, int bands, int from_width, int from_height, int left, int top, int cut_width, int cut_height,
                      int width, int height, CurarePixels *pixels, char *error);
/// Computes the pixels, `bands` × width × height bytes, on the caller's thread, and lets go of the picture.
int curare_vips_take(CurarePixels *pixels, int bands, uint8_t *into, char *error);
int curare_vips_encode(const uint8_t *rgb, int width, int height, CurareEncoding how, uint8_t **bytes, size_t *size, char *error);
/// Draws an SVG that the program itself has written.
int curare_vips_draw(const char *svg, size_t size, CurarePixels *pixels, char *error);
/// Decodes a PNG, whose size was looked at before, to sRGB and alpha, four channels of 8 bits.
int curare_vips_decode_overlay(const void *png, size_t size, CurarePixels *pixels, char *error);
/// Writes four channels, the last one alpha, as a PNG.
int curare_vips_encode_overlay(const uint8_t *rgba, int width, int height, uint8_t **bytes, size_t *size, char *error);
/// Turns upright pixels into those that `orientation` would turn upright again.
int curare_vips_unturn(const uint8_t *rgb, int width, int height, int orientation, CurarePixels *pixels, char *error);
