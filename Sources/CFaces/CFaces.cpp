#include "CFaces.h"
// BLAS and LAPACK are disabled, because no large systems are solved. Then no thread pool is started, and no result
// depends on the installed BLAS.
#include <dlib/algs.h>
#include <dlib/test_for_odr_violations.h>
#undef DLIB_USE_BLAS
#undef DLIB_USE_LAPACK
#include <cmath>
#include <cstring>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>
#include <dlib/revision.h>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

namespace {
    std::mutex start_mutex;
    dlib::shape_predictor *landmarks = nullptr;
    /// The mean shape of the landmark model, x, y, x, y and so on, where the box is the unit square.
    dlib::matrix<float, 0, 1> *mean_shape = nullptr;

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

    /// Reads the mean shape, which is the first value of the file after the version. dlib has no accessor for it.
    std::unique_ptr<dlib::matrix<float, 0, 1>> read_mean_shape(const char *file) {
        std::ifstream in(file, std::ios::binary);
        int version = 0;
        auto shape = std::make_unique<dlib::matrix<float, 0, 1>>();
        dlib::deserialize(version, in);
        if (version != 1) throw dlib::error("the landmark model has an unknown version");
        dlib::deserialize(*shape, in);
        if (shape->size() != 2 * CURARE_FACES_LANDMARKS) throw dlib::error("the model does not have 68 landmarks");
        return shape;
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

    /// A level of one plane of a pyramid's tensor.
    struct Plane {
        float *values;
        long width, height, stride;
    };

    long num_rows(const Plane &plane) { return plane.height; }
    long num_columns(const Plane &plane) { return plane.width; }
    long width_step(const Plane &plane) { return plane.stride * long(sizeof(float)); }
    void *image_data(Plane &plane) { return plane.values; }
    const void *image_data(const Plane &plane) { return plane.values; }

    /// The mean colour of dlib's face network.
    const float mean_colour[3] = {122.782f, 117.001f, 104.298f};
    /// dlib's defaults, which the network was trained with.
    const unsigned long pyramid_padding = 10, pyramid_outer_padding = 11;
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
    template <>
    struct image_traits<Plane> {
        typedef float pixel_type;
    };
    template <>
    struct image_traits<const Plane> {
        typedef float pixel_type;
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
        auto shape = read_mean_shape(file);
        landmarks = model.get().release();
        mean_shape = shape.release();
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

int curare_faces_fit(const int points[2 * CURARE_FACES_LANDMARKS], CurareFaceBox *box, char *error) {
    return guarded(error, [&] {
        if (!mean_shape) throw dlib::error("the landmark model is not loaded");
        const dlib::matrix<float, 0, 1> &mean = *mean_shape;
        const int count = CURARE_FACES_LANDMARKS;
        // Means of both shapes for x and y, then the least-squares scale between them.
        double mean_centre[2] = {0, 0}, centre[2] = {0, 0};
        for (int index = 0; index < 2 * count; index++) {
            mean_centre[index % 2] += mean(index) / count;
            centre[index % 2] += double(points[index]) / count;
        }
        double products = 0, squares = 0;
        for (int index = 0; index < 2 * count; index++) {
            const double offset = mean(index) - mean_centre[index % 2];
            products += offset * (points[index] - centre[index % 2]);
            squares += offset * offset;
        }
        const double side = products / squares;
        *box = {int(std::floor(centre[0] - side * mean_centre[0] + 0.5)),
                int(std::floor(centre[1] - side * mean_centre[1] + 0.5)), int(std::floor(side + 0.5)),
                int(std::floor(side + 0.5)), 0};
    });
}

int curare_faces_pyramid_layout(int width, int height, CurareFacePyramid *pyramid, char *error) {
    return guarded(error, [&] {
        std::vector<dlib::rectangle> levels;
        long plane_height = 0, plane_width = 0;
        dlib::impl::compute_tiled_image_pyramid_details(dlib::pyramid_down<6>(), height, width, pyramid_padding,
                                                        pyramid_outer_padding, levels, plane_height, plane_width);
        if (levels.empty() || levels.size() > CURARE_FACES_LEVELS) throw dlib::error("the picture has no pyramid");
        pyramid->width = int(plane_width);
        pyramid->height = int(plane_height);
        pyramid->count = int(levels.size());
        for (std::size_t level = 0; level < levels.size(); level++) {
            const dlib::rectangle &box = levels[level];
            pyramid->levels[level] = {int(box.left()), int(box.top()), int(box.width()), int(box.height()), 0};
        }
    });
}

int curare_faces_pyramid(const uint8_t *rgb, int width, int height, const CurareFacePyramid *pyramid, float *planes,
                         char *error) {
    return guarded(error, [&] {
        const long stride = pyramid->width, size = stride * pyramid->height;
        std::fill(planes, planes + 3 * size, 0.0f);
        for (int colour = 0; colour < 3; colour++) {
            const auto part = [&](int level) {
                const CurareFaceBox &box = pyramid->levels[level];
                return Plane{planes + colour * size + box.top * stride + box.left, box.width, box.height, stride};
            };
            Plane larger = part(0);
            for (long y = 0; y < height; y++)
                for (long x = 0; x < width; x++)
                    larger.values[y * stride + x] = (rgb[3 * (y * width + x) + colour] - mean_colour[colour]) / 256;
            for (int level = 1; level < pyramid->count; level++) {
                Plane smaller = part(level);
                dlib::resize_image(larger, smaller);
                larger = smaller;
            }
        }
    });
}
