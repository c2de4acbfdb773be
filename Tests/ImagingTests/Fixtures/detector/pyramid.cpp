// Writes dlib's own image pyramids of a synthetic picture as JSON: the values of pyramid.json.
//
//     g++ -O2 -std=c++17 pyramid.cpp -o pyramid -ldlib && ./pyramid >pyramid.json
//
// For each size: the size of the tensor, the levels, the sum of the tensor and the sum of value × (index mod 97), and
// the boxes of every 37th output of the network as [column, row, left, top, right, bottom].
#include <cstdio>

#include <dlib/dnn.h>

int main() {
    const long sizes[][2] = {{320, 300}, {320, 240}, {213, 320}, {320, 80}, {80, 320}, {64, 61}, {31, 320}};
    std::printf("[\n");
    for (const auto &size : sizes) {
        const long width = size[0], height = size[1];
        dlib::matrix<dlib::rgb_pixel> picture(height, width);
        for (long y = 0; y < height; y++)
            for (long x = 0; x < width; x++)
                picture(y, x) = dlib::rgb_pixel((x * 7 + y * 3) % 256, (x * y) % 251, (x * 5 + y * y) % 241);
        dlib::input_rgb_image_pyramid<dlib::pyramid_down<6>> input;
        dlib::resizable_tensor tensor;
        input.to_tensor(&picture, &picture + 1, tensor);
        double sum = 0, weighted = 0;
        const float *values = tensor.host();
        for (std::size_t index = 0; index < tensor.size(); index++) {
            sum += values[index];
            weighted += double(values[index]) * (index % 97);
        }
        std::printf("%s{\"width\": %ld, \"height\": %ld, \"planeWidth\": %ld, \"planeHeight\": %ld, \"sum\": %.9g, "
                    "\"weighted\": %.9g,\n \"levels\": [",
                    &size == sizes ? " " : ",", width, height, long(tensor.nc()), long(tensor.nr()), sum, weighted);
        bool isFirst = true;
        for (const auto &level : dlib::any_cast<std::vector<dlib::rectangle>>(tensor.annotation())) {
            std::printf("%s[%ld, %ld, %lu, %lu]", isFirst ? "" : ", ", level.left(), level.top(), level.width(),
                        level.height());
            isFirst = false;
        }
        std::printf("],\n \"boxes\": [");
        const auto reduced = [](long side) {
            for (int layer = 0; layer < 3; layer++) side = (side - 5) / 2 + 1;
            return side;
        };
        const long columns = reduced(tensor.nc()), rows = reduced(tensor.nr());
        for (long index = 0; index < columns * rows; index += 37) {
            const long column = index % columns, row = index / columns;
            const dlib::dpoint middle(8 * column + 14, 8 * row + 14);
            const dlib::rectangle box =
                input.tensor_space_to_image_space(tensor, dlib::centered_drect(middle, 80, 80));
            std::printf("%s[%ld, %ld, %ld, %ld, %ld, %ld]", index ? ", " : "", column, row, box.left(), box.top(),
                        box.right(), box.bottom());
        }
        std::printf("]}\n");
    }
    std::printf("]\n");
}
