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
        guard let planes = planes.baseAddress else { return }
        pixels.withUnsafeBufferPointer { pixels in
            colours.withUnsafeBufferPointer { colours in
                guard let pixels = pixels.baseAddress, let colours = colours.baseAddress else { return }
                if angle == 0, down == down.rounded(), right == right.rounded() {
                    copy(pixels, size: size, colours: colours, into: planes)
                } else {
                    interpolate(pixels, size: size, colours: colours, into: planes)
                }
            }
        }
    }

    /// Renders a transform that moves pixels to pixels. ``interpolate(_:size:colours:into:)`` gives the same numbers,
    /// but takes longer, and the network computes with all processors at the same time.
    private func copy(
        _ pixels: UnsafePointer<UInt8>, size: Int, colours: UnsafePointer<Float>,
        into planes: UnsafeMutablePointer<Float>
    ) {
        let offsets = (0..<size).map { column in
            3 * min(max((mirrored ? size - 1 - column : column) + Int(right), 0), size - 1)
        }
        offsets.withUnsafeBufferPointer { offsets in
            for row in 0..<size {
                let start = 3 * size * min(max(row + Int(down), 0), size - 1)
                for channel in 0..<3 {
                    let source = pixels + start + channel
                    let table = colours + 256 * channel
                    let target = planes + (channel * size + row) * size
                    for column in 0..<size { target[column] = table[Int(source[offsets[column]])] }
                }
            }
        }
    }

    /// Renders any transform, with bilinear interpolation.
    private func interpolate(
        _ pixels: UnsafePointer<UInt8>, size: Int, colours: UnsafePointer<Float>,
        into planes: UnsafeMutablePointer<Float>
    ) {
        let middle = Double(size - 1) / 2
        let last = Double(size - 1)
        let sine = sin(angle)
        let cosine = cos(angle)
        for row in 0..<size {
            let r = Double(row) - middle + down
            for column in 0..<size {
                let c = Double(mirrored ? size - 1 - column : column) - middle + right
                let y = min(max(cosine * r - sine * c + middle, 0), last)
                let x = min(max(sine * r + cosine * c + middle, 0), last)
                let top = Int(y)
                let left = Int(x)
                let dy = Float(y - Double(top))
                let dx = Float(x - Double(left))
                let upperRow = pixels + 3 * top * size
                let lowerRow = pixels + 3 * min(top + 1, size - 1) * size
                let leftColumn = 3 * left
                let rightColumn = 3 * min(left + 1, size - 1)
                for channel in 0..<3 {
                    let table = colours + 256 * channel
                    let upper =
                        (1 - dx) * table[Int(upperRow[leftColumn + channel])]
                        + dx * table[Int(upperRow[rightColumn + channel])]
                    let lower =
                        (1 - dx) * table[Int(lowerRow[leftColumn + channel])]
                        + dx * table[Int(lowerRow[rightColumn + channel])]
                    planes[(channel * size + row) * size + column] = (1 - dy) * upper + dy * lower
                }
            }
        }
    }
}
