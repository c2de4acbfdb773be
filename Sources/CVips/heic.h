#pragma once

/// Makes libheif decode HEIC with a decoder that rejects damaged pictures. Call once, before any picture is read.
/// Returns 0, or the code of libheif's error.
int curare_heic_register(void);
