#pragma once
int curare_exif_version(void);
