#pragma once

/// Makes libheif decode HEIC with a decoder that rejects damaged pictures. Call once, after libvips has started and before
/// any picture is read. Returns NULL, or the name of the function of libheif or libde265 that is missing or failed.
const char *curare_heic_register(void);
