import Foundation
import Testing

@testable import Imaging

@Suite struct SandboxedDecoderTests {
    /// A program next to the tests that calls ``SandboxedDecoder/serveIfRequested()``.
    private static let program =
        Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "DecodingFuzz").path

    private static func decoder(seconds: Double = 20) -> SandboxedDecoder {
        SandboxedDecoder(program: program, seconds: seconds)
    }

    @Test(arguments: [
        "turned-6.heic", "cropped.heic", "heif-enc.avif", "two-pages.tif", "preview.dng", "animated.webp",
        "progressive-broken-profile.jpg", "cmyk-adobe.jpg", "display-p3.png", "ios18.heic",
    ])
    func childGivesTheSamePixels(_ name: String) throws {
        let bytes = try fixture(name)
        let sandbox = Self.decoder()
        for _ in 0..<3 {
            let photo = try DecodedPhoto(bytes, limits: DecodingLimits(), sandbox: sandbox)
            let local = try DecodedPhoto(bytes, limits: DecodingLimits(), sandbox: nil)
            #expect(photo.picture == local.picture)
            #expect((photo.format, photo.camera, photo.captured) == (local.format, local.camera, local.captured))
        }
    }

    @Test(arguments: ["turned-6.heic", "tiled.tif", "progressive-broken-profile.jpg"], [Reduction.whole, .half])
    func childGivesTheSamePart(_ name: String, _ reduction: Reduction) throws {
        let bytes = try fixture(name)
        let square = FaceSquare(face(30, 10, 12, 12, eyes: 32, 14, 40, 14))
        let parts = try [Self.decoder(), nil].map { sandbox in
            try DecodedPhoto(bytes, limits: DecodingLimits(), square, size: 16, sandbox: sandbox) { _, _ in reduction }
        }
        #expect(parts[0].upright == parts[1].upright)
        #expect(parts[0].picture.width < 96 / reduction.rawValue)
    }

    @Test func childReportsTheSameErrors() throws {
        let sandbox = Self.decoder()
        var truncated = try fixture("turned-1.heic")
        truncated.removeLast(200)
        for bytes in [truncated, Array(truncated.prefix(60)), Array("\0\0\0\u{14}ftypqt  \0\0\0\0qt  ".utf8)] {
            let remote = #expect(throws: ImagingError.self) {
                try DecodedPhoto(bytes, limits: DecodingLimits(), sandbox: sandbox)
            }
            let local = #expect(throws: ImagingError.self) {
                try DecodedPhoto(bytes, limits: DecodingLimits(), sandbox: nil)
            }
            #expect(remote == local)
        }
        let next = try DecodedPhoto(fixture("turned-1.heic"), limits: DecodingLimits(), sandbox: sandbox)
        #expect(next.picture.width == 96, "the child decodes the next photo")
    }

    @Test func killedChildIsReplaced() throws {
        let sandbox = Self.decoder()
        let bytes = try fixture("turned-1.heic")
        do {
            let photo = try sandbox.open(bytes, DecodingLimits())
            kill(photo.process.identifier, SIGKILL)
            let error = #expect(throws: ImagingError.self) { try photo.picture(.whole) }
            #expect(error?.code == .damaged)
        }
        #expect(try DecodedPhoto(bytes, limits: DecodingLimits(), sandbox: sandbox).picture.width == 96)
    }

    /// The system counts the memory of the parent for a new child.
    @Test func memoryOfTheParentIsNotCountedForAChild() throws {
        let large = UnsafeMutableRawBufferPointer.allocate(byteCount: 700 << 20, alignment: 4096)
        large.initializeMemory(as: UInt8.self, repeating: 1)
        defer { large.deallocate() }
        let sandbox = Self.decoder()
        let photo = try sandbox.open(fixture("turned-1.heic"), DecodingLimits())
        kill(photo.process.identifier, SIGKILL)
        let error = #expect(throws: ImagingError.self) { try photo.picture(.whole) }
        #expect(error?.code == .damaged)
    }

    @Test func hangingChildIsEnded() throws {
        let sandbox = Self.decoder(seconds: 0.5)
        let photo = try Self.openWithRetries(sandbox, fixture("turned-1.heic"))
        kill(photo.process.identifier, SIGSTOP)
        let error = #expect(throws: ImagingError.self) { try photo.picture(.whole) }
        #expect(error?.code == .overBudget)
        #expect(!photo.process.isAlive)
    }

    /// Opens a photo. On a busy machine the start of a child may take longer than half a second.
    private static func openWithRetries(_ sandbox: SandboxedDecoder, _ bytes: [UInt8]) throws -> SandboxedDecoder.Photo
    {
        for _ in 0..<40 {
            do { return try sandbox.open(bytes, DecodingLimits()) } catch let error as ImagingError {
                guard error.code == .overBudget else { throw error }
            }
        }
        return try sandbox.open(bytes, DecodingLimits())
    }

    /// The size in a file's header may be wrong, so the memory of the codec is limited as well.
    @Test func memoryOfAChildIsLimited() throws {
        let process = try DecoderProcess(Self.program, seconds: 30)
        let bytes = try scene(width: 1600, height: 1200).encoded(as: .heic, quality: 50)
        _ = try process.header(of: bytes, DecodingLimits().budget)
        #expect(try process.picture(.whole).width == 1600)
        let error = #expect(throws: ImagingError.self) {
            _ = try process.header(of: bytes, DecodingBudget(pixelLimit: 0, memoryLimit: 8 << 20))
            _ = try process.picture(.whole)
        }
        #expect(error?.code == .damaged || error?.code == .overBudget)
    }

    /// The time is that of the processor. A busy machine does not change the result.
    @Test func processorTimeOfAChildIsLimited() throws {
        let process = try DecoderProcess(Self.program, seconds: 60)
        let bytes = try scene(width: 6000, height: 4000).encoded(as: .png)
        let error = #expect(throws: ImagingError.self) {
            _ = try process.header(of: bytes, DecodingBudget(pixelLimit: 0, processorLimit: 0.02))
            _ = try process.picture(.whole)
        }
        #expect(error?.code == .overBudget)
        #expect(!process.isAlive)
    }

    @Test func budgetGrowsWithThePhoto() {
        let budget = DecodingLimits().budget
        #expect(budget.memory(pixels: 12_000_000) == 900_000_000)
        #expect(budget.memory(pixels: 64_000_000) == 900_000_000)
        #expect(budget.memory(pixels: 250_000_000) == 2_016_000_000)
        #expect(budget.memory(pixels: .max) == 2_016_000_000, "the limit counts, whatever the header states")
        #expect(DecodingLimits(pixels: .max, bytes: .max).budget.memory(pixels: .max) == nil)
        #expect(budget.processorSeconds(pixels: 0) == 20)
        #expect(budget.processorSeconds(pixels: 12_000_000) == 26)
        #expect(budget.processorSeconds(pixels: .max) == 145)
    }
}
