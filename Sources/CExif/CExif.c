#include "CExif.h"
#include <libexif/exif-data.h>

static void text(ExifData *data, ExifIfd ifd, ExifTag tag, char *out, unsigned size) {
    ExifEntry *entry = exif_content_get_entry(data->ifd[ifd], tag);
    if (entry && entry->format == EXIF_FORMAT_ASCII) exif_entry_get_value(entry, out, size);
}

void curare_exif_read(const unsigned char *block, size_t size, char captured[32], char make[64], char model[64]) {
    captured[0] = make[0] = model[0] = 0;
    if (size > 64u * 1024 * 1024) return;
    ExifData *data = exif_data_new();
    if (!data) return;
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_load_data(data, block, (unsigned) size);
    text(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, captured, 32);
    if (!captured[0]) text(data, EXIF_IFD_0, EXIF_TAG_DATE_TIME, captured, 32);
    text(data, EXIF_IFD_0, EXIF_TAG_MAKE, make, 64);
    text(data, EXIF_IFD_0, EXIF_TAG_MODEL, model, 64);
    exif_data_unref(data);
}
