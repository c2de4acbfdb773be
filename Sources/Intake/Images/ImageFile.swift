import Core
import Foundation
import Imaging
import Storage

/// The PNG file of an image. ``ImageMaker`` can make the file again from the original.
public struct ImageFile: Sendable {
    public let url: URL

    /// The image of `photo` under `profile`.
    public init(_ workspace: Workspace, _ photo: PhotoID, _ profile: Profile) {
        url = workspace.imageFile(photo, profile)
    }

    /// An image with a drawn trigger.
    init(overlaid image: ImageDigest, _ workspace: Workspace, _ profile: Profile) {
        url = workspace.overlaidImageFile(image, profile)
    }

    /// The image file at `url`.
    public init(at url: URL) {
        self.url = url
    }

    public var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

    /// The content of the file; nil when the file is missing or is not an image. Curare then makes the image again.
    ///
    /// - Throws: ``CurareError`` (74) when the file exists and cannot be read.
    var picture: Picture? {
        get throws {
            guard let bytes = try RegularFile.contentsIfPresent(url) else { return nil }
            do {
                return try DecodedPhoto(bytes).picture
            } catch {
                return nil
            }
        }
    }

    /// The digest of the file's pixels; nil when the file is missing or is not an image.
    ///
    /// - Throws: ``CurareError`` (74) when the file exists and cannot be read.
    var digest: ImageDigest? { get throws { try picture?.digest } }

    /// Returns the bytes of an image from another person, and the digest of its pixels. The digest is nil when the file
    /// is not an image, or is larger than an image of `profile` can be. Pixels of such a file are not decoded. Returns nil
    /// when the file is missing.
    ///
    /// - Throws: ``CurareError`` (65) when the file is not a regular file, (74) when it cannot be read.
    func received(_ profile: Profile) throws -> (bytes: [UInt8], digest: ImageDigest?)? {
        let limits = DecodingLimits(imagesOf: profile)
        let file: RegularFile
        do {
            file = try RegularFile(url, missing: .missingInput, irregular: .badInput)
        } catch let error as CurareError where error.code == .missingInput {
            return nil
        }
        guard file.size <= limits.bytes else { return ([], nil) }
        let bytes = try file.bytes(limit: limits.bytes)
        do {
            return try (bytes, DecodedPhoto(bytes, limits: limits).picture.digest)
        } catch {
            return (bytes, nil)
        }
    }

    /// Removes the file.
    ///
    /// - Throws: ``CurareError`` (74).
    func remove() throws { try FileRemoval.remove(url) }

    /// Returns the image as a PNG whose longer side has `side` pixels, or nil when the file is missing or is not an
    /// image.
    public func thumbnail(side: Int) throws -> [UInt8]? {
        try picture?.rendered(size: side, crop: .none, colour: .srgb).png()
    }

    /// Writes the file without flushing it. The caller flushes before it records the file.
    func write(_ picture: Picture) throws {
        try AtomicFile.write(picture.png(), to: url, isOneOfMany: true)
    }
}

extension DecodingLimits {
    /// The limits of an image file: a PNG with at most `size` × `size` pixels. Four bytes per pixel are more than a PNG
    /// needs for three channels that cannot be compressed.
    init(imagesOf profile: Profile) {
        let pixels = profile.size * profile.size
        self.init(pixels: pixels, bytes: 4 * pixels + 65_536)
    }
}

extension PhotoMeasures {
    init(_ measurement: PhotoMeasurement) {
        self.init(
            perceptualHash: measurement.perceptualHash, face: measurement.face.map(FaceRecord.init),
            quality: measurement.quality, light: measurement.light)
    }
}

extension FaceRecord {
    init(_ search: FaceSearch) {
        self.init(
            found: search.found, face: search.face, landmarks: Landmarks(search.landmarks),
            confidence: search.confidence, suspectedRotation: search.suspectedRotation?.rawValue,
            detector: search.detector)
    }
}
