#pragma once
#include "CVips.h"
#include <vips/vips.h>

/// Opens what the bytes are by content, among the loaders that photos may use; no pixel is decoded yet. NULL leaves libvips' message.
/// The image keeps the source, the source borrows the bytes. A JPEG is opened with its sides `*reduction` times smaller, and *reduction set to 1.
VipsImage *curare_opened(const void *bytes, size_t size, CurareReading how, int *reduction, const char **loader);
