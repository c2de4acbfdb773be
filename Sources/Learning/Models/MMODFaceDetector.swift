extension Models {
    /// The network of dlib's MMOD face detector (Davis King, "Max-Margin Object Detection", 2015, and
    /// `dnn_mmod_face_detection_ex.cpp`; weights `mmod_human_face_detector.dat`, CC0).
    ///
    /// Three strided convolutions reduce the plane eight times. Each number of the output is the score of a box of 80
    /// pixels; the centre of the box of output (x, y) is (8x + 14, 8y + 14). The network has no fully connected layer,
    /// so the input can have any size from 29 px.
    ///
    /// - Parameter splitsLastKernel: replaces the last convolution by a 1 × 1 convolution with one output channel for
    ///   each of the 81 positions of its kernel; see ``CNNFaceDetector``.
    static func mmodFaceDetector(splitsLastKernel: Bool = false) -> Graph {
        var model = Graph(classes: splitsLastKernel ? 81 : 1, pixels: .dlib)
        var x = model.input
        for (index, channels) in [16, 32, 32, 45, 45, 45].enumerated() {
            let isHalving = index < 3
            x = model.convolution(
                "conv\(index + 1)", x, to: channels, kernel: 5, stride: isHalving ? 2 : 1, padding: isHalving ? 0 : 2,
                bias: true)
            x = model.affine("affine\(index + 1)", x, relu: true)
        }
        if splitsLastKernel {
            _ = model.convolution("conv7", x, to: 81, kernel: 1)
        } else {
            _ = model.convolution("conv7", x, to: 1, kernel: 9, padding: 4, bias: true)
        }
        return model
    }
}
