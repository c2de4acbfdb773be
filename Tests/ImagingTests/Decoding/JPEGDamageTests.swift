import Core
import Imaging
import Testing

/// A JPEG with damaged pixels is rejected. Unusual bytes that no pixel depends on are accepted.
@Suite struct JPEGDamageTests {
    /// Damages that libjpeg only warns about.
    static let damages: [(String, @Sendable (inout JPEGFile) throws -> Void)] = [
        ("a gap of zeros", { $0.overwrite(try $0.scan(), at: 0.5, with: 0, count: 4096) }),
        ("a gap of 255", { $0.overwrite(try $0.scan(), at: 0.4, with: 255, count: 4096) }),
        ("a missing part", { $0.bytes.removeSubrange(try $0.scan().part(at: 0.3, count: 10_000)) }),
        ("a cut, and an end marker", { $0.bytes = $0.bytes.prefix(try $0.scan().lowerBound + 20_000) + [0xff, 0xd9] }),
        ("a cut", { $0.bytes = Array($0.bytes.prefix(try $0.scan().lowerBound + 20_000)) }),
        (
            "more rows in the header",
            { $0.bytes.replaceSubrange(try $0.segment(0xc0) + 5..<$0.segment(0xc0) + 7, with: big16(380)) }
        ),
        (
            "more columns in the header",
            { $0.bytes.replaceSubrange(try $0.segment(0xc0) + 7..<$0.segment(0xc0) + 9, with: big16(432)) }
        ),
        (
            "fewer rows in the header",
            { $0.bytes.replaceSubrange(try $0.segment(0xc0) + 5..<$0.segment(0xc0) + 7, with: big16(200)) }
        ),
    ]

    @Test(arguments: damages.indices, [Reduction.whole, .eighth])
    func damagedPixelsAreRejected(_ index: Int, _ reduction: Reduction) throws {
        var file = try JPEGFile()
        try Self.damages[index].1(&file)
        let error = #expect(throws: ImagingError.self, "\(Self.damages[index].0)") {
            try DecodedPhoto(file.bytes) { _, _ in reduction }
        }
        #expect(error?.code == .damaged)
        #expect(error?.message.hasPrefix("the file is cut off or damaged (") == true, "the message has the reason")
    }

    /// Bytes that do not belong to the pixels.
    static let oddities: [(String, @Sendable (inout JPEGFile) throws -> Void)] = [
        (
            "zeros before the end marker",
            { $0.bytes.insert(contentsOf: [UInt8](repeating: 0, count: 5000), at: $0.bytes.count - 2) }
        ),
        (
            "text before the end marker",
            { $0.bytes.insert(contentsOf: Array("made by a camera ".utf8), at: $0.bytes.count - 2) }
        ),
        (
            "zeros after a segment",
            { $0.bytes.insert(contentsOf: [UInt8](repeating: 0, count: 400), at: try $0.segment(0xc0)) }
        ),
        ("a segment of zeros", { $0.insert(0xe5, [UInt8](repeating: 0, count: 4000)) }),
        ("fill bytes before a marker", { $0.bytes.insert(contentsOf: [255, 255, 255], at: try $0.segment(0xc0)) }),
        ("zeros after the end", { $0.bytes += [UInt8](repeating: 0, count: 3000) }),
        ("another picture after the end", { $0.bytes += $0.bytes }),
    ]

    @Test(arguments: oddities.indices, [Reduction.whole, .eighth])
    func harmlessBytesAreAccepted(_ index: Int, _ reduction: Reduction) throws {
        let plain = try JPEGFile()
        var file = plain
        try Self.oddities[index].1(&file)
        #expect(file.bytes != plain.bytes)
        let expected = try DecodedPhoto(plain.bytes) { _, _ in reduction }
        let photo = try DecodedPhoto(file.bytes) { _, _ in reduction }
        #expect(photo.picture == expected.picture, "\(Self.oddities[index].0)")
    }

    /// The scans of a progressive JPEG refine the picture. Without the last ones the picture is coarse.
    @Test func progressivePictureWithoutItsLastScanIsRejected() throws {
        var bytes = try fixture("progressive-broken-profile.jpg")
        let last = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda })
        bytes.removeSubrange(last..<bytes.count - 2)
        #expect(throws: ImagingError.self) { try DecodedPhoto(bytes) }
    }

    /// A flat picture with optimized tables is coded as zeros.
    @Test func zerosThatAreCodedPixelsAreAccepted() throws {
        let flat = Picture(width: 2400, height: 1600, rgb: [UInt8](repeating: 130, count: 3 * 2400 * 1600))!
        let photo = try DecodedPhoto(flat.encoded(as: .jpeg, quality: 90))
        #expect(photo.picture.rgb.allSatisfy { abs(Int($0) - 130) <= 1 })
    }
}

/// Thin, repetitive and huge JPEGs.
@Suite struct JPEGBudgetTests {
    @Test(arguments: [(2000, 1), (3000, 2), (20_000, 3), (1, 3000), (7, 5200)])
    func thinPictureIsDecodedAtEveryReduction(_ width: Int, _ height: Int) throws {
        let file = try JPEGFile(width: width, height: height)
        for reduction in Reduction.allCases {
            let photo = try DecodedPhoto(file.bytes) { _, _ in reduction }
            #expect((photo.upright.width, photo.upright.height) == (width, height))
            #expect(photo.picture.width == max(1, width / reduction.rawValue))
            #expect(photo.picture.height == max(1, height / reduction.rawValue))
        }
        let measured = try DecodedPhoto(file.bytes, reduction: Reduction.measuring)
        _ = try PhotoMeasurement(measured.upright, lookingForFaces: true)
        for crop in [Profile.Crop.centre, .none, .face] {
            let profile = try #require(Profile(size: 64, crop: crop, colour: .srgb))
            #expect(try measured.upright.rendered(profile).width > 0)
        }
    }

    /// A scan that repeats the means of the first channel. Its coded pixels are zeros.
    private static func file(repeatedScans count: Int) throws -> [UInt8] {
        let bytes = try fixture("progressive-broken-profile.jpg")
        let scan: [UInt8] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 400)
        return Array(bytes.prefix(bytes.count - 2)) + (0..<count).flatMap { _ in scan } + [0xff, 0xd9]
    }

    @Test func fileWithManyScansIsOverBudget() throws {
        #expect(throws: Never.self) { try DecodedPhoto(Self.file(repeatedScans: 20)) }
        let error = #expect(throws: ImagingError.self) { try DecodedPhoto(Self.file(repeatedScans: 120)) }
        #expect(error?.code == .overBudget)
    }

    /// libjpeg keeps the coefficients of a file with several scans: 128 bytes for each block of 8 × 8.
    @Test func progressiveFileThatNeedsTooMuchMemoryIsOverBudget() throws {
        var bytes = try fixture("progressive-broken-profile.jpg")
        let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc2 })
        bytes.replaceSubrange(frame + 5..<frame + 9, with: big16(60_000) + big16(60_000))
        let error = #expect(throws: ImagingError.self) {
            try DecodedPhoto(bytes, limits: DecodingLimits(pixels: .max)) { _, _ in .eighth }
        }
        #expect(error?.code == .overBudget)
    }

    @Test func twoChannelsAreNotSupported() throws {
        var file = try JPEGFile(width: 16, height: 16)
        let frame = try file.segment(0xc0)
        file.bytes.replaceSubrange(frame + 2..<frame + 4, with: big16(14))
        file.bytes[frame + 9] = 2
        file.bytes.removeSubrange(frame + 16..<frame + 19)
        #expect(throws: ImagingError.self) { try DecodedPhoto(file.bytes) }
    }
}

extension Range<Int> {
    /// Returns the part that begins at this share of the range.
    fileprivate func part(at share: Double, count: Int) -> Range<Int> {
        let start = lowerBound + Int(Double(self.count) * share)
        return start..<start + count
    }
}

extension JPEGFile {
    fileprivate mutating func overwrite(_ range: Range<Int>, at share: Double, with byte: UInt8, count: Int) {
        let part = range.part(at: share, count: count)
        bytes.replaceSubrange(part, with: [UInt8](repeating: byte, count: count))
    }
}
