#pragma once
#include <stdint.h>

// Plain functions over dlib's frontal face detector, its 68 landmarks and the image pyramid of its face network. Pixels
// are 8-bit grey or RGB, row by row without gaps. Each function returns 0, or -1 with a message in `error`, and throws no exception. All functions may be called
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

/// Finds the square box in which the landmark model's mean shape is closest to `points`, in whole pixels. The box has
/// the confidence 0.
int curare_faces_fit(const int points[2 * CURARE_FACES_LANDMARKS], CurareFaceBox *box, char *error);

#define CURARE_FACES_LEVELS 100

/// The tensor of an image pyramid: dlib's `input_rgb_image_pyramid<pyramid_down<6>>` with its default padding.
typedef struct {
    int width, height; // of one plane of the tensor
    int count;         // of levels
    // Where each level is in the planes, from the picture itself to the smallest copy. The confidence is 0.
    CurareFaceBox levels[CURARE_FACES_LEVELS];
} CurareFacePyramid;

/// Computes the size of the tensor for a picture of `width` × `height` pixels, and where its levels are.
int curare_faces_pyramid_layout(int width, int height, CurareFacePyramid *pyramid, char *error);

/// Writes the tensor of an RGB picture: the planes for red, green and blue, each pyramid.height × pyramid.width numbers.
/// A number is (value - mean of the colour) / 256, and 0 between the levels.
int curare_faces_pyramid(const uint8_t *rgb, int width, int height, const CurareFacePyramid *pyramid, float *planes,
                         char *error);

#ifdef __cplusplus
}
#endif
