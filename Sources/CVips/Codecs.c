#define _GNU_SOURCE
#include "CVips.h"
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// The codecs are libvips' own business: whichever it has loaded are asked, by names that none of them has ever changed, and without their headers, which would say what this
// program was built beside and not what it runs with.

typedef struct {
    const void *address;
    const char *found;
    size_t length;
} Search;

static const char STAMP[] = "libjpeg-turbo version ";

/// Looks for libjpeg-turbo's stamp in the constants of the library that holds `address`: no call tells it.
static int look(struct dl_phdr_info *info, size_t size, void *data) {
    (void) size;
    Search *search = data;
    uintptr_t address = (uintptr_t) search->address;
    int holds = 0;
    for (int part = 0; part < info->dlpi_phnum; part++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[part];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && address >= start && address < start + header->p_memsz) holds = 1;
    }
    if (!holds) return 0;
    for (int part = 0; part < info->dlpi_phnum; part++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[part];
        if (header->p_type != PT_LOAD || !(header->p_flags & PF_R) || (header->p_flags & PF_W)) continue;
        const char *start = (const char *) (info->dlpi_addr + header->p_vaddr);
        const char *stamp = memmem(start, header->p_filesz, STAMP, sizeof STAMP - 1);
        if (!stamp) continue;
        search->found = stamp + sizeof STAMP - 1;
        search->length = (size_t) (start + header->p_filesz - search->found);
        return 1;
    }
    return 1;
}

static int jpeg(char *version, size_t size) {
    Search search = {dlsym(RTLD_DEFAULT, "jpeg_std_error"), NULL, 0};
    if (!search.address) return 0;
    dl_iterate_phdr(look, &search);
    if (!search.found) return 0;
    const char *end = memchr(search.found, ' ', search.length < 32 ? search.length : 32);
    if (!end) return 0;
    return snprintf(version, size, "turbo %.*s", (int) (end - search.found), search.found) > 0;
}

/// A function of no arguments, or of one that may be NULL, that gives a text.
static int text(const char *symbol, char *version, size_t size) {
    const char *(*ask)(const void *) = (const char *(*)(const void *)) dlsym(RTLD_DEFAULT, symbol);
    const char *said = ask ? ask(NULL) : NULL;
    return said && snprintf(version, size, "%s", said) > 0;
}

/// A function that gives a number whose bytes are the version's parts.
static int bytes(const char *symbol, char *version, size_t size) {
    int (*ask)(void) = (int (*)(void)) dlsym(RTLD_DEFAULT, symbol);
    if (!ask) return 0;
    int said = ask();
    return snprintf(version, size, "%d.%d.%d", said >> 16 & 255, said >> 8 & 255, said & 255) > 0;
}

/// `LIBTIFF, Version 4.5.0`, and a second line.
static int tiff(char *version, size_t size) {
    char said[256];
    if (!text("TIFFGetVersion", said, sizeof said)) return 0;
    const char *number = strstr(said, "Version ");
    if (!number) return 0;
    number += strlen("Version ");
    return snprintf(version, size, "%.*s", (int) strcspn(number, " \n"), number) > 0;
}

/// 2140 is 2.14.
static int lcms(char *version, size_t size) {
    int (*ask)(void) = (int (*)(void)) dlsym(RTLD_DEFAULT, "cmsGetEncodedCMMversion");
    if (!ask) return 0;
    int said = ask();
    if (said % 10 == 0) return snprintf(version, size, "%d.%d", said / 1000, said / 10 % 100) > 0;
    return snprintf(version, size, "%d.%d.%d", said / 1000, said / 10 % 100, said % 10) > 0;
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
