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

/// Reads the landmarks' model. Called again it does nothing.
int curare_faces_start(const char *landmarks, char *error);

/// Finds faces of at least 80 pixels a side whose score is above `threshold` thousandths: the first `capacity` by falling score.
int curare_faces_find(const uint8_t *grey, int width, int height, int threshold, CurareFaceBox *boxes, int capacity, int *count, char *error);

/// Puts the landmarks into the face in `box`, and gives the centres of both eyes, the one at the picture's left first: x, y, x, y in 1/256 pixel.
int curare_faces_eyes(const uint8_t *grey, int width, int height, CurareFaceBox box, int eyes[4], char *error);

#ifdef __cplusplus
}
#endif
