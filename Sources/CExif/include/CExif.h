#pragma once
#include <stddef.h>

/// Copies the texts of three tags from an EXIF block. The text of a missing tag is empty.
void curare_exif_read(const unsigned char *block, size_t size, char captured[32], char make[64], char model[64]);
