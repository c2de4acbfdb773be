#include "CVips.h"
#include <vips/vips.h>
int curare_vips_version(void) { return vips_version(0); }
