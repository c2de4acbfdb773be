#define _GNU_SOURCE
#include "CVips.h"
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// libvips loads the codecs. Their version functions are called by name, because these names are stable, and the headers
// of the codecs would give the versions at build time.

typedef struct {
    const void *address;
    const char *found;
    size_t length;
} Search;

static const char VERSION_TEXT[] = "libjpeg-turbo version ";

/// Searches the constants of the library that contains `address` for the version text of libjpeg-turbo, which has no
/// version function.
static int search_library(struct dl_phdr_info *info, size_t size, void *data) {
    (void) size;
    Search *search = data;
    uintptr_t address = (uintptr_t) search->address;
    int contains_address = 0;
    for (int part = 0; part < info->dlpi_phnum; part++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[part];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && address >= start && address < start + header->p_memsz) contains_address = 1;
    }
    if (!contains_address) return 0;
    for (int part = 0; part < info->dlpi_phnum; part++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[part];
        if (header->p_type != PT_LOAD || !(header->p_flags & PF_R) || (header->p_flags & PF_W)) continue;
        const char *start = (const char *) (info->dlpi_addr + header->p_vaddr);
        const char *text = memmem(start, header->p_filesz, VERSION_TEXT, sizeof VERSION_TEXT - 1);
        if (!text) continue;
        search->found = text + sizeof VERSION_TEXT - 1;
        search->length = (size_t) (start + header->p_filesz - search->found);
        return 1;
    }
    return 1;
}

static int jpeg(char *version, size_t size) {
    Search search = {dlsym(RTLD_DEFAULT, "jpeg_std_error"), NULL, 0};
    if (!search.address) return 0;
    dl_iterate_phdr(search_library, &search);
    if (!search.found) return 0;
    const char *end = memchr(search.found, ' ', search.length < 32 ? search.length : 32);
    if (!end) return 0;
    return snprintf(version, size, "turbo %.*s", (int) (end - search.found), search.found) > 0;
}

/// Calls a function that returns a text. The function has no argument, or one that may be NULL.
static int text(const char *symbol, char *version, size_t size) {
    const char *(*version_of)(const void *) = (const char *(*)(const void *) ) dlsym(RTLD_DEFAULT, symbol);
    const char *text = version_of ? version_of(NULL) : NULL;
    return text && snprintf(version, size, "%s", text) > 0;
}

/// Calls a function that returns a number whose bytes are the parts of the version.
static int bytes(const char *symbol, char *version, size_t size) {
    int (*version_of)(void) = (int (*)(void)) dlsym(RTLD_DEFAULT, symbol);
    if (!version_of) return 0;
    int number = version_of();
    return snprintf(version, size, "%d.%d.%d", (number >> 16) & 255, (number >> 8) & 255, number & 255) > 0;
}

/// Reads the version from `LIBTIFF, Version 4.5.0` and further lines.
static int tiff(char *version, size_t size) {
    char text_of_library[256];
    if (!text("TIFFGetVersion", text_of_library, sizeof text_of_library)) return 0;
    const char *number = strstr(text_of_library, "Version ");
    if (!number) return 0;
    number += strlen("Version ");
    return snprintf(version, size, "%.*s", (int) strcspn(number, " \n"), number) > 0;
}

/// Reads the version from a number: 2140 is 2.14.
static int lcms(char *version, size_t size) {
    int (*version_of)(void) = (int (*)(void)) dlsym(RTLD_DEFAULT, "cmsGetEncodedCMMversion");
    if (!version_of) return 0;
    int number = version_of();
    if (number % 10 == 0) return snprintf(version, size, "%d.%d", number / 1000, number / 10 % 100) > 0;
    return snprintf(version, size, "%d.%d.%d", number / 1000, number / 10 % 100, number % 10) > 0;
}

int curare_vips_codec_version(const char *codec, char *version, size_t size) {
    version[0] = 0;
    if (!strcmp(codec, "libjpeg")) return jpeg(version, size);
    if (!strcmp(codec, "libpng")) return text("png_get_libpng_ver", version, size);
    if (!strcmp(codec, "libtiff")) return tiff(version, size);
    if (!strcmp(codec, "libwebp")) return bytes("WebPGetDecoderVersion", version, size);
    if (!strcmp(codec, "libheif")) return text("heif_get_version", version, size);
    if (!strcmp(codec, "libde265")) return text("de265_get_version", version, size);
    if (!strcmp(codec, "dav1d")) return text("dav1d_version", version, size);
    if (!strcmp(codec, "libaom")) return text("aom_codec_version_str", version, size);
    if (!strcmp(codec, "lcms2")) return lcms(version, size);
    return 0;
}
