#include "CExif.h"
#include <libexif/exif-data.h>
int curare_exif_version(void) { return 0; }
