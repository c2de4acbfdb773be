import Foundation
import Testing

@testable import Imaging

/// Known colours under several profiles, within two levels. What is known was computed from the published primaries and curves (`Fixtures/make.py`).
@Suite struct ColourTests {
    private static func known(_ kind: String) throws -> [[Int]] {
        let lines = String(decoding: try fixture("known-colours.txt"), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        let line = try #require(lines.first { $0[0] == kind })
        return line.dropFirst().map { $0.split(separator: ",").compactMap { Int($0) } }
    }

    private static func worst(_ picture: Picture, _ known: [[Int]]) -> Int {
        let column = picture.width / known.count
        return known.indices.flatMap { index in
            zip(picture.pixel(index * column + column / 2, picture.height / 2), known[index]).map { abs($0 - $1) }
        }.max() ?? 255
    }

    @Test(arguments: [
        ("display-p3.png", "display-p3"), ("adobe-rgb.png", "adobe-rgb"), ("grey-1.8.png", "grey-1.8"),
        ("p3-by-numbers.png", "display-p3"),
    ])
    func aProfileIsHonoured(_ file: String, _ kind: String) throws {
        #expect(Self.worst(try DecodedPhoto(fixture(file)).picture, try Self.known(kind)) <= 2)
    }

    /// Here the encoder's own loss is added.
    @Test(arguments: ["display-p3.jpg", "display-p3.heic", "p3-by-numbers.heic"])
    func aPhonesWideGamutIsHonoured(_ file: String) throws {
        #expect(Self.worst(try DecodedPhoto(fixture(file)).picture, try Self.known("display-p3")) <= 4)
    }

    @Test func gammaIsHonouredInSixteenBits() throws {
        let picture = try DecodedPhoto(fixture("linear-16.png")).picture
        #expect(zip(picture.rgb, scene().rgb).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func ourOwnProfileOfSRGBChangesNothing() throws {
        let profile = MatrixProfile(primaries: .sRGB, power: nil).bytes
        #expect(profile.count == Int(profile[2]) << 8 | Int(profile[3]))
        let colorants = try #require(Chromaticities.sRGB.colorants)
        let white = (0..<3).map { axis in colorants.reduce(0) { $0 + $1[axis] } }
        #expect(zip(white, [0.9642, 1, 0.8249]).allSatisfy { abs($0 - $1) < 1e-3 })
        // The red of sRGB's published profile.
        #expect(zip(colorants[0], [0.4361, 0.2225, 0.0139]).allSatisfy { abs($0 - $1) < 5e-4 })
    }

    @Test func nonsenseOfPrimariesIsPassedOver() {
        #expect(Chromaticities([]) == nil)
        #expect(Chromaticities([0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]) == nil)
        #expect(Chromaticities([0.3127, 0, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]) == nil)
        #expect(Chromaticities([0.3127, 0.3290, 0.64, 0.33, 0.3, 0.6, 0.15, 2]) == nil)
    }

    @Test func aPNGsOwnWordGoesBeforeItsNumbers() throws {
        var named = try fixture("p3-by-numbers.png")
        let at = try #require(Array(named.indices).first { named[$0...].starts(with: Array("cHRM".utf8)) })
        #expect(PNGColour(ByteReader(named))?.profile != nil)
        named.replaceSubrange(at..<at + 4, with: Array("sRGB".utf8))
        #expect(PNGColour(ByteReader(named))?.profile == nil)
        #expect(PNGColour(ByteReader(Array("II*\0".utf8))) == nil)
    }
}
