/// How a model takes colours: each channel's byte b becomes (b/divisor − mean) / deviation.
struct PixelScale: Hashable, Sendable {
    let divisor: Float
    let mean, deviation: [Float]

    /// torchvision's: b/255 less the mean of ImageNet's photos, over their deviation.
    static let imageNet = PixelScale(divisor: 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    /// dlib's `input_rgb_image_sized`: b less its mean, over 256.
    static let dlib = PixelScale(divisor: 1, mean: [122.782, 117.001, 104.298], deviation: [256, 256, 256])

    /// What each channel's byte becomes, 3 × 256.
    var colours: [Float] {
        zip(mean, deviation).flatMap { mean, deviation in (0..<256).map { (Float($0) / divisor - mean) / deviation } }
    }
}
