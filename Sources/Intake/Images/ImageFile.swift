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

extension PhotoMeasures {
    init(_ measurement: PhotoMeasurement) {
        self.init(
            perceptualHash: measurement.perceptualHash, face: measurement.face.map(FaceRecord.init),
            quality: measurement.quality)
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
