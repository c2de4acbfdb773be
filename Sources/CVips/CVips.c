#include "CVips.h"
#include "heic.h"
#include "jpeg.h"
#include "opening.h"
#include <malloc.h>
#include <string.h>
#include <vips/vips.h>
#include <vips/vector.h>

static int fail(char *error) {
    char *message = vips_error_buffer_copy();
    strncpy(error, message, CURARE_ERROR_SIZE - 1);
    error[CURARE_ERROR_SIZE - 1] = 0;
    g_free(message);
    return -1;
}

/// Drops warnings of codecs. Failures are reported through `error`.
static void ignore_warning(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void) domain, (void) level, (void) message, (void) data;
}

/// Bytes of freed memory that a thread keeps for the next photo.
enum { KEPT_BYTES = 32 << 20 };

int curare_vips_start(char *error) {
    error[0] = 0;
    // Every photo allocates and frees the same few megabytes. If they were returned to the system, the kernel would
    // clear their pages for each photo.
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    if (vips_init("curare")) return fail(error);
    const char *failed = curare_heic_register();
    if (failed) {
        vips_error("curare", "the decoder of HEIC cannot be used: %s failed", failed);
        return fail(error);
    }
    // The vector path of libvips gives different pixels on different machines.
    vips_vector_set_enabled(FALSE);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoadPpm", FALSE);
    vips_operation_block_set("VipsForeignLoadSvg", FALSE);
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, ignore_warning, NULL);
    // GObject warns about sizes of 0 in damaged headers.
    g_log_set_handler("GLib-GObject", G_LOG_LEVEL_WARNING, ignore_warning, NULL);
    return 0;
}

const char *curare_vips_version(void) { return vips_version_string(); }

void curare_vips_free(void *memory) { g_free(memory); }

int curare_vips_header(const void *bytes, size_t size, CurareReadOptions options, CurareHeader *header, char *error) {
    memset(header, 0, sizeof *header);
    error[0] = 0;
    header->orientation = options.orientation ? options.orientation : 1;
    if (curare_is_jpeg(bytes, size)) {
        strncpy(header->loader, "VipsForeignLoadJpeg", sizeof header->loader - 1);
        return curare_jpeg_header(bytes, size, header, error);
    }
    const char *loader;
    VipsImage *image = curare_opened(bytes, size, options, &loader);
    if (!image) return fail(error);
    header->width = vips_image_get_width(image);
    header->height = vips_image_get_height(image);
    header->bands = vips_image_get_bands(image);
    if (!options.orientation) header->orientation = vips_image_get_orientation(image);
    strncpy(header->loader, loader, sizeof header->loader - 1);
    g_object_unref(image);
    return CURARE_OK;
}

/// Replaces *image with *next; keeps *image if the step has failed.
static int step(VipsImage **image, int failed, VipsImage **next) {
    if (failed) return -1;
    g_object_unref(*image);
    *image = *next;
    return 0;
}

static int flattened(VipsImage **image) {
    if (!vips_image_hasalpha(*image)) return 0;
    int wide = (*image)->Type == VIPS_INTERPRETATION_RGB16 || (*image)->Type == VIPS_INTERPRETATION_GREY16 ||
               (*image)->BandFmt == VIPS_FORMAT_USHORT;
    double full = wide ? 65535 : 255;
    VipsArrayDouble *white = vips_array_double_newv(1, full);
    VipsImage *next = NULL;
    int failed = vips_flatten(*image, &next, "background", white, "max_alpha", full, NULL);
    vips_area_unref(VIPS_AREA(white));
    return step(image, failed, &next);
}

static int in_srgb(VipsImage **image) {
    VipsImage *next = NULL;
    int profile = vips_image_get_typeof(*image, VIPS_META_ICC_NAME) != 0;
    int cmyk = (*image)->Type == VIPS_INTERPRETATION_CMYK;
    if (profile || cmyk) {
        if (!vips_icc_transform(*image, &next, "srgb", "embedded", TRUE, "input_profile", cmyk ? "cmyk" : "srgb",
                                "intent", VIPS_INTENT_RELATIVE, "depth", 8, NULL))
            return step(image, 0, &next);
        // A photo with a damaged profile is still usable. Its values are read as sRGB.
        vips_error_clear();
    }
    if (step(image, vips_colourspace(*image, &next, VIPS_INTERPRETATION_sRGB, NULL), &next)) return -1;
    if ((*image)->BandFmt != VIPS_FORMAT_UCHAR && step(image, vips_cast(*image, &next, VIPS_FORMAT_UCHAR, NULL), &next))
        return -1;
    return 0;
}

static int three_bands(VipsImage **image) {
    VipsImage *next = NULL;
    if ((*image)->Bands > 3) return step(image, vips_extract_band(*image, &next, 0, "n", 3, NULL), &next);
    if ((*image)->Bands < 3) {
        VipsImage *first = NULL;
        if (step(image, vips_extract_band(*image, &first, 0, NULL), &first)) return -1;
        VipsImage *all[] = {*image, *image, *image};
        return step(image, vips_bandjoin(all, &next, 3, NULL), &next);
    }
    return 0;
}

/// Copies a row of three bytes a pixel to its place in the upright picture. `y` is the row in the file, which has
/// `width` × `height` pixels.
static void place(const uint8_t *row, int y, int width, int height, int orientation, uint8_t *into) {
    int is_transposed = orientation > 4;
    int from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    int from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    size_t upright_width = is_transposed ? height : width;
    int row_place = from_bottom ? height - 1 - y : y;
    for (int x = 0; x < width; x++) {
        int column_place = from_right ? width - 1 - x : x;
        size_t at = is_transposed ? upright_width * column_place + row_place : upright_width * row_place + column_place;
        memcpy(into + 3 * at, row + 3 * (size_t) x, 3);
    }
}

/// Rows that are computed together.
enum { STRIP = 16 };

/// Computes the pixels strip by strip on the caller's thread. libvips itself passes every strip to another thread,
/// which takes longer than the computation of a small picture.
///
/// @param orientation the EXIF orientation by which the pixels are rotated; other values than 1 need three bytes a pixel.
static int compute(VipsImage *image, int orientation, uint8_t *into) {
    if (vips_image_pio_input(image)) return -1;
    size_t line = VIPS_IMAGE_SIZEOF_LINE(image);
    VipsRegion *region = vips_region_new(image);
    int failed = 0;
    for (int top = 0; top < image->Ysize && !failed; top += STRIP) {
        VipsRect strip = {0, top, image->Xsize, VIPS_MIN(STRIP, image->Ysize - top)};
        failed = vips_region_prepare(region, &strip);
        for (int row = top; row < top + strip.height && !failed; row++) {
            const uint8_t *pixels = VIPS_REGION_ADDR(region, 0, row);
            if (orientation == 1) memcpy(into + line * row, pixels, line);
            else place(pixels, row, image->Xsize, image->Ysize, orientation, into);
        }
    }
    g_object_unref(region);
    return failed;
}

/// Passes an image to the caller. curare_vips_take computes its pixels.
static void hand_over(VipsImage *image, CurarePixels *pixels) {
    pixels->width = image->Xsize;
    pixels->height = image->Ysize;
    pixels->orientation = 1;
    pixels->image = image;
    pixels->opened = NULL;
}

/// The status of a step on pixels of `opened`, which may be NULL.
static int status_of(int failed, VipsImage *opened, char *error) {
    int status = opened ? curare_jpeg_status(opened, error) : CURARE_OK;
    return failed && status == CURARE_OK ? fail(error) : status;
}

/// Passes an image to the caller, or frees the image after a failure.
static int passed(VipsImage *image, int failed, CurarePixels *pixels, char *error) {
    if (failed) {
        g_object_unref(image);
        return fail(error);
    }
    hand_over(image, pixels);
    return 0;
}

int curare_vips_take(CurarePixels *pixels, int bands, uint8_t *into, char *error) {
    error[0] = 0;
    VipsImage *image = pixels->image, *opened = pixels->opened;
    pixels->image = pixels->opened = NULL;
    int failed = VIPS_IMAGE_SIZEOF_PEL(image) != (size_t) bands;
    if (failed) vips_error("curare", "%zu bytes a pixel", (size_t) VIPS_IMAGE_SIZEOF_PEL(image));
    failed = failed || compute(image, pixels->orientation, into);
    int status = status_of(failed, opened, error);
    g_object_unref(image);
    if (opened) g_object_unref(opened);
    return status;
}

/// Averages blocks of `reduction` × `reduction` pixels. Blocks at the border are filled with the border pixels.
static int reduced(VipsImage **image, int reduction) {
    if (reduction == 1) return 0;
    VipsImage *next = NULL;
    return step(image, vips_shrink(*image, &next, reduction, reduction, "ceil", TRUE, NULL), &next);
}

/// Cuts out a window, which is given in the upright picture, before *image is rotated.
static int cut(VipsImage **image, CurareWindow window) {
    if (window.width <= 0) return 0;
    int orientation = vips_image_get_orientation(*image), width = (*image)->Xsize, height = (*image)->Ysize;
    if (orientation > 4)
        window = (CurareWindow) {window.top, window.left, window.height, window.width};
    if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        window.left = width - window.left - window.width;
    if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        window.top = height - window.top - window.height;
    VipsImage *next = NULL;
    return step(image,
                vips_extract_area(*image, &next, window.left, window.top, window.width, window.height, NULL), &next);
}

int curare_vips_decode(const void *bytes, size_t size, CurareReadOptions options, int reduction, CurareWindow window,
                       CurarePixels *pixels, char *error) {
    error[0] = 0;
    VipsImage *image;
    if (curare_is_jpeg(bytes, size)) {
        int status;
        image = curare_jpeg_opened(bytes, size, options, reduction, &status, error);
        if (!image) return status;
        reduction = 1;
    } else {
        const char *loader;
        image = curare_opened(bytes, size, options, &loader);
        if (!image) return fail(error);
    }
    VipsImage *opened = g_object_ref(image);
    image = curare_described(image, options);
    // Colours are converted row by row in the order of the file. Each row is then copied to its upright place.
    int failed = !image || flattened(&image) || reduced(&image, reduction) || cut(&image, window) ||
                 in_srgb(&image) || three_bands(&image);
    if (failed) {
        int status = status_of(failed, opened, error);
        if (image) g_object_unref(image);
        g_object_unref(opened);
        return status;
    }
    hand_over(image, pixels);
    pixels->opened = opened;
    pixels->orientation = vips_image_get_orientation(image);
    if (pixels->orientation > 4) {
        pixels->width = image->Ysize;
        pixels->height = image->Xsize;
    }
    return CURARE_OK;
}

/// An image of pixels that belong to the caller.
static VipsImage *image_of(const uint8_t *pixels, int bands, int width, int height) {
    VipsImage *raw = vips_image_new_from_memory(pixels, (size_t) bands * width * height, width, height, bands,
                                                VIPS_FORMAT_UCHAR),
              *image = NULL;
    if (!raw) return NULL;
    vips_copy(raw, &image, "interpretation", bands >= 3 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_B_W, NULL);
    g_object_unref(raw);
    return image;
}

int curare_vips_scale(const uint8_t *from, int bands, int from_width, int from_height, int left, int top, int cut_width,
                      int cut_height, int width, int height, CurarePixels *pixels, char *error) {
    error[0] = 0;
    VipsImage *image = image_of(from, bands, from_width, from_height), *next = NULL;
    if (!image) return fail(error);
    int failed = step(&image, vips_extract_area(image, &next, left, top, cut_width, cut_height, NULL), &next);
    failed = failed || step(&image,
                            vips_resize(image, &next, (double) width / cut_width, "vscale",
                                        (double) height / cut_height, "kernel", VIPS_KERNEL_LANCZOS3, NULL),
                            &next);
    return passed(image, failed, pixels, error);
}

int curare_vips_encode(const uint8_t *rgb, int width, int height, CurareEncoding options, uint8_t **bytes, size_t *size,
                       char *error) {
    error[0] = 0;
    VipsImage *image = image_of(rgb, 3, width, height);
    if (!image) return fail(error);
    int tagged = options.orientation > 1 || options.captured || options.camera;
    if (options.orientation > 1) {
        vips_image_set_int(image, VIPS_META_ORIENTATION, options.orientation);
        // libvips writes an EXIF block to a PNG only if the image has one already. This block is a little-endian TIFF
        // header with one tag.
        unsigned char exif[] = {'E', 'x',  'i', 'f', 0,
                                0,   'I',  'I', 42,  0,
                                8,   0,    0,   0,   1,
                                0,   0x12, 1,   3,   0,
                                1,   0,    0,   0,   (unsigned char) options.orientation,
                                0,   0,    0,   0,   0,
                                0,   0};
        vips_image_set_blob_copy(image, VIPS_META_EXIF_NAME, exif, sizeof exif);
    }
    if (options.captured) vips_image_set_string(image, "exif-ifd2-DateTimeOriginal", options.captured);
    if (options.camera) vips_image_set_string(image, "exif-ifd0-Model", options.camera);
    int failed;
    void *buffer = NULL;
    if (strcmp(options.format, "jpeg") == 0)
        failed = vips_jpegsave_buffer(image, &buffer, size, "Q", options.quality, "interlace", options.is_progressive,
                                      "strip", !tagged, NULL);
    else if (strcmp(options.format, "tiff") == 0)
        failed = vips_tiffsave_buffer(image, &buffer, size, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_LZW, "strip",
                                      !tagged, NULL);
    else if (strcmp(options.format, "webp") == 0)
        failed = vips_webpsave_buffer(image, &buffer, size, "Q", options.quality, "lossless", options.quality == 100,
                                      "strip", !tagged, NULL);
    else if (strcmp(options.format, "heic") == 0 || strcmp(options.format, "avif") == 0)
        failed = vips_heifsave_buffer(
            image, &buffer, size, "Q", options.quality, "lossless", options.quality == 100, "effort", 1, "compression",
            options.format[0] == 'h' ? VIPS_FOREIGN_HEIF_COMPRESSION_HEVC : VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "strip",
            !tagged, NULL);
    else if (strcmp(options.format, "pnm") == 0) {
        VipsTarget *target = vips_target_new_to_memory();
        // Without "strip" the header contains the current time.
        failed = vips_ppmsave_target(image, target, "strip", TRUE, NULL);
        VipsBlob *blob = NULL;
        if (!failed) g_object_get(target, "blob", &blob, NULL);
        if (blob) {
            const void *written = vips_blob_get(blob, size);
            buffer = g_malloc(*size);
            memcpy(buffer, written, *size);
            vips_area_unref(VIPS_AREA(blob));
        }
        g_object_unref(target);
    } else
        // Level 6 takes twice as long, and the files are 3% smaller. No digest depends on the level.
        failed = vips_pngsave_buffer(image, &buffer, size, "compression", 1, "strip", !tagged, NULL);
    g_object_unref(image);
    *bytes = buffer;
    return failed || !buffer ? fail(error) : 0;
}

int curare_vips_draw(const char *svg, size_t size, CurarePixels *pixels, char *error) {
    error[0] = 0;
    VipsImage *image = NULL;
    if (vips_svgload_buffer((void *) svg, size, &image, NULL)) return fail(error);
    int failed = flattened(&image) || in_srgb(&image) || three_bands(&image);
    return passed(image, failed, pixels, error);
}

int curare_vips_unrotate(const uint8_t *rgb, int width, int height, int orientation, CurarePixels *pixels,
                         char *error) {
    // The orientation that reverses the orientation of the index. Only 6 and 8 are not their own inverse.
    static const int inverse[] = {1, 1, 2, 3, 4, 5, 8, 7, 6};
    error[0] = 0;
    VipsImage *image = image_of(rgb, 3, width, height), *next = NULL;
    if (!image) return fail(error);
    vips_image_set_int(image, VIPS_META_ORIENTATION, inverse[orientation >= 1 && orientation <= 8 ? orientation : 1]);
    int failed = step(&image, vips_autorot(image, &next, NULL), &next);
    return passed(image, failed, pixels, error);
}

/// Converts *image to four channels: colours and transparency.
static int four_bands(VipsImage **image) {
    VipsImage *next = NULL;
    if ((*image)->Bands == 3 && step(image, vips_addalpha(*image, &next, NULL), &next)) return -1;
    return (*image)->Bands == 4 ? 0 : (vips_error("curare", "%d channels", (*image)->Bands), -1);
}

int curare_vips_decode_overlay(const void *png, size_t size, CurarePixels *pixels, char *error) {
    error[0] = 0;
    VipsImage *image = NULL;
    if (vips_pngload_buffer((void *) png, size, &image, "fail_on", VIPS_FAIL_ON_ERROR, NULL)) return fail(error);
    int failed = in_srgb(&image) || four_bands(&image);
    return passed(image, failed, pixels, error);
}

int curare_vips_encode_overlay(const uint8_t *rgba, int width, int height, uint8_t **bytes, size_t *size, char *error) {
    error[0] = 0;
    VipsImage *image = image_of(rgba, 4, width, height);
    if (!image) return fail(error);
    void *buffer = NULL;
    int failed = vips_pngsave_buffer(image, &buffer, size, "compression", 6, "strip", TRUE, NULL);
    g_object_unref(image);
    *bytes = buffer;
    return failed || !buffer ? fail(error) : 0;
}
