// Writes what dlib's own MMOD face detector finds, as JSON: the values of detector.json and of docs/faces.md.
//
//     g++ -O2 -std=c++17 mmod.cpp -o mmod -ldlib
//     ./mmod mmod_human_face_detector.dat THRESHOLD FILE.ppm…      (binary PPM, searched at their own size)
//
// For each file: its SHA-256 is not checked; boxes as [left, top, right, bottom, score] in the order of dlib.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <dlib/dnn.h>

template <long N, typename Subnet>
using Halving = dlib::con<N, 5, 5, 2, 2, Subnet>;
template <long N, typename Subnet>
using Plain = dlib::con<N, 5, 5, 1, 1, Subnet>;
template <typename Subnet>
using Downsampler = dlib::relu<dlib::affine<
    Halving<32, dlib::relu<dlib::affine<Halving<32, dlib::relu<dlib::affine<Halving<16, Subnet>>>>>>>>>;
template <typename Subnet>
using Features = dlib::relu<dlib::affine<Plain<45, Subnet>>>;
using Network = dlib::loss_mmod<dlib::con<
    1, 9, 9, 1, 1,
    Features<Features<Features<Downsampler<dlib::input_rgb_image_pyramid<dlib::pyramid_down<6>>>>>>>>;

dlib::matrix<dlib::rgb_pixel> read_ppm(const char *file) {
    std::ifstream in(file, std::ios::binary);
    std::string magic;
    long width = 0, height = 0, most = 0;
    in >> magic >> width >> height >> most;
    in.get();
    dlib::matrix<dlib::rgb_pixel> picture(height, width);
    for (auto &pixel : picture) {
        char bytes[3];
        in.read(bytes, 3);
        pixel = dlib::rgb_pixel(bytes[0], bytes[1], bytes[2]);
    }
    if (!in || magic != "P6" || most != 255) {
        std::cerr << file << " is not a binary PPM of 8 bits\n";
        std::exit(1);
    }
    return picture;
}

int main(int count, char **arguments) {
    Network network;
    dlib::deserialize(arguments[1]) >> network;
    const auto &options = network.loss_details().get_options();
    std::cerr.precision(17);
    std::cerr << "window " << options.detector_windows[0].width << " × " << options.detector_windows[0].height
              << ", suppression " << options.overlaps_nms.get_iou_thresh() << " "
              << options.overlaps_nms.get_percent_covered_thresh() << "\n";
    const double threshold = std::atof(arguments[2]);
    std::printf("{\n");
    for (int index = 3; index < count; index++) {
        const auto picture = read_ppm(arguments[index]);
        const auto began = std::chrono::steady_clock::now();
        const auto found = network.process(picture, threshold);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        const char *name = std::strrchr(arguments[index], '/');
        std::printf("  \"%s\": [", name ? name + 1 : arguments[index]);
        for (std::size_t box = 0; box < found.size(); box++) {
            const auto &rect = found[box].rect;
            std::printf("%s[%ld, %ld, %ld, %ld, %.7g]", box ? ", " : "", rect.left(), rect.top(), rect.right(),
                        rect.bottom(), found[box].detection_confidence);
        }
        std::printf("]%s\n", index + 1 < count ? "," : "");
        if (std::getenv("TIMES")) std::cerr << arguments[index] << " " << seconds << "\n";
    }
    std::printf("}\n");
}
