#pragma once
#include <stdint.h>

// Plain functions over dlib's frontal face detector and its 68 landmarks, for 8-bit grey pixels, row by row without gaps.
// Each returns 0, or -1 with a message in `error`; no exception leaves them. All but the first may be called from any thread at once.

#define CURARE_FACES_ERROR_SIZE 256

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int left, top, width, height;   // pixels; may reach outside the picture
    int confidence;                 // thousandths of the detector's score: 0 is its own threshold
} CurareFaceBox;

/// dlib's version, as MAJOR.MINOR.PATCH.
const char *curare_faces_version(void);

/// Reads the landmarks and unpacks the detector, at the same time. Called again it does nothing.
int curare_faces_start(const char *landmarks, char *error);

/// Finds faces of at least 80 pixels a side whose score is above `threshold` thousandths: the first `capacity` by falling score.
int curare_faces_find(const uint8_t *grey, int width, int height, int threshold, CurareFaceBox *boxes, int capacity, int *count, char *error);

#define CURARE_FACES_LANDMARKS 68

/// Puts the landmarks into the face in `box`: x, y, x, y and so on in whole pixels, which may be outside the picture.
int curare_faces_landmarks(const uint8_t *grey, int width, int height, CurareFaceBox box, int points[2 * CURARE_FACES_LANDMARKS], char *error);

#ifdef __cplusplus
}
#endif
