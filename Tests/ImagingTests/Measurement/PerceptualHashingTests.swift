import Core
import Foundation
import Testing

@testable import Imaging

@Suite struct PerceptualHashingTests {
    @Test func cosineTableMatchesItsDefinition() {
        for frequency in 0..<12 {
            for cell in 0..<32 {
                let turns = Double(frequency * (2 * cell + 1))
                let exact = 4096 * cos(Double.pi * turns / 64)
                #expect(PerceptualHashing.cosine(frequency, cell) == Int((exact + 0.5).rounded(.down)))
            }
        }
    }

    /// Compares with `Tests/Selection/perceptual_hash.py`, which was written from `docs/format.md` only. The sizes
    /// include ones that the cells divide, ones that they do not divide, and ones smaller than the grid.
    @Test func secondImplementationGivesTheSameBits() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-hashes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { remove(folder) }
        let sizes: [(Int, Int)] = [(1, 1), (3, 5), (32, 32), (31, 33), (100, 7), (97, 61), (128, 120)]
        var pictures: [Picture] = sizes.map { size in noise(width: size.0, height: size.1) }
        pictures += [
            scene(), scene(width: 97, height: 131), try DecodedPhoto(fixture("progressive-broken-profile.jpg")).picture,
        ]
        let files = try pictures.enumerated().map { number, picture in
            let file = folder.appending(path: "\(number).ppm")
            try Data(Array("P6\n\(picture.width) \(picture.height)\n255\n".utf8) + picture.rgb).write(to: file)
            return file.path
        }
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Selection/perceptual_hash.py").standardizedFileURL
        process.arguments = [script.path] + files
        process.standardOutput = out
        try process.run()
        let lines = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(
            separator: "\n"
        ).map(String.init)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(lines == pictures.map { String(format: "%016lx", PerceptualHashing.bits(of: $0)) })
    }

    @Test func flatPictureHasHashZero() {
        for (width, height) in [(1, 1), (32, 32), (45, 77)] {
            let flat = Picture(width: width, height: height, rgb: [UInt8](repeating: 201, count: 3 * width * height))!
            #expect(PerceptualHashing.bits(of: flat) == 0)
        }
    }

    /// The picture is a wave with four half waves in both directions.
    @Test func firstBitIsTheLowestFrequency() {
        let levels = (0..<64).map { position in cos(Double.pi * 4 * (2 * Double(position) + 1) / 128) }
        var rgb: [UInt8] = []
        for y in 0..<64 {
            for x in 0..<64 {
                let level: Double = 128 + 100 * levels[x] * levels[y]
                rgb += [UInt8](repeating: UInt8(level.rounded()), count: 3)
            }
        }
        let bits = PerceptualHashing.bits(of: Picture(width: 64, height: 64, rgb: rgb)!)
        #expect(bits >> 63 == 1)
        let negative = PerceptualHashing.bits(of: Picture(width: 64, height: 64, rgb: rgb.map { 255 - $0 })!)
        #expect(negative >> 63 == 0)
    }

    @Test func brightnessAndSizeChangeFewBits() {
        let picture = noise(width: 128, height: 96)
        let hash = PerceptualHashing.bits(of: picture)
        let darker = Picture(width: 128, height: 96, rgb: picture.rgb.map { $0 / 2 + 20 })!
        #expect((PerceptualHashing.bits(of: darker) ^ hash).nonzeroBitCount <= 2)
        let twice = drawn(width: 256, height: 192) { x, y in Self.pixel(x / 2, y / 2, of: picture) }
        #expect(PerceptualHashing.bits(of: twice) == hash)
    }

    /// The bits of turned and mirrored pictures follow from the bits of the picture.
    @Test func hashesOfTurnedPicturesFollowFromTheHash() {
        for (width, height) in [(128, 96), (97, 61), (60, 200), (33, 31)] {
            let grey = GreyPicture(noise(width: width, height: height))
            let hash = PerceptualHash(PerceptualHashing.bits(of: grey))
            let copies: [(PictureSymmetry, GreyPicture)] = [
                (.mirrored, grey.mirrored), (.half, grey.rotated(.half)), (.right, grey.rotated(.right)),
                (.left, grey.rotated(.left)), (.flipped, grey.mirrored.rotated(.half)),
                (.transposed, grey.rotated(.right).mirrored), (.antitransposed, grey.rotated(.left).mirrored),
            ]
            for (symmetry, copy) in copies {
                #expect(PerceptualHashing.bits(of: copy) == hash.after(symmetry).bits, "\(width) \(symmetry)")
            }
        }
    }

    /// A sum of exactly 0 gives a 0 in each copy, so that the rule does not hold for pictures with such sums. A flat picture
    /// and its copies have the hash 0.
    @Test func flatPictureKeepsItsHashWhenMirrored() {
        let flat = GreyPicture(width: 40, height: 30, luma: [UInt8](repeating: 9, count: 1200))
        #expect(PerceptualHashing.bits(of: flat.mirrored) == PerceptualHashing.bits(of: flat))
        #expect(PerceptualHash(0).after(.mirrored) != PerceptualHash(0))
        #expect(PerceptualHash(0).turnedDistance(to: PerceptualHash(0)) == (0, .unchanged))
    }

    /// Returns random blocks of four pixels, the same for the same size.
    private func noise(width: Int, height: Int) -> Picture {
        let across = width / 4 + 1
        let down = height / 4 + 1
        var state = UInt64(width * 1_000 + height)
        var levels: [UInt8] = []
        for _ in 0..<across * down * 3 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            levels.append(UInt8(truncatingIfNeeded: state >> 33))
        }
        let blocks = Picture(width: across, height: down, rgb: levels)!
        return drawn(width: width, height: height) { x, y in Self.pixel(x / 4, y / 4, of: blocks) }
    }

    private func drawn(width: Int, height: Int, _ pixel: (Int, Int) -> ArraySlice<UInt8>) -> Picture {
        var rgb: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { rgb += pixel(x, y) }
        }
        return Picture(width: width, height: height, rgb: rgb)!
    }

    private static func pixel(_ x: Int, _ y: Int, of picture: Picture) -> ArraySlice<UInt8> {
        let start = 3 * (y * picture.width + x)
        return picture.rgb[start..<start + 3]
    }
}
