#include "CColour.h"
#include <lcms2.h>
#include <string.h>

static cmsToneCurve *tone_curve(double gamma) {
    // IEC 61966-2-1, as parametric curve type 4 of lcms2 (function type 3 of ICC.1:2010, section 10.15).
    const double srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return gamma == 0 ? cmsBuildParametricToneCurve(NULL, 4, srgb) : cmsBuildGamma(NULL, gamma);
}

/// Serializes a profile and closes it.
static size_t save(cmsHPROFILE profile, uint8_t *into) {
    // lcms2 writes the current time into bytes 24 to 35 of the header. A fixed date makes equal input give equal bytes.
    static const uint8_t date[12] = {0x07, 0xd0, 0, 1, 0, 1};
    if (!profile) return 0;
    cmsUInt32Number size = 0;
    int saved = cmsSaveProfileToMem(profile, NULL, &size) && size <= CURARE_PROFILE_CAPACITY &&
                cmsSaveProfileToMem(profile, into, &size);
    cmsCloseProfile(profile);
    if (!saved) return 0;
    memcpy(into + 24, date, sizeof date);
    return size;
}

size_t curare_colour_rgb_profile(const double chromaticities[8], double gamma, uint8_t *profile) {
    const double *c = chromaticities;
    cmsCIExyY white = {c[0], c[1], 1};
    cmsCIExyYTRIPLE primaries = {{c[2], c[3], 1}, {c[4], c[5], 1}, {c[6], c[7], 1}};
    cmsToneCurve *curve = tone_curve(gamma);
    if (!curve) return 0;
    cmsToneCurve *curves[3] = {curve, curve, curve};
    size_t size = save(cmsCreateRGBProfile(&white, &primaries, curves), profile);
    cmsFreeToneCurve(curve);
    return size;
}

size_t curare_colour_grey_profile(double gamma, uint8_t *profile) {
    cmsToneCurve *curve = tone_curve(gamma);
    if (!curve) return 0;
    size_t size = save(cmsCreateGrayProfile(cmsD50_xyY(), curve), profile);
    cmsFreeToneCurve(curve);
    return size;
}
