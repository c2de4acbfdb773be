import Foundation
import Imaging

/// A file that is whole, to be damaged.
struct Seed: Sendable {
    let format: String
    let bytes: [UInt8]

    /// Photos of every format that is written here, and all photos in `folders`.
    static func all(_ folders: [URL]) throws -> [Seed] {
        var seeds: [Seed] = []
        for format in DecodedPhoto.Format.allCases where format != .dng {
            for (number, side) in [24, 160, 400].enumerated() {
                let isTurned = number == 1 && format != .heic && format != .avif
                let bytes = try drawn(number, side).encoded(
                    as: format, quality: [100, 60, 90][number], orientation: isTurned ? 6 : 1,
                    captured: "2026:03:04 05:06:07", camera: "Model X")
                seeds.append(Seed(format: format.rawValue, bytes: bytes))
            }
        }
        for folder in folders {
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                guard let data = FileManager.default.contents(atPath: folder.appending(path: file).path),
                    let photo = try? DecodedPhoto(Array(data))
                else { continue }
                seeds.append(Seed(format: photo.format.rawValue, bytes: Array(data)))
            }
        }
        return seeds
    }

    /// Slopes with some noise, as a photo has them.
    private static func drawn(_ number: Int, _ side: Int) throws -> Picture {
        var dice = Dice(seed: UInt64(number))
        let rgb = (0..<3 * side * side * 3 / 4).map {
            UInt8(truncatingIfNeeded: ($0 / 3 % side) * 200 / side + ($0 % 3) * 17 + dice.below(12))
        }
        guard let picture = Picture(width: side, height: side * 3 / 4, rgb: rgb) else {
            throw ImagingError(.failed, "no picture", next: "please report this")
        }
        return picture
    }
}
