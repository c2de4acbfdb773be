// Decodes JPEGs with libjpeg itself. libvips' own loader accepts files with damaged pixels, has no limit on the number
// of scans, and parses EXIF with libexif.
#include "jpeg.h"
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

/// A JPEG that libjpeg decodes. Its VipsImage owns it.
typedef struct {
    struct jpeg_decompress_struct decoder;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    const unsigned char *bytes, *end;
    const unsigned char *pixels; // the first coded byte that is still to be checked for gaps, or NULL
    int status;
    char message[JMSG_LENGTH_MAX];
    int is_inverted;   // the inks of a CMYK picture are stored inverted
    int has_all_rows;  // only the end of the file is still to be read
    int height;        // rows that are used
    int scan;          // number of the scan that was counted last
    unsigned components; // a bit for each component that a scan contains
    guint64 blocks;    // blocks of all scans so far
} CurareJpeg;

/// Name under which an opened image keeps its CurareJpeg.
static const char DATA_KEY[] = "curare-jpeg";

/// Scans of a file, and blocks of 8 × 8 coefficients in all its scans. Encoders write about ten scans.
enum { MAXIMUM_SCANS = 100 };
static const guint64 MAXIMUM_BLOCKS = 32 << 20;
/// With this many passes over all blocks a file may exceed MAXIMUM_BLOCKS.
enum { MAXIMUM_PASSES = 16 };
/// Bytes for the coefficients of a file with several scans, which libjpeg keeps in memory.
static const guint64 MAXIMUM_COEFFICIENT_BYTES = 768 << 20;

static int status_of(int code) {
    switch (code) {
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL: return CURARE_UNSUPPORTED;
    case JERR_OUT_OF_MEMORY: return CURARE_OVER_BUDGET;
    default: return CURARE_DAMAGED;
    }
}

static void stop(CurareJpeg *jpeg, int status, const char *message) {
    if (jpeg->status == CURARE_OK) {
        jpeg->status = status;
        snprintf(jpeg->message, sizeof jpeg->message, "%s", message);
    }
    longjmp(jpeg->jump, 1);
}

static void on_error(j_common_ptr decoder) {
    CurareJpeg *jpeg = decoder->client_data;
    char message[JMSG_LENGTH_MAX];
    decoder->err->format_message(decoder, message);
    stop(jpeg, status_of(decoder->err->msg_code), message);
}

/// The decoder's position in the file.
static const unsigned char *position(const CurareJpeg *jpeg) {
    const unsigned char *next = jpeg->decoder.src->next_input_byte;
    // At the end of the file libjpeg reads from a buffer of its own.
    return next < jpeg->bytes || next > jpeg->end ? jpeg->end : next;
}

/// Whether skipped bytes before a marker are coded pixels, as after a damage that makes the decoder lose its place.
/// Coded pixels contain pairs of 255 and 0. Padding and text do not.
static int skips_pixels(const CurareJpeg *jpeg, int count) {
    const unsigned char *end = position(jpeg), *start = count < end - jpeg->bytes ? end - count : jpeg->bytes;
    for (const unsigned char *at = start; at + 1 < end; at++)
        if (at[0] == 0xff && at[1] == 0) return 1;
    return 0;
}

static void on_message(j_common_ptr decoder, int level) {
    CurareJpeg *jpeg = decoder->client_data;
    if (level >= 0) return;
    switch (decoder->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
        if (skips_pixels(jpeg, decoder->err->msg_parm.i[0]))
            stop(jpeg, CURARE_DAMAGED, "coded pixels are left over");
        return;
    // A missing end marker after all rows harms nothing.
    case JWRN_JPEG_EOF:
        if (jpeg->has_all_rows) return;
        break;
    // Unusual headers that do not change a pixel.
    case JWRN_ADOBE_XFORM:
    case JWRN_NOT_SEQUENTIAL: return;
    default: break;
    }
    on_error(decoder);
}

static void on_output(j_common_ptr decoder) { (void) decoder; }

static guint64 blocks_of(const jpeg_component_info *component) {
    return (guint64) component->width_in_blocks * component->height_in_blocks;
}

static guint64 all_blocks(const struct jpeg_decompress_struct *decoder) {
    guint64 blocks = 0;
    for (int i = 0; i < decoder->num_components; i++) blocks += blocks_of(&decoder->comp_info[i]);
    return blocks;
}

/// Whether zero bits can be the code of empty blocks. The most frequent symbol, whose code consists of zeros, is then
/// "no change" for the mean and "end of block" for the rest, in every component.
static int codes_empty_blocks_as_zeros(const struct jpeg_decompress_struct *decoder) {
    for (int i = 0; i < decoder->comps_in_scan; i++) {
        const JHUFF_TBL *means = decoder->dc_huff_tbl_ptrs[decoder->cur_comp_info[i]->dc_tbl_no],
                        *rest = decoder->ac_huff_tbl_ptrs[decoder->cur_comp_info[i]->ac_tbl_no];
        if (means && rest && (means->huffval[0] || rest->huffval[0])) return 0;
    }
    return 1;
}

/// Whether coded pixels contain a gap of at least `size` zeros, as file systems leave after a crash. Zeros before a
/// marker are padding.
static int has_gap(const unsigned char *start, const unsigned char *end, int size) {
    for (const unsigned char *at = start; at < end; at += size / 2) {
        if (*at) continue;
        const unsigned char *first = at, *last = at;
        while (first > start && !first[-1]) first--;
        while (last + 1 < end && !last[1]) last++;
        int is_padding = last + 2 >= end || (last[1] == 0xff && last[2] != 0);
        if (last - first + 1 >= size && !is_padding) return 1;
        at = last;
    }
    return 0;
}

/// Bytes of a gap of zeros in a file with one scan, and in a scan of a progressive file. A progressive scan may have
/// some hundred zeros where coefficients do not change.
enum { GAP = 128, PROGRESSIVE_GAP = 1024 };

/// Checks the coded pixels since `pixels`, if that is set.
static void check_gap(CurareJpeg *jpeg) {
    int is_progressive = jpeg->decoder.progressive_mode;
    if (!jpeg->pixels || (!is_progressive && codes_empty_blocks_as_zeros(&jpeg->decoder))) return;
    if (has_gap(jpeg->pixels, position(jpeg), is_progressive ? PROGRESSIVE_GAP : GAP))
        stop(jpeg, CURARE_DAMAGED, "a part of the coded pixels is zero");
}

/// Counts the work of each scan of a file with several scans.
static void on_progress(j_common_ptr common) {
    CurareJpeg *jpeg = common->client_data;
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    if (decoder->input_scan_number == jpeg->scan) return;
    check_gap(jpeg);
    jpeg->scan = decoder->input_scan_number;
    jpeg->pixels = decoder->progressive_mode && decoder->Ss > 0 ? position(jpeg) : NULL;
    for (int i = 0; i < decoder->comps_in_scan; i++) {
        jpeg->blocks += blocks_of(decoder->cur_comp_info[i]);
        jpeg->components |= 1u << decoder->cur_comp_info[i]->component_index;
    }
    guint64 passes = MAXIMUM_PASSES * all_blocks(decoder);
    if (jpeg->scan > MAXIMUM_SCANS || jpeg->blocks > (passes > MAXIMUM_BLOCKS ? passes : MAXIMUM_BLOCKS))
        stop(jpeg, CURARE_OVER_BUDGET, "the JPEG has more scans than a photo needs");
}

/// Prepares the decoder. The caller has called setjmp.
static void create(CurareJpeg *jpeg, const void *bytes, size_t size) {
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    jpeg->bytes = bytes;
    jpeg->end = jpeg->bytes + size;
    jpeg_create_decompress(decoder);
    jpeg_mem_src(decoder, bytes, size);
}

static CurareJpeg *allocated(void) {
    CurareJpeg *jpeg = g_new0(CurareJpeg, 1);
    jpeg->decoder.err = jpeg_std_error(&jpeg->errors);
    jpeg->decoder.client_data = jpeg;
    jpeg->errors.error_exit = on_error;
    jpeg->errors.emit_message = on_message;
    jpeg->errors.output_message = on_output;
    return jpeg;
}

static void release(CurareJpeg *jpeg) {
    jpeg_destroy_decompress(&jpeg->decoder);
    g_free(jpeg);
}

int curare_is_jpeg(const void *bytes, size_t size) { return size >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0; }

static int status_and_message(const CurareJpeg *jpeg, char *error) {
    if (jpeg->status != CURARE_OK) snprintf(error, CURARE_ERROR_SIZE, "%s", jpeg->message);
    return jpeg->status;
}

int curare_jpeg_status(VipsImage *image, char *error) {
    const CurareJpeg *jpeg = g_object_get_data(G_OBJECT(image), DATA_KEY);
    return jpeg ? status_and_message(jpeg, error) : CURARE_OK;
}

/// Reads the header and checks the channels. The caller has called setjmp.
static void read_header(CurareJpeg *jpeg) {
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    jpeg_read_header(decoder, TRUE);
    if (decoder->num_components != 1 && decoder->num_components != 3 && decoder->num_components != 4)
        stop(jpeg, CURARE_UNSUPPORTED, "the JPEG has neither one, three nor four channels");
}

int curare_jpeg_header(const void *bytes, size_t size, CurareHeader *header, char *error) {
    CurareJpeg *jpeg = allocated();
    if (!setjmp(jpeg->jump)) {
        create(jpeg, bytes, size);
        read_header(jpeg);
        header->width = (int) jpeg->decoder.image_width;
        header->height = (int) jpeg->decoder.image_height;
        header->bands = jpeg->decoder.num_components;
    }
    int status = status_and_message(jpeg, error);
    release(jpeg);
    return status;
}

/// Checks that a file with several scans has all of them. A picture without its last scans is coarse.
static void check_scans(CurareJpeg *jpeg) {
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    if (jpeg->components != (1u << decoder->num_components) - 1) stop(jpeg, CURARE_DAMAGED, "scans are missing");
    if (!decoder->progressive_mode || !decoder->coef_bits) return;
    for (int i = 0; i < decoder->num_components; i++) {
        if (decoder->coef_bits[i][0] < 0) stop(jpeg, CURARE_DAMAGED, "scans are missing");
        for (int k = 0; k < DCTSIZE2; k++)
            if (decoder->coef_bits[i][k] > 0) stop(jpeg, CURARE_DAMAGED, "the last scans are missing");
    }
}

/// Reads the end of the file after the last row. Only pixels that are left over are an error there.
static int is_finished(CurareJpeg *jpeg) {
    JSAMPROW scratch = g_malloc((gsize) jpeg->decoder.output_width * jpeg->decoder.output_components);
    if (!setjmp(jpeg->jump)) {
        while (jpeg->decoder.output_scanline < jpeg->decoder.output_height)
            jpeg_read_scanlines(&jpeg->decoder, &scratch, 1);
        check_gap(jpeg);
        jpeg->has_all_rows = 1;
        jpeg_finish_decompress(&jpeg->decoder);
    } else if (jpeg->has_all_rows && jpeg->errors.msg_code != JWRN_EXTRANEOUS_DATA)
        jpeg->status = CURARE_OK;
    g_free(scratch);
    return jpeg->status == CURARE_OK;
}

static int generate(VipsRegion *region, void *sequence, void *a, void *b, gboolean *end) {
    (void) sequence, (void) b, (void) end;
    CurareJpeg *jpeg = a;
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    VipsRect *rows = &region->valid;
    if (jpeg->status != CURARE_OK || rows->left != 0 || rows->width != region->im->Xsize ||
        rows->top != (int) decoder->output_scanline) {
        vips_error("curare", "row %d is read out of order", rows->top);
        return -1;
    }
    size_t size = (size_t) decoder->output_width * decoder->output_components;
    for (int y = rows->top; y < rows->top + rows->height; y++) {
        JSAMPROW row = VIPS_REGION_ADDR(region, 0, y);
        if (setjmp(jpeg->jump)) {
            vips_error("curare", "%s", jpeg->message);
            return -1;
        }
        jpeg_read_scanlines(decoder, &row, 1);
        if (jpeg->is_inverted)
            for (size_t i = 0; i < size; i++) row[i] = 255 - row[i];
    }
    if (rows->top + rows->height >= jpeg->height && !jpeg->has_all_rows && !is_finished(jpeg)) {
        vips_error("curare", "%s", jpeg->message);
        return -1;
    }
    return 0;
}

/// Joins the parts of an ICC profile, which are numbered from 1. Parts after a gap are ignored.
static void attach_profile(const struct jpeg_decompress_struct *decoder, VipsImage *image) {
    enum { PARTS = 100, PREFIX = 14 };
    jpeg_saved_marker_ptr parts[PARTS] = {0};
    for (jpeg_saved_marker_ptr marker = decoder->marker_list; marker; marker = marker->next) {
        if (marker->marker != JPEG_APP0 + 2 || marker->data_length <= PREFIX || memcmp(marker->data, "ICC_PROFILE", 11))
            continue;
        int number = marker->data[12];
        if (number >= 1 && number <= PARTS) parts[number - 1] = marker;
    }
    size_t size = 0;
    for (int i = 0; i < PARTS && parts[i]; i++) size += parts[i]->data_length - PREFIX;
    if (!size) return;
    char *profile = g_malloc(size), *end = profile;
    for (int i = 0; i < PARTS && parts[i]; i++) {
        memcpy(end, parts[i]->data + PREFIX, parts[i]->data_length - PREFIX);
        end += parts[i]->data_length - PREFIX;
    }
    vips_image_set_blob(image, VIPS_META_ICC_NAME, (VipsCallbackFn) vips_area_free_cb, profile, size);
}

/// Starts the decoder, and defines the image of its rows. The caller has called setjmp.
static void start(CurareJpeg *jpeg, VipsImage *image, int reduction) {
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    jpeg_save_markers(decoder, JPEG_APP0 + 2, 0xffff);
    read_header(jpeg);
    decoder->scale_num = 1;
    decoder->scale_denom = (unsigned) reduction;
    jpeg_calc_output_dimensions(decoder);
    int has_scans = jpeg_has_multiple_scans(decoder);
    if (has_scans && all_blocks(decoder) > MAXIMUM_COEFFICIENT_BYTES / sizeof(JBLOCK))
        stop(jpeg, CURARE_OVER_BUDGET, "the JPEG has several scans and needs more memory than a photo may use");
    VipsInterpretation kind = VIPS_INTERPRETATION_sRGB;
    if (decoder->out_color_space == JCS_GRAYSCALE) kind = VIPS_INTERPRETATION_B_W;
    else if (decoder->out_color_space == JCS_CMYK) kind = VIPS_INTERPRETATION_CMYK;
    jpeg->is_inverted = jpeg->is_inverted && kind == VIPS_INTERPRETATION_CMYK;
    jpeg->progress.progress_monitor = on_progress;
    if (has_scans) decoder->progress = &jpeg->progress;
    jpeg_start_decompress(decoder);
    if (has_scans) {
        check_gap(jpeg);
        jpeg->pixels = NULL;
        check_scans(jpeg);
    } else jpeg->pixels = decoder->src->next_input_byte;
    vips_image_init_fields(image, (int) decoder->output_width, (int) decoder->output_height, decoder->output_components,
                           VIPS_FORMAT_UCHAR, VIPS_CODING_NONE, kind, 1, 1);
    attach_profile(decoder, image);
}

static void on_close(VipsImage *image, CurareJpeg *jpeg) {
    (void) image;
    release(jpeg);
}

VipsImage *curare_jpeg_opened(const void *bytes, size_t size, CurareReadOptions options, int reduction, int *status,
                              char *error) {
    CurareJpeg *jpeg = allocated();
    VipsImage *image = vips_image_new(), *rows = NULL, *part = NULL;
    g_signal_connect(image, "close", G_CALLBACK(on_close), jpeg);
    jpeg->is_inverted = !options.is_inverted;
    if (!setjmp(jpeg->jump)) {
        create(jpeg, bytes, size);
        start(jpeg, image, reduction);
    }
    *status = status_and_message(jpeg, error);
    if (*status != CURARE_OK) {
        g_object_unref(image);
        return NULL;
    }
    // libjpeg rounds the reduced sides up; the last column and row are then only partly inside the picture.
    int width = VIPS_MAX(1, (int) jpeg->decoder.image_width / reduction);
    jpeg->height = VIPS_MAX(1, (int) jpeg->decoder.image_height / reduction);
    int failed = vips_image_pipelinev(image, VIPS_DEMAND_STYLE_FATSTRIP, NULL) ||
                 vips_image_generate(image, NULL, generate, NULL, jpeg, NULL) ||
                 vips_sequential(image, &rows, "tile_height", 8, NULL) ||
                 vips_extract_area(rows, &part, 0, 0, width, jpeg->height, NULL);
    if (rows) g_object_unref(rows);
    g_object_unref(image);
    if (failed) {
        *status = CURARE_FAILED;
        char *message = vips_error_buffer_copy();
        snprintf(error, CURARE_ERROR_SIZE, "%s", message);
        g_free(message);
        return NULL;
    }
    g_object_set_data(G_OBJECT(part), DATA_KEY, jpeg);
    return part;
}
