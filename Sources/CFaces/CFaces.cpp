#include "CFaces.h"
// BLAS and LAPACK are disabled, because no large systems are solved. Then no thread pool is started, and no result
// depends on the installed BLAS.
#include <dlib/algs.h>
#include <dlib/test_for_odr_violations.h>
#undef DLIB_USE_BLAS
#undef DLIB_USE_LAPACK
#include <cstring>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/revision.h>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

namespace {
    std::mutex start_mutex;
    dlib::shape_predictor *landmarks = nullptr;

    std::mutex pool_mutex;
    std::vector<std::unique_ptr<dlib::frontal_face_detector>> idle;

    /// The detector of which the others are copies. It is never destroyed, because the program may end while another
    /// thread reads it.
    const dlib::frontal_face_detector &prototype() {
        static const auto &detector = *new dlib::frontal_face_detector(dlib::get_frontal_face_detector());
        return detector;
    }

    std::unique_ptr<dlib::shape_predictor> read_landmarks(const char *file) {
        auto model = std::make_unique<dlib::shape_predictor>();
        dlib::deserialize(file) >> *model;
        if (model->num_parts() != CURARE_FACES_LANDMARKS) throw dlib::error("the model does not have 68 landmarks");
        return model;
    }

    /// A detector from a pool, for one caller at a time. A search changes the detector's state.
    class PooledDetector {
    public:
        std::unique_ptr<dlib::frontal_face_detector> detector;

        PooledDetector() {
            const dlib::frontal_face_detector &first = prototype();
            std::lock_guard<std::mutex> lock(pool_mutex);
            if (idle.empty()) {
                detector = std::make_unique<dlib::frontal_face_detector>(first);
            } else {
                detector = std::move(idle.back());
                idle.pop_back();
            }
        }

        ~PooledDetector() {
            std::lock_guard<std::mutex> lock(pool_mutex);
            idle.push_back(std::move(detector));
        }
    };

    /// Calls `body`, and converts an exception to a message.
    template <typename Body>
    int guarded(char *error, Body body) noexcept {
        error[0] = 0;
        try {
            body();
            return 0;
        } catch (const std::exception &failure) {
            std::strncpy(error, failure.what(), CURARE_FACES_ERROR_SIZE - 1);
        } catch (...) {
            std::strncpy(error, "unknown failure", CURARE_FACES_ERROR_SIZE - 1);
        }
        error[CURARE_FACES_ERROR_SIZE - 1] = 0;
        return -1;
    }

    /// An image type of dlib for pixels that belong to the caller, without a copy.
    struct Grey {
        uint8_t *pixels;
        long width, height;
    };

    long num_rows(const Grey &grey) { return grey.height; }
    long num_columns(const Grey &grey) { return grey.width; }
    long width_step(const Grey &grey) { return grey.width; }
    const void *image_data(const Grey &grey) { return grey.pixels; }
} // namespace

namespace dlib {
    template <>
    struct image_traits<Grey> {
        typedef unsigned char pixel_type;
    };
    template <>
    struct image_traits<const Grey> {
        typedef unsigned char pixel_type;
    };
} // namespace dlib

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

const char *curare_faces_version(void) {
    return TEXT(DLIB_MAJOR_VERSION) "." TEXT(DLIB_MINOR_VERSION) "." TEXT(DLIB_PATCH_VERSION);
}

int curare_faces_start(const char *file, char *error) {
    return guarded(error, [&] {
        std::lock_guard<std::mutex> lock(start_mutex);
        if (landmarks) return;
        // Reading the landmarks takes half a second, unpacking the detector a quarter. Both run at the same time.
        auto model = std::async(std::launch::async, read_landmarks, file);
        prototype();
        landmarks = model.get().release();
    });
}

int curare_faces_find(const uint8_t *grey, int width, int height, int threshold, CurareFaceBox *boxes, int capacity,
                      int *count, char *error) {
    return guarded(error, [&] {
        PooledDetector pooled;
        const Grey picture = {const_cast<uint8_t *>(grey), width, height};
        std::vector<dlib::rect_detection> found;
        (*pooled.detector)(picture, found, threshold / 1000.0);
        *count = 0;
        for (const auto &face : found) {
            if (*count == capacity) break;
            const dlib::rectangle &box = face.rect;
            boxes[(*count)++] = {int(box.left()), int(box.top()), int(box.width()), int(box.height()),
                                 int(std::lround(1000 * face.detection_confidence))};
        }
    });
}

int curare_faces_landmarks(const uint8_t *grey, int width, int height, CurareFaceBox box,
                           int points[2 * CURARE_FACES_LANDMARKS], char *error) {
    return guarded(error, [&] {
        if (!landmarks) throw dlib::error("the landmark model is not loaded");
        const Grey picture = {const_cast<uint8_t *>(grey), width, height};
        const dlib::rectangle face(box.left, box.top, box.left + box.width - 1, box.top + box.height - 1);
        const auto shape = (*landmarks)(picture, face);
        for (int point = 0; point < CURARE_FACES_LANDMARKS; point++) {
            points[2 * point] = int(shape.part(point).x());
            points[2 * point + 1] = int(shape.part(point).y());
        }
    });
}
