// Writes dlib-embedding.json: dlib's 128 numbers for two images of 150 px. TestModels.swift computes the same pixels.
//
//     g++ -O1 -std=c++17 -DDLIB_NO_GUI_SUPPORT dlib_embedding.cpp -l:libdlib.a -lblas -llapack -lpthread
//     ./a.out dlib_face_recognition_resnet_model_v1.dat > dlib-embedding.json
//
// The network's type is that of dlib's examples/dnn_face_recognition_ex.cpp.
#include <dlib/dnn.h>
#include <iostream>
#include <iomanip>
using namespace dlib;
template <template <int,template<typename>class,int,typename> class block, int N, template<typename>class BN, typename SUBNET>
using residual = add_prev1<block<N,BN,1,tag1<SUBNET>>>;
template <template <int,template<typename>class,int,typename> class block, int N, template<typename>class BN, typename SUBNET>
using residual_down = add_prev2<avg_pool<2,2,2,2,skip1<tag2<block<N,BN,2,tag1<SUBNET>>>>>>;
template <int N, template <typename> class BN, int stride, typename SUBNET>
using block  = BN<con<N,3,3,1,1,relu<BN<con<N,3,3,stride,stride,SUBNET>>>>>;
template <int N, typename SUBNET> using ares      = relu<residual<block,N,affine,SUBNET>>;
template <int N, typename SUBNET> using ares_down = relu<residual_down<block,N,affine,SUBNET>>;
template <typename SUBNET> using alevel0 = ares_down<256,SUBNET>;
template <typename SUBNET> using alevel1 = ares<256,ares<256,ares_down<256,SUBNET>>>;
template <typename SUBNET> using alevel2 = ares<128,ares<128,ares_down<128,SUBNET>>>;
template <typename SUBNET> using alevel3 = ares<64,ares<64,ares<64,ares_down<64,SUBNET>>>>;
template <typename SUBNET> using alevel4 = ares<32,ares<32,ares<32,SUBNET>>>;
using anet_type = loss_metric<fc_no_bias<128,avg_pool_everything<alevel0<alevel1<alevel2<alevel3<alevel4<
  max_pool<3,3,2,2,relu<affine<con<32,7,7,2,2,input_rgb_image_sized<150>>>>>>>>>>>>>;
int main(int c, char** v) {
  anet_type net; deserialize(v[1]) >> net;
  std::vector<matrix<rgb_pixel>> images;
  const int side = 150; unsigned long index = 0;
  for (int n = 0; n < 2; n++) {
    matrix<rgb_pixel> image(side, side);
    for (int r = 0; r < side; r++) for (int col = 0; col < side; col++) {
      unsigned char p[3];
      for (int k = 0; k < 3; k++, index++) {
        unsigned long x = (index * 2654435761UL + 1000UL * 40503 + 12345) & 0xFFFFFFFFUL;
        x ^= x >> 15; x = (x * 2246822519UL) & 0xFFFFFFFFUL; x ^= x >> 13;
        p[k] = (unsigned char)((x >> 8) / 16777216.0 * 256);
      }
      image(r, col) = rgb_pixel(p[0], p[1], p[2]);
    }
    images.push_back(image);
  }
  std::cout << "[";
  for (int n = 0; n < 2; n++) { auto e = net(images[n]); for (int k = 0; k < 128; k++) std::cout << (n + k ? ", " : "") << std::setprecision(9) << e(k); }
  std::cout << "]\n";
}
