#pragma once
int curare_vips_version(void);
