#pragma once
#include "CVips.h"
#include <vips/vips.h>

int curare_is_jpeg(const void *bytes, size_t size);

/// Reads the size and the number of channels. Returns CURARE_OK or another status, with a message in `error`.
int curare_jpeg_header(const void *bytes, size_t size, CurareHeader *header, char *error);

/// Opens a JPEG with sides that are `reduction` times smaller, rounded down, but at least 1. Returns NULL with a status
/// other than CURARE_OK and a message in `error`. The image refers to the bytes without a copy. Its rows can be read
/// once, in order.
VipsImage *curare_jpeg_opened(const void *bytes, size_t size, CurareReadOptions options, int reduction, int *status,
                              char *error);

/// The status of an opened JPEG after its pixels were computed or failed to be computed, with a message in `error`
/// unless it is CURARE_OK. The status of any other image is CURARE_OK.
int curare_jpeg_status(VipsImage *image, char *error);
