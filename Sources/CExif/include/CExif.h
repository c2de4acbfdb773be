#pragma once
#include <stddef.h>

/// Copies the text of three tags out of an EXIF block; a tag that is not there leaves an empty text.
void curare_exif_read(const unsigned char *block, size_t size, char captured[32], char make[64], char model[64]);
