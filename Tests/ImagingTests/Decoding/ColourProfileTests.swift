import Foundation
import Testing

@testable import Imaging

/// Tests with known colours under several profiles. The expected values are computed from the published primaries and
/// curves (`Fixtures/make.py`).
@Suite struct ColourProfileTests {
    private static func expectedColours(_ kind: String) throws -> [[Int]] {
        let lines = String(decoding: try fixture("known-colours.txt"), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        let line = try #require(lines.first { $0[0] == kind })
        return line.dropFirst().map { $0.split(separator: ",").compactMap { Int($0) } }
    }

    /// The largest difference of a channel in the middle of each column of colour.
    private static func largestError(_ picture: Picture, _ expected: [[Int]]) -> Int {
        let column = picture.width / expected.count
        return expected.indices.flatMap { index in
            zip(picture.pixel(index * column + column / 2, picture.height / 2), expected[index]).map { abs($0 - $1) }
        }.max() ?? 255
    }

    @Test(arguments: [
        ("display-p3.png", "display-p3"), ("adobe-rgb.png", "adobe-rgb"), ("grey-1.8.png", "grey-1.8"),
        ("p3-by-numbers.png", "display-p3"),
    ])
    func profileIsApplied(_ file: String, _ kind: String) throws {
        #expect(Self.largestError(try DecodedPhoto(fixture(file)).picture, try Self.expectedColours(kind)) <= 2)
    }

    /// The tolerance includes the loss of the encoder.
    @Test(arguments: ["display-p3.jpg", "display-p3.heic", "p3-by-numbers.heic"])
    func wideGamutOfPhonesIsApplied(_ file: String) throws {
        #expect(Self.largestError(try DecodedPhoto(fixture(file)).picture, try Self.expectedColours("display-p3")) <= 4)
    }

    /// The third edition of the PNG standard names colour spaces by the codes of ISO/IEC 23091-2.
    @Test func codesInPNGAreApplied() throws {
        let numbers = try fixture("p3-by-numbers.png")
        let expected = try DecodedPhoto(numbers).picture
        let bare = try pattern().png()
        func coded(_ codes: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
            Array(bytes.prefix(33)) + DecodingTests.chunk("cICP", codes) + bytes.dropFirst(33)
        }
        // The codes replace the numbers, and an embedded profile.
        #expect(try DecodedPhoto(coded([12, 13, 0, 1], numbers)).picture == expected)
        let embedded = try fixture("adobe-rgb.png")
        #expect(
            try DecodedPhoto(coded([12, 13, 0, 1], embedded)).picture
                == DecodedPhoto(fixture("display-p3.png")).picture)
        #expect(try DecodedPhoto(coded([1, 13, 0, 1], bare)).picture == DecodedPhoto(bare).picture)
        #expect(try DecodedPhoto(coded([12, 13, 0, 1], bare)).picture != DecodedPhoto(bare).picture)
        // PQ and HLG are no curves of displays. The file's other descriptions count.
        #expect(try DecodedPhoto(coded([9, 16, 0, 1], embedded)).picture == DecodedPhoto(embedded).picture)
        #expect(try DecodedPhoto(coded([9, 18, 0, 1], numbers)).picture == expected)
        #expect(try DecodedPhoto(coded([], bare)).picture == DecodedPhoto(bare).picture)
    }

    @Test func gammaIsAppliedInSixteenBits() throws {
        let picture = try DecodedPhoto(fixture("linear-16.png")).picture
        #expect(zip(picture.rgb, scene().rgb).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func profileOfSRGBHasThePublishedPrimaries() throws {
        let profile = try #require(ColourProfile.rgb(.sRGB, gamma: nil))
        let reader = ByteReader(profile)
        #expect(reader.big32(0) == profile.count)
        let colorants = try ["rXYZ", "gXYZ", "bXYZ"].map { try #require(Self.xyz($0, in: reader)) }
        let white = (0..<3).map { axis in colorants.reduce(0) { $0 + $1[axis] } }
        #expect(zip(white, [0.9642, 1, 0.8249]).allSatisfy { abs($0 - $1) < 1e-3 }, "the primaries add up to D50")
        // The red primary of the published sRGB profile.
        #expect(zip(colorants[0], [0.4361, 0.2225, 0.0139]).allSatisfy { abs($0 - $1) < 5e-4 })
    }

    /// The value of a tag of type `XYZ ` in an ICC profile.
    private static func xyz(_ tag: String, in reader: ByteReader) -> [Double]? {
        guard let count = reader.big32(128) else { return nil }
        for entry in (0..<count).map({ 132 + 12 * $0 }) where reader.text(entry, 4) == tag {
            guard let offset = reader.big32(entry + 4) else { return nil }
            return (0..<3).compactMap { reader.big32(offset + 8 + 4 * $0) }.map { Double($0) / 65_536 }
        }
        return nil
    }

    @Test func equalValuesGiveEqualProfiles() {
        #expect(ColourProfile.rgb(.displayP3, gamma: 1.8) == ColourProfile.rgb(.displayP3, gamma: 1.8))
        #expect(ColourProfile.rgb(.displayP3, gamma: 1.8) != ColourProfile.rgb(.displayP3, gamma: nil))
        #expect(ColourProfile.grey(gamma: 1.8) != nil)
    }

    @Test func invalidChromaticitiesAreRejected() {
        #expect(Chromaticities([]) == nil)
        #expect(Chromaticities([0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]) == nil)
        #expect(Chromaticities([0.3127, 0, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]) == nil)
        #expect(Chromaticities([0.3127, 0.3290, 0.64, 0.33, 0.3, 0.6, 0.15, 2]) == nil)
        #expect(Chromaticities([0.7, 0.2, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]) == nil, "white is outside the triangle")
        #expect(Chromaticities(Chromaticities.sRGB.coordinates) == .sRGB)
    }

    @Test func sRGBChunkHasPriorityOverChromaticities() throws {
        var bytes = try fixture("p3-by-numbers.png")
        let position = try #require(Array(bytes.indices).first { bytes[$0...].starts(with: Array("cHRM".utf8)) })
        #expect(Self.profile(bytes) != nil)
        bytes.replaceSubrange(position..<position + 4, with: Array("sRGB".utf8))
        #expect(Self.profile(bytes) == nil)
        #expect(Self.profile(Array("II*\0".utf8)) == nil)
    }

    private static func profile(_ bytes: [UInt8]) -> [UInt8]? {
        let reader = ByteReader(bytes)
        return ColourProfile.ofPNG(reader, Chunks(png: reader)).profile
    }
}
