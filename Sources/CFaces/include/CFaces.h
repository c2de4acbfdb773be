#pragma once
#include <stdint.h>

// Plain functions over dlib's frontal face detector and its 68 landmarks, for 8-bit grey pixels, row by row without
// gaps. Each function returns 0, or -1 with a message in `error`, and throws no exception. All functions may be called
// from several threads at once.

#define CURARE_FACES_ERROR_SIZE 256

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int left, top, width, height; // pixels; may reach outside the picture
    int confidence;               // the detector's score in thousandths: 0 is the detector's threshold
} CurareFaceBox;

/// dlib's version, as MAJOR.MINOR.PATCH.
const char *curare_faces_version(void);

/// Reads the landmark model and unpacks the detector. A second call does nothing.
int curare_faces_start(const char *landmarks, char *error);

/// Finds faces with a side of at least 80 pixels and a score above `threshold` thousandths: the first `capacity` by
/// decreasing score.
int curare_faces_find(const uint8_t *grey, int width, int height, int threshold, CurareFaceBox *boxes, int capacity,
                      int *count, char *error);

#define CURARE_FACES_LANDMARKS 68

/// Finds the landmarks of the face in `box`: x, y, x, y and so on in whole pixels, which may be outside of the picture.
int curare_faces_landmarks(const uint8_t *grey, int width, int height, CurareFaceBox box,
                           int points[2 * CURARE_FACES_LANDMARKS], char *error);

#ifdef __cplusplus
}
#endif
