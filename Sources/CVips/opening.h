#pragma once
#include "CVips.h"
#include <vips/vips.h>

/// Opens a photo with the loader that fits the content, if photos may use this loader. No pixel is decoded. Returns
/// NULL after a failure; libvips keeps the message. The image keeps the source; the source refers to the bytes without
/// a copy. A JPEG is opened with sides that are `*reduction` times smaller, and *reduction is set to 1.
VipsImage *curare_opened(const void *bytes, size_t size, CurareReadOptions options, int *reduction,
                         const char **loader);
