#pragma once
#include "CVips.h"
#include <vips/vips.h>

/// Opens a photo with the loader that fits the content, if photos other than JPEGs may use this loader. No pixel is
/// decoded. Returns NULL after a failure; libvips keeps the message. The image keeps the source; the source refers to
/// the bytes without a copy.
VipsImage *curare_opened(const void *bytes, size_t size, CurareReadOptions options, const char **loader);

/// Attaches the profile that the file describes by numbers, if the image has no profile, and the orientation of
/// `options`. Takes `image` over; returns NULL after a failure.
VipsImage *curare_described(VipsImage *image, CurareReadOptions options);
