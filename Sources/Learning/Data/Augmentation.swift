import Core
import Foundation

/// One sampled augmentation: maps each output pixel to a position in the photo.
///
/// An output pixel at row r, column c (mirrored first: c ← side − 1 − c) takes its colour from the position
/// `R(angle)·((r, c) − middle + (down, right)) + middle` of the photo, like Keras' `ImageDataGenerator`. R rotates rows
/// towards columns. Interpolation is bilinear. Positions outside the photo take the nearest edge pixel
/// (`fill_mode="nearest"`).
struct AugmentationTransform: Hashable, Sendable {
    var mirrored = false
    /// In radians.
    var angle = 0.0
    /// In pixels.
    var down = 0.0, right = 0.0

    /// Samples a transform from (seed, epoch, key), always in the order mirror, angle, rows, columns.
    static func drawn(_ augmentation: Augmentation, size: Int, seed: Int, epoch: Int, key: String)
        -> AugmentationTransform
    {
        var random = SeededRandom(["curare-augment", String(seed), String(epoch), key])
        switch augmentation {
        case .none:
            return AugmentationTransform()
        case .light:
            let most = Int((0.06 * Double(size)).rounded())
            let mirrored = random.below(2) == 1
            return AugmentationTransform(
                mirrored: mirrored, down: Double(random.below(2 * most + 1) - most),
                right: Double(random.below(2 * most + 1) - most))
        case .reference:
            let mirrored = random.below(2) == 1
            let angle = random.uniform(-20, 20) * .pi / 180
            let most = 0.2 * Double(size)
            return AugmentationTransform(
                mirrored: mirrored, angle: angle, down: random.uniform(-most, most), right: random.uniform(-most, most))
        }
    }

    /// Fills three planes of size × size (red, green, blue) from interleaved pixels.
    /// - Parameter colours: the normalized value of each channel's byte, 3 × 256.
    func render(_ pixels: [UInt8], size: Int, colours: [Float], into planes: UnsafeMutableBufferPointer<Float>) {
        let middle = Double(size - 1) / 2
        let last = Double(size - 1)
        let sine = sin(angle)
        let cosine = cos(angle)
        for row in 0..<size {
            for column in 0..<size {
                let r = Double(row) - middle + down
                let c = Double(mirrored ? size - 1 - column : column) - middle + right
                let y = min(max(cosine * r - sine * c + middle, 0), last)
                let x = min(max(sine * r + cosine * c + middle, 0), last)
                let top = Int(y)
                let left = Int(x)
                let bottom = min(top + 1, size - 1)
                let next = min(left + 1, size - 1)
                let dy = Float(y - Double(top))
                let dx = Float(x - Double(left))
                for channel in 0..<3 {
                    func colour(_ row: Int, _ column: Int) -> Float {
                        colours[256 * channel + Int(pixels[3 * (row * size + column) + channel])]
                    }
                    let upper = (1 - dx) * colour(top, left) + dx * colour(top, next)
                    let lower = (1 - dx) * colour(bottom, left) + dx * colour(bottom, next)
                    planes[(channel * size + row) * size + column] = (1 - dy) * upper + dy * lower
                }
            }
        }
    }
}
