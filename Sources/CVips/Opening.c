#include "opening.h"
#include <string.h>

static const char *loader_of(VipsSource *source) {
    static const char *allowed[] = {"VipsForeignLoadPng", "VipsForeignLoadTiff", "VipsForeignLoadWebp",
                                    "VipsForeignLoadPpm", "VipsForeignLoadHeif"};
    const char *found = vips_foreign_find_load_source(source);
    if (!found) return NULL;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strncmp(found, allowed[i], strlen(allowed[i])) == 0) return found;
    vips_error("curare", "format is not supported (%s)", found);
    return NULL;
}

/// A page of a TIFF, or one of its sub-images (`subifd` from 0; -1 is the page itself).
static VipsImage *page_of(const void *bytes, size_t size, int page, int subifd) {
    VipsSource *source = vips_source_new_from_memory(bytes, size);
    VipsImage *image = NULL;
    if (source && vips_tiffload_source(source, &image, "page", page, "subifd", subifd, "fail_on", VIPS_FAIL_ON_ERROR,
                                       "memory", TRUE, NULL))
        image = NULL;
    if (source) g_object_unref(source);
    return image;
}

static int count_of(VipsImage *image, const char *name) {
    int count = 0;
    if (!vips_image_get_typeof(image, name) || vips_image_get_int(image, name, &count)) return 0;
    return count < 0 ? 0 : count > 16 ? 16 : count;
}

/// The largest 8-bit picture with three channels in a DNG. Sensor data has one channel or 16 bits; masks have one
/// channel.
static VipsImage *preview_of(const void *bytes, size_t size) {
    VipsImage *best = NULL, *first = page_of(bytes, size, 0, -1);
    int pages = first ? count_of(first, VIPS_META_N_PAGES) : 1,
        orientation = first ? vips_image_get_orientation(first) : 1;
    for (int page = 0; page < pages; page++) {
        VipsImage *top = page_of(bytes, size, page, -1);
        int subifds = top ? count_of(top, "n-subifds") : 0;
        for (int picture = -1; picture < subifds; picture++) {
            VipsImage *found = picture < 0 ? top : page_of(bytes, size, page, picture);
            if (!found) continue;
            int fits = found->Bands == 3 && found->BandFmt == VIPS_FORMAT_UCHAR;
            if (fits && (!best || (gint64) found->Xsize * found->Ysize > (gint64) best->Xsize * best->Ysize)) {
                if (best) g_object_unref(best);
                best = g_object_ref(found);
            }
            g_object_unref(found);
        }
    }
    if (first) g_object_unref(first);
    vips_error_clear();
    if (!best) {
        vips_error("curare", "the raw file has no preview");
        return NULL;
    }
    // Only the first directory has the orientation. Metadata may only be set on a private copy.
    VipsImage *copy = NULL;
    int failed = vips_copy(best, &copy, NULL);
    g_object_unref(best);
    if (failed) return NULL;
    vips_image_set_int(copy, VIPS_META_ORIENTATION, orientation);
    return copy;
}

VipsImage *curare_described(VipsImage *image, CurareReadOptions options) {
    int needs_profile = options.profile && !vips_image_get_typeof(image, VIPS_META_ICC_NAME);
    if (!needs_profile && !options.orientation) return image;
    VipsImage *copy = NULL;
    int failed = vips_copy(image, &copy, NULL);
    g_object_unref(image);
    if (failed) return NULL;
    if (needs_profile) vips_image_set_blob_copy(copy, VIPS_META_ICC_NAME, options.profile, options.profile_size);
    if (options.orientation) vips_image_set_int(copy, VIPS_META_ORIENTATION, options.orientation);
    return copy;
}

VipsImage *curare_opened(const void *bytes, size_t size, CurareReadOptions options, const char **loader) {
    VipsSource *source = vips_source_new_from_memory(bytes, size);
    if (!source) return NULL;
    VipsImage *image = NULL;
    *loader = loader_of(source);
    if (*loader && options.is_dng) image = preview_of(bytes, size);
    else if (*loader && strncmp(*loader, "VipsForeignLoadHeif", 19) == 0)
        // The caller limits the number of pixels. Without this option libvips refuses sides above 16,384 pixels.
        image = vips_image_new_from_source(source, "", "fail_on", VIPS_FAIL_ON_ERROR, "access", VIPS_ACCESS_SEQUENTIAL,
                                           "unlimited", TRUE, NULL);
    else if (*loader)
        image = vips_image_new_from_source(source, "", "fail_on", VIPS_FAIL_ON_ERROR, "access", VIPS_ACCESS_SEQUENTIAL,
                                           NULL);
    g_object_unref(source);
    return image;
}
