#pragma once
#include <stddef.h>
#include <stdint.h>

// Plain functions over lcms2 that build ICC profiles. They may be called from several threads at once.

/// Bytes that are enough for every profile built here.
#define CURARE_PROFILE_CAPACITY 8192

/// Builds the profile of an RGB display. `chromaticities` holds x and y in the CIE 1931 diagram of white, red, green
/// and blue. `gamma` is the exponent of the tone curves; 0 selects the sRGB curve. Writes at most
/// CURARE_PROFILE_CAPACITY bytes to `profile`. Returns their number, or 0 if lcms2 rejects the values.
size_t curare_colour_rgb_profile(const double chromaticities[8], double gamma, uint8_t *profile);

/// Builds the profile of a grey scale with a D50 white point. `gamma` and the result are as above.
size_t curare_colour_grey_profile(double gamma, uint8_t *profile);
