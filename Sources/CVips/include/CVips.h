#pragma once
#include <stddef.h>
#include <stdint.h>

// Plain functions over libvips. libvips uses variadic functions, which Swift cannot call. Each function returns 0, or
// -1 with a message in `error`. Buffers are freed with curare_vips_free.

#define CURARE_ERROR_SIZE 256

/// Properties of the file that libvips does not read.
typedef struct {
    int is_dng;             // decode the largest 8-bit colour preview of a raw file, not its first page
    int is_inverted;        // reverse the inversion that libvips applies to the inks of a JPEG
    const uint8_t *profile; // an ICC profile for a file that describes its colours by numbers, or NULL
    size_t profile_size;
} CurareReadOptions;

typedef struct {
    int width, height; // as stored, before any rotation
    int bands;         // channels, including alpha
    int orientation;   // EXIF 1…8; 1 if there is none, or if the loader has rotated the picture
    char loader[64];   // libvips' class of loader
    uint8_t *exif;     // the EXIF block, or NULL
    size_t exif_size;
} CurareHeader;

/// A picture whose pixels are not computed yet. Each is passed to curare_vips_take exactly once, while its source
/// memory is still valid.
typedef struct {
    int width, height;
    void *image;
} CurarePixels;

typedef struct {
    const char *format;   // "png", "jpeg", "tiff", "webp", "pnm", "heic", "avif"
    int quality;          // 1…100 for lossy formats; 100 makes WebP lossless
    int orientation;      // 1 writes no tag
    const char *captured; // "YYYY:MM:DD HH:MM:SS", or NULL
    const char *camera;   // or NULL
} CurareEncoding;

int curare_vips_start(char *error);
const char *curare_vips_version(void);
/// Writes the version of a codec that libvips has loaded: `libjpeg` (libjpeg-turbo only), `libpng`, `libtiff`,
/// `libwebp`, `libheif` and its codecs `libde265`, `dav1d`, `libaom`; or `lcms2`. libvips must have been started.
/// Returns 0 if the codec is not loaded or has no version.
int curare_vips_codec_version(const char *codec, char *version, size_t size);
void curare_vips_free(void *memory);

/// Reads the header only; no pixel is decoded.
int curare_vips_header(const void *bytes, size_t size, CurareReadOptions options, CurareHeader *header, char *error);
/// Decodes the first page with sides that are `reduction` times smaller (1, 2, 4 or 8; rounded up), rotates it upright,
/// and converts it to 8-bit sRGB on white.
int curare_vips_decode(const void *bytes, size_t size, CurareReadOptions options, int reduction, CurarePixels *pixels,
                       char *error);
/// Cuts out a rectangle of a picture with `bands` channels and enlarges it to `width` × `height`.
int curare_vips_scale(const uint8_t *from, int bands, int from_width, int from_height, int left, int top, int cut_width,
                      int cut_height, int width, int height, CurarePixels *pixels, char *error);
/// Computes `bands` × width × height bytes on the caller's thread, and releases the picture.
int curare_vips_take(CurarePixels *pixels, int bands, uint8_t *into, char *error);
int curare_vips_encode(const uint8_t *rgb, int width, int height, CurareEncoding options, uint8_t **bytes, size_t *size,
                       char *error);
/// Draws an SVG that the program itself has written.
int curare_vips_draw(const char *svg, size_t size, CurarePixels *pixels, char *error);
/// Decodes a PNG to sRGB and alpha, four channels of 8 bits. The caller has checked the size of the picture.
int curare_vips_decode_overlay(const void *png, size_t size, CurarePixels *pixels, char *error);
/// Encodes four channels, the last of them alpha, as a PNG.
int curare_vips_encode_overlay(const uint8_t *rgba, int width, int height, uint8_t **bytes, size_t *size, char *error);
/// Rotates upright pixels so that `orientation` makes them upright again.
int curare_vips_unrotate(const uint8_t *rgb, int width, int height, int orientation, CurarePixels *pixels, char *error);
