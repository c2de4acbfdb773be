#pragma once
#include <stddef.h>
#include <stdint.h>

// Plain functions over libvips and libjpeg, whose variadic functions and long jumps Swift cannot use. Each function
// returns a status, with a message in `error` unless it is CURARE_OK. Buffers are freed with curare_vips_free.

#define CURARE_ERROR_SIZE 256

#define CURARE_OK 0
/// libvips failed; its message may belong to the file of another thread.
#define CURARE_FAILED (-1)
/// The pixels of the file are damaged.
#define CURARE_DAMAGED (-2)
/// The file uses a variant of its format that the codec does not support.
#define CURARE_UNSUPPORTED (-3)
/// Decoding needs more memory or more work than a photo may use.
#define CURARE_OVER_BUDGET (-4)

/// Properties of the file that libvips does not read.
typedef struct {
    int is_dng;             // decode the largest 8-bit colour preview of a raw file, not its first page
    int is_inverted;        // the inks of a CMYK JPEG are stored without inversion
    int orientation;        // EXIF 1…8 by which the picture is rotated; 0 is the orientation that the loader reports
    const uint8_t *profile; // an ICC profile for a file that describes its colours by numbers, or NULL
    size_t profile_size;
} CurareReadOptions;

typedef struct {
    int width, height; // as stored, before any rotation
    int bands;         // channels, including alpha
    int orientation;   // EXIF 1…8; 1 if there is none, or if the loader has rotated the picture
    char loader[64];   // libvips' class of loader; a JPEG has the one of libvips, too
} CurareHeader;

/// A picture whose pixels are not computed yet. Each is passed to curare_vips_take exactly once, while its source
/// memory is still valid.
typedef struct {
    int width, height; // upright
    int orientation;   // EXIF 1…8 by which the computed pixels are rotated
    void *image;
    void *opened; // the image as the file was opened
} CurarePixels;

/// A part of the upright picture.
typedef struct {
    int left, top, width, height;
} CurareWindow;

typedef struct {
    const char *format;   // "png", "jpeg", "tiff", "webp", "pnm", "heic", "avif"
    int quality;          // 1…100 for lossy formats; 100 makes WebP lossless
    int is_progressive;   // a JPEG has several scans
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
/// and converts it to 8-bit sRGB on white. A window with a positive width is cut out; rows after it are not decoded.
int curare_vips_decode(const void *bytes, size_t size, CurareReadOptions options, int reduction, CurareWindow window,
                       CurarePixels *pixels, char *error);
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
