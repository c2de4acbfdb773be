import Foundation

/// How training photos are changed before each use, so that a model does not learn them by heart.
public enum Augmentation: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// Mirrored or not; shifted by up to 6% of the side, in whole pixels: right for small sets.
    case light
    /// Wenger et al. 2021: mirrored or not, turned by up to 20°, shifted by up to 20% of the side on each axis.
    case reference
}

/// Where an image's pixels come from: one drawing of an augmentation.
///
/// An output pixel at row r, column c (mirrored first: c ← side − 1 − c) takes its colour from the place
/// `R(angle)·((r, c) − middle + (down, right)) + middle` of the photo, as Keras' `ImageDataGenerator` has it; R turns rows into columns.
/// Between pixels it is bilinear, outside the nearest edge pixel goes on (`fill_mode="nearest"`).
struct Placement: Hashable, Sendable {
    var mirrored = false
    /// Radians.
    var angle = 0.0
    /// Pixels.
    var down = 0.0, right = 0.0

    /// Drawn from (seed, epoch, key) alone, always in the order mirror, angle, rows, columns.
    static func drawn(_ augmentation: Augmentation, size: Int, seed: Int, epoch: Int, key: String) -> Placement {
        var random = SeededRandom(["curare-augment", String(seed), String(epoch), key])
        switch augmentation {
        case .none:
            return Placement()
        case .light:
            let most = Int((0.06 * Double(size)).rounded())
            let mirrored = random.below(2) == 1
            return Placement(
                mirrored: mirrored, down: Double(random.below(2 * most + 1) - most),
                right: Double(random.below(2 * most + 1) - most))
        case .reference:
            let mirrored = random.below(2) == 1
            let angle = random.uniform(-20, 20) * .pi / 180
            let most = 0.2 * Double(size)
            return Placement(
                mirrored: mirrored, angle: angle, down: random.uniform(-most, most), right: random.uniform(-most, most))
        }
    }

    /// Fills three planes of size × size (red, green, blue) from interleaved pixels.
    /// - Parameter colours: what each channel's byte becomes, 3 × 256.
    func render(_ pixels: [UInt8], size: Int, colours: [Float], into planes: UnsafeMutableBufferPointer<Float>) {
        let middle = Double(size - 1) / 2
        let last = Double(size - 1)
        let (sine, cosine) = (sin(angle), cos(angle))
        for row in 0..<size {
            for column in 0..<size {
                let r = Double(row) - middle + down
                let c = Double(mirrored ? size - 1 - column : column) - middle + right
                let y = min(max(cosine * r - sine * c + middle, 0), last)
                let x = min(max(sine * r + cosine * c + middle, 0), last)
                let (top, left) = (Int(y), Int(x))
                let (bottom, beside) = (min(top + 1, size - 1), min(left + 1, size - 1))
                let (dy, dx) = (Float(y - Double(top)), Float(x - Double(left)))
                for channel in 0..<3 {
                    func colour(_ row: Int, _ column: Int) -> Float {
                        colours[256 * channel + Int(pixels[3 * (row * size + column) + channel])]
                    }
                    let upper = (1 - dx) * colour(top, left) + dx * colour(top, beside)
                    let lower = (1 - dx) * colour(bottom, left) + dx * colour(bottom, beside)
                    planes[(channel * size + row) * size + column] = (1 - dy) * upper + dy * lower
                }
            }
        }
    }
}
