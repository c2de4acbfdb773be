#define _GNU_SOURCE
#include "heic.h"
#include <dlfcn.h>
#include <libde265/de265.h>
#include <libheif/heif.h>
#include <libheif/heif_plugin.h>
#include <stdlib.h>
#include <string.h>

// libheif's own decoder of HEIC calls libde265 and ignores its warnings: the rest of a picture after a damaged byte is
// then gray or has wrong colours. This decoder fails instead. Pixels of intact pictures are the same.

// libvips loads libheif and libde265 when libvips starts. The functions are looked up then: a program that is linked with
// the two libraries would load them, and five others, also for commands that decode no photo.
#define FUNCTIONS(F) \
    F(de265_decode) \
    F(de265_flush_data) \
    F(de265_free) \
    F(de265_free_decoder) \
    F(de265_get_bits_per_pixel) \
    F(de265_get_chroma_format) \
    F(de265_get_default_image_allocation_functions) \
    F(de265_get_error_text) \
    F(de265_get_image_colour_primaries) \
    F(de265_get_image_full_range_flag) \
    F(de265_get_image_height) \
    F(de265_get_image_matrix_coefficients) \
    F(de265_get_image_plane) \
    F(de265_get_image_plane_user_data) \
    F(de265_get_image_transfer_characteristics) \
    F(de265_get_image_width) \
    F(de265_get_next_picture) \
    F(de265_get_warning) \
    F(de265_init) \
    F(de265_new_decoder) \
    F(de265_push_NAL) \
    F(de265_release_next_picture) \
    F(de265_set_image_plane) \
    F(de265_start_worker_threads) \
    F(heif_image_add_plane) \
    F(heif_image_create) \
    F(heif_image_get_plane) \
    F(heif_image_release) \
    F(heif_image_set_nclx_color_profile) \
    F(heif_nclx_color_profile_alloc) \
    F(heif_nclx_color_profile_free) \
    F(heif_nclx_color_profile_set_color_primaries) \
    F(heif_nclx_color_profile_set_matrix_coefficients) \
    F(heif_nclx_color_profile_set_transfer_characteristics) \
    F(heif_register_decoder_plugin)

#define DECLARE(name) __typeof__(&name) name;
static struct { FUNCTIONS(DECLARE) } codec;

/// Returns the name of a function that is missing, or NULL.
static const char *look_up(void) {
#define LOOK_UP(name) \
    if (!(codec.name = (__typeof__(&name)) dlsym(RTLD_DEFAULT, #name))) return #name;
    FUNCTIONS(LOOK_UP)
    return NULL;
}

// libde265 does not report a slice that ends before the end of the picture, and leaves the rest of the picture as the
// memory was. The planes of a picture therefore start with a pattern that depends on the position only. A picture that
// still contains a part of the pattern is not complete.

/// Returns word `index` of the pattern: SplitMix64 (Steele et al., OOPSLA 2014). The next word of a decoded picture has
/// the same value with a probability of 2^-64.
static uint64_t pattern(uint64_t index) {
    uint64_t word = (index + 1) * 0x9E3779B97F4A7C15;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return word ^ (word >> 31);
}

/// Allocates a plane that contains the pattern. Returns NULL without memory.
static uint64_t *new_plane(size_t size) {
    // libde265 reads up to 8 bytes behind the end of a plane.
    size_t words = (size + 8 + 7) / 8;
    void *plane;
    if (posix_memalign(&plane, 64, words * 8) != 0) return NULL;
    for (size_t index = 0; index < words; index++) ((uint64_t *) plane)[index] = pattern(index);
    return plane;
}

/// Allocates the planes of a picture as libde265 does. Returns 0 without memory.
static int allocate(de265_decoder_context *decoder, struct de265_image_spec *spec, struct de265_image *picture,
                    void *data) {
    (void) decoder, (void) data;
    enum de265_chroma chroma = codec.de265_get_chroma_format(picture);
    int count = chroma == de265_chroma_mono ? 1 : 3;
    uint64_t *planes[3] = {NULL, NULL, NULL};
    // In bytes.
    int strides[3] = {0, 0, 0};
    for (int channel = 0; channel < count; channel++) {
        int width = spec->width, height = spec->height;
        if (channel > 0 && chroma != de265_chroma_444) width /= 2;
        if (channel > 0 && chroma == de265_chroma_420) height /= 2;
        int bytes = (codec.de265_get_bits_per_pixel(picture, channel) + 7) / 8;
        strides[channel] = (width + spec->alignment - 1) / spec->alignment * spec->alignment * bytes;
        planes[channel] = new_plane((size_t) strides[channel] * (size_t) height);
        if (!planes[channel]) {
            for (int other = 0; other < channel; other++) free(planes[other]);
            return 0;
        }
    }
    for (int channel = 0; channel < count; channel++)
        codec.de265_set_image_plane(picture, channel, planes[channel], strides[channel], planes[channel]);
    return 1;
}

static void release(de265_decoder_context *decoder, struct de265_image *picture, void *data) {
    (void) decoder, (void) data;
    for (int channel = 0; channel < 3; channel++) free(codec.de265_get_image_plane_user_data(picture, channel));
}

/// Returns whether `size` bytes at `bytes` contain a word of the pattern.
///
/// - Parameter plane: the start of the plane in which the bytes are.
static int has_pattern(const uint64_t *plane, const uint8_t *bytes, size_t size) {
    size_t offset = (size_t) (bytes - (const uint8_t *) plane);
    for (size_t index = (offset + 7) / 8; index < (offset + size) / 8; index++)
        if (plane[index] == pattern(index)) return 1;
    return 0;
}

/// More than 100, the priority of libheif's own decoder.
enum { PRIORITY = 200 };

static const struct heif_error success = {heif_error_Ok, heif_suberror_Unspecified, "Success"};

static struct heif_error damaged(const char *message) {
    return (struct heif_error) {heif_error_Decoder_plugin_error, heif_suberror_Unspecified, message};
}

static struct heif_error out_of_memory(void) {
    return (struct heif_error) {heif_error_Memory_allocation_error, heif_suberror_Unspecified, "out of memory"};
}

static const char *name(void) { return "libde265, strict"; }

static void start(void) { codec.de265_init(); }

static void stop(void) { codec.de265_free(); }

static int priority(enum heif_compression_format format) { return format == heif_compression_HEVC ? PRIORITY : 0; }

static struct heif_error new_decoder(void **decoder) {
    *decoder = codec.de265_new_decoder();
    if (!*decoder) return out_of_memory();
    if (codec.de265_start_worker_threads(*decoder, 1) == DE265_OK) return success;
    // libheif does not free a decoder that reports an error here.
    codec.de265_free_decoder(*decoder);
    *decoder = NULL;
    return out_of_memory();
}

static void free_decoder(void *decoder) { codec.de265_free_decoder(decoder); }

/// Reads units of the bit stream. Each has its size before it, in four bytes.
static struct heif_error push(void *decoder, const void *data, size_t size) {
    const uint8_t *bytes = data;
    while (size > 0) {
        if (size < 4) return damaged("a unit of the picture is cut off");
        size_t length = ((size_t) bytes[0] << 24) | ((size_t) bytes[1] << 16) | ((size_t) bytes[2] << 8) | bytes[3];
        if (length > size - 4) return damaged("a unit of the picture is cut off");
        if (codec.de265_push_NAL(decoder, bytes + 4, (int) length, 0, NULL) != DE265_OK) return out_of_memory();
        bytes += 4 + length;
        size -= 4 + length;
    }
    return success;
}

static struct heif_error copy_planes(const struct de265_image *picture, struct heif_image *image) {
    static const enum heif_channel channels[] = {heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
    int depth = codec.de265_get_bits_per_pixel(picture, 0);
    int count = codec.de265_get_chroma_format(picture) == de265_chroma_mono ? 1 : 3;
    for (int channel = 0; channel < count; channel++) {
        if (codec.de265_get_bits_per_pixel(picture, channel) != depth)
            return (struct heif_error) {heif_error_Unsupported_feature, heif_suberror_Unsupported_color_conversion,
                                        "channels with different numbers of bits are not supported"};
        int width = codec.de265_get_image_width(picture, channel), height = codec.de265_get_image_height(picture, channel);
        if (width <= 0 || height <= 0) return damaged("the picture has no pixels");
        struct heif_error error = codec.heif_image_add_plane(image, channels[channel], width, height, depth);
        if (error.code) return error;
        int from_stride, to_stride;
        const uint8_t *from = codec.de265_get_image_plane(picture, channel, &from_stride);
        uint8_t *to = codec.heif_image_get_plane(image, channels[channel], &to_stride);
        size_t row = (size_t) width * (size_t) ((depth + 7) / 8);
        const uint64_t *plane = codec.de265_get_image_plane_user_data(picture, channel);
        for (int y = 0; y < height; y++) {
            const uint8_t *line = from + (size_t) y * from_stride;
            if (has_pattern(plane, line, row)) return damaged("a part of the picture is missing");
            memcpy(to + (size_t) y * to_stride, line, row);
        }
    }
    return success;
}

/// Copies the numbers that describe the colours.
static struct heif_error copy_colours(const struct de265_image *picture, struct heif_image *image) {
    struct heif_color_profile_nclx *colours = codec.heif_nclx_color_profile_alloc();
    if (!colours) return out_of_memory();
    // A number without a meaning for libheif leaves the default, as with libheif's own decoder.
    codec.heif_nclx_color_profile_set_color_primaries(colours, (uint16_t) codec.de265_get_image_colour_primaries(picture));
    codec.heif_nclx_color_profile_set_transfer_characteristics(
        colours, (uint16_t) codec.de265_get_image_transfer_characteristics(picture));
    codec.heif_nclx_color_profile_set_matrix_coefficients(
        colours, (uint16_t) codec.de265_get_image_matrix_coefficients(picture));
    colours->full_range_flag = codec.de265_get_image_full_range_flag(picture) != 0;
    struct heif_error error = codec.heif_image_set_nclx_color_profile(image, colours);
    codec.heif_nclx_color_profile_free(colours);
    return error;
}

static struct heif_error copy_picture(const struct de265_image *picture, struct heif_image **image) {
    enum de265_chroma chroma = codec.de265_get_chroma_format(picture);
    struct heif_error error = codec.heif_image_create(
        codec.de265_get_image_width(picture, 0), codec.de265_get_image_height(picture, 0),
        chroma == de265_chroma_mono ? heif_colorspace_monochrome : heif_colorspace_YCbCr, (enum heif_chroma) chroma,
        image);
    if (error.code) return error;
    error = copy_planes(picture, *image);
    if (!error.code) error = copy_colours(picture, *image);
    if (error.code) {
        codec.heif_image_release(*image);
        *image = NULL;
    }
    return error;
}

/// Returns the reason if libde265 has noticed that the data of the picture do not fit together.
static const char *damage(void *decoder) {
    const char *found = NULL;
    de265_error warning;
    while ((warning = codec.de265_get_warning(decoder)) != DE265_OK) {
        switch (warning) {
        case DE265_WARNING_PREMATURE_END_OF_SLICE_SEGMENT:
        case DE265_WARNING_CTB_OUTSIDE_IMAGE_AREA:
        case DE265_WARNING_EOSS_BIT_NOT_SET:
        case DE265_WARNING_SLICE_SEGMENT_ADDRESS_INVALID:
        case DE265_WARNING_SLICEHEADER_INVALID:
        case DE265_WARNING_NONEXISTING_PPS_REFERENCED:
        case DE265_WARNING_NONEXISTING_SPS_REFERENCED:
        // There were more warnings than libde265 keeps.
        case DE265_WARNING_WARNING_BUFFER_FULL: found = codec.de265_get_error_text(warning); break;
        default: break;
        }
    }
    return found;
}

static struct heif_error decode(void *decoder, struct heif_image **image) {
    *image = NULL;
    codec.de265_flush_data(decoder);
    struct heif_error error = success;
    for (int more = 1; more && !error.code;) {
        more = 0;
        de265_error status = codec.de265_decode(decoder, &more);
        const char *reason = status == DE265_OK ? damage(decoder) : codec.de265_get_error_text(status);
        if (reason) error = damaged(reason);
        const struct de265_image *picture = error.code ? NULL : codec.de265_get_next_picture(decoder);
        if (!picture) continue;
        // libheif, too, takes the last picture of an item.
        if (*image) codec.heif_image_release(*image);
        *image = NULL;
        error = copy_picture(picture, image);
        codec.de265_release_next_picture(decoder);
    }
    if (!error.code && !*image) error = damaged("the data contain no picture");
    if (error.code && *image) {
        codec.heif_image_release(*image);
        *image = NULL;
    }
    return error;
}

const char *curare_heic_register(void) {
    // Without libheif, libvips reads no HEIC.
    if (!dlsym(RTLD_DEFAULT, "heif_register_decoder_plugin")) return NULL;
    const char *missing = look_up();
    if (missing) return missing;
    // libde265 calls the functions of `de265_set_image_allocation_functions` for the last buffer of a picture only. All
    // buffers come from its default functions when these are replaced. The structure is not constant in libde265.
    *(struct de265_image_allocation *) codec.de265_get_default_image_allocation_functions() =
        (struct de265_image_allocation) {allocate, release};
    static const struct heif_decoder_plugin plugin = {
        .plugin_api_version = 3, .get_plugin_name = name, .init_plugin = start, .deinit_plugin = stop,
        .does_support_format = priority, .new_decoder = new_decoder, .free_decoder = free_decoder, .push_data = push,
        .decode_image = decode, .set_strict_decoding = NULL, .id_name = "curare"};
    return codec.heif_register_decoder_plugin(&plugin).code ? "heif_register_decoder_plugin" : NULL;
}
