import Core
import Foundation
import Imaging

/// An undamaged file.
struct SeedFile: Sendable {
    /// The format, and what is special about the photo: `jpeg`, `jpeg-progressive`, `png-thin`.
    let kind: String
    let bytes: [UInt8]
    /// Whether the photo has so many pixels that decoding takes long.
    var isHuge = false

    private static let hugePixels = 20_000_000

    /// Returns photos of every format that the program can write, and all photos in `folders`. Files that are not
    /// photos are skipped.
    static func all(_ folders: [URL]) throws -> [SeedFile] {
        var seeds: [SeedFile] = []
        for format in DecodedPhoto.Format.allCases where format != .dng {
            for (number, side) in [24, 160, 400].enumerated() {
                let isRotated = number == 1 && format != .heic && format != .avif
                let bytes = try noise(number, side, side * 3 / 4).encoded(
                    as: format, quality: [100, 60, 90][number], orientation: isRotated ? 6 : 1,
                    captured: "2026:03:04 05:06:07", camera: "Model X")
                seeds.append(SeedFile(kind: format.rawValue, bytes: bytes))
            }
            for (width, height) in [(3000, 2), (1, 2000)] where format != .heic && format != .avif {
                let bytes = try noise(7, width, height).encoded(as: format)
                seeds.append(SeedFile(kind: "\(format.rawValue)-thin", bytes: bytes))
            }
        }
        for (number, side) in [40, 300].enumerated() {
            let bytes = try noise(number, side, side * 3 / 4).encoded(
                as: .jpeg, isProgressive: true, orientation: 8, camera: "Model X")
            seeds.append(SeedFile(kind: "jpeg-progressive", bytes: bytes))
        }
        return try seeds + huge() + read(folders)
    }

    private static func huge() throws -> [SeedFile] {
        let large = try noise(11, 8000, 6000, isCoarse: true)
        let wide = try noise(12, 12_000, 9000, isCoarse: true)
        return try [
            SeedFile(kind: "jpeg-huge", bytes: wide.encoded(as: .jpeg, quality: 70, orientation: 6), isHuge: true),
            SeedFile(
                kind: "jpeg-progressive-huge", bytes: large.encoded(as: .jpeg, quality: 70, isProgressive: true),
                isHuge: true),
            SeedFile(kind: "png-huge", bytes: large.encoded(as: .png), isHuge: true),
            SeedFile(kind: "tiff-huge", bytes: large.encoded(as: .tiff), isHuge: true),
            SeedFile(kind: "webp-huge", bytes: large.encoded(as: .webp, quality: 60), isHuge: true),
            SeedFile(kind: "heic-huge", bytes: large.encoded(as: .heic, quality: 40), isHuge: true),
        ]
    }

    private static func read(_ folders: [URL]) throws -> [SeedFile] {
        var seeds: [SeedFile] = []
        for folder in folders {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                let file = folder.appending(path: name)
                guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
                let bytes = Array(try Data(contentsOf: file))
                do {
                    let photo = try DecodedPhoto(bytes, reduction: Reduction.measuring)
                    let isHuge = photo.upright.width * photo.upright.height > hugePixels
                    seeds.append(SeedFile(kind: photo.format.rawValue, bytes: bytes, isHuge: isHuge))
                } catch is ImagingError {
                    continue
                }
            }
        }
        return seeds
    }

    /// Returns a picture of gradients with noise, similar to a photo.
    ///
    /// - Parameter isCoarse: whether blocks of 32 × 32 pixels have one colour, so that the file stays small.
    private static func noise(_ number: Int, _ width: Int, _ height: Int, isCoarse: Bool = false) throws -> Picture {
        var random = SplitMix64(seed: UInt64(number))
        let shades = (0..<1 << 14).map { _ in UInt8(random.below(isCoarse ? 120 : 12)) }
        let step = isCoarse ? 5 : 0
        let rgb = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { buffer, count in
            for y in 0..<height {
                for x in 0..<width {
                    let index = isCoarse ? (y >> step) &* 613 &+ (x >> step) : y &* width &+ x
                    for band in 0..<3 {
                        let shade = Int(shades[(3 &* index &+ band) & (1 << 14 - 1)])
                        buffer[3 &* (y &* width &+ x) &+ band] = UInt8(
                            truncatingIfNeeded: x &* 120 / width &+ band &* 7 &+ shade)
                    }
                }
            }
            count = 3 * width * height
        }
        guard let picture = Picture(width: width, height: height, rgb: rgb) else {
            throw ImagingError(.failed, "cannot draw \(width) × \(height)", nextStep: "please report this")
        }
        return picture
    }
}
