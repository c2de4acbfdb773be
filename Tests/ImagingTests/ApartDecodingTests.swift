import Foundation
import Testing

@testable import Imaging

/// All but JPEG, PNG and PNM is decoded by children, so that a codec that crashes takes nothing with it.
@Suite struct ApartDecodingTests {
    private static func apart(seconds: Double = 20) -> ApartDecoding {
        // Beside the tests lies a program that serves.
        ApartDecoding(
            program: Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "DecodingFuzz").path,
            seconds: seconds)
    }

    @Test(arguments: [
        "turned-6.heic", "cropped.heic", "heif-enc.avif", "two-pages.tif", "preview.dng", "animated.webp",
    ])
    func aChildGivesThePixelsThatThisProcessGives(_ name: String) throws {
        let bytes = try fixture(name)
        let apart = Self.apart()
        for _ in 0..<3 {
            let photo = try DecodedPhoto(bytes, limits: DecodingLimits(), apart: apart)
            let here = try DecodedPhoto(bytes, limits: DecodingLimits(), apart: nil)
            #expect(photo.picture == here.picture)
            #expect((photo.format, photo.camera, photo.captured) == (here.format, here.camera, here.captured))
        }
    }

    @Test func whatIsRefusedApartIsRefusedInTheSameWords() throws {
        let apart = Self.apart()
        var cut = try fixture("turned-1.heic")
        cut.removeLast(200)
        for bytes in [cut, Array(cut.prefix(60)), Array("\0\0\0\u{14}ftypqt  \0\0\0\0qt  ".utf8)] {
            let there = #expect(throws: ImagingError.self) {
                try DecodedPhoto(bytes, limits: DecodingLimits(), apart: apart)
            }
            let here = #expect(throws: ImagingError.self) {
                try DecodedPhoto(bytes, limits: DecodingLimits(), apart: nil)
            }
            #expect(there == here)
        }
        #expect(
            try DecodedPhoto(fixture("turned-1.heic"), limits: DecodingLimits(), apart: apart).picture.width == 96,
            "and the child goes on")
    }

    @Test func aChildThatIsKilledCostsOnePhoto() throws {
        let apart = Self.apart()
        let bytes = try fixture("turned-1.heic")
        do {
            let photo = try apart.open(bytes, DecodingLimits())
            kill(photo.child.process, SIGKILL)
            let error = #expect(throws: ImagingError.self) { try photo.pixels(.whole) }
            #expect(error?.code == .damaged)
        }
        #expect(try DecodedPhoto(bytes, limits: DecodingLimits(), apart: apart).picture.width == 96)
    }

    @Test func aChildThatHangsIsGivenUp() throws {
        let apart = Self.apart(seconds: 0.5)
        let bytes = try fixture("turned-1.heic")
        do {
            let photo = try Self.patient(apart, bytes)
            kill(photo.child.process, SIGSTOP)
            #expect(throws: ImagingError.self) { try photo.pixels(.whole) }
        }
    }

    /// A busy machine may take longer than half a second to start a child.
    private static func patient(_ apart: ApartDecoding, _ bytes: [UInt8]) throws -> ApartDecoding.Photo {
        for _ in 0..<40 {
            do { return try apart.open(bytes, DecodingLimits()) } catch {}
        }
        return try apart.open(bytes, DecodingLimits())
    }

    /// A file may hold another size than it says; what the codec then takes is bounded.
    @Test func aChildMayTakeSoMuchMemoryAndNoMore() throws {
        let child = try ApartChild(
            Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "DecodingFuzz").path, seconds: 30)
        let bytes = try scene(width: 1600, height: 1200).encoded(as: .heic, quality: 50)
        _ = try child.header(of: bytes, memory: 1 << 30)
        #expect(try child.pixels(.whole).width == 1600)
        let error = #expect(throws: ImagingError.self) {
            _ = try child.header(of: bytes, memory: 8 << 20)
            _ = try child.pixels(.whole)
        }
        #expect(error?.code == .damaged || error?.code == .notAPhoto)
    }

    @Test func moreMemoryIsGivenOnlyWhereMorePixelsAre() {
        #expect(DecodingLimits().memory == 1 << 30)
        #expect(DecodingLimits(pixels: 1).memory == 1 << 30)
        #expect(DecodingLimits(pixels: 250_000_000).memory == 3 << 30)
        #expect(DecodingLimits(pixels: .max, bytes: .max).memory == nil)
    }
}
