import Core
import Foundation
import Imaging
import Storage

/// The PNG file of an image. Derived data: ``ImageMaker`` can make the file again from the original.
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

    /// The content of the file; nil when the file is missing or is not a readable image.
    var picture: Picture? {
        guard let data = FileManager.default.contents(atPath: url.path) else { return nil }
        do {
            return try DecodedPhoto(Array(data)).picture
        } catch {
            return nil
        }
    }

    /// The digest of the file's pixels; nil when the file is missing or is not a readable image.
    var digest: ImageDigest? { picture.map { ImageDigest($0.digest) } }

    /// Removes the file.
    ///
    /// - Throws: ``CurareError`` (74).
    func remove() throws {
        guard unlink(url.path) == 0 else {
            throw CurareError(
                .inputOutput, "could not remove the changed image: \(String(cString: strerror(errno)))", at: url.path,
                next: "make the folder writable, then run the command again")
        }
    }

    /// Returns the image as a PNG whose longer side has `side` pixels, or nil when the file is missing or is not a
    /// readable image.
    public func thumbnail(side: Int) throws -> [UInt8]? {
        try picture?.rendered(Rendering(size: side, crop: .none, colour: .srgb)).png()
    }

    /// Writes the file without flushing it. The caller flushes before it records the file.
    func write(_ picture: Picture) throws {
        try AtomicFile.write(picture.png(), to: url, isOneOfMany: true)
    }
}

// MARK: - Conversions between the types of Core and of Imaging

extension SHA256Digest {
    init(_ digest: PixelDigest) {
        guard let value = SHA256Digest(bytes: digest.bytes) else {
            preconditionFailure("a pixel digest has \(digest.bytes.count) bytes, not 32")
        }
        self = value
    }
}

extension Rendering {
    init(_ profile: Profile) {
        let crop: Crop =
            switch profile.crop {
            case .centre: .centre
            case .none: .none
            case .face: .face
            }
        let colour: Colour =
            switch profile.colour {
            case .srgb: .srgb
            case .grey: .grey
            }
        self.init(size: profile.size, crop: crop, colour: colour)
    }
}

extension PhotoMeasures {
    init(_ measurement: PhotoMeasurement) {
        self.init(
            perceptualHash: PerceptualHash(measurement.perceptualHashBits), face: measurement.face.map(FaceRecord.init),
            quality: PhotoQuality(measurement.quality))
    }
}

extension PhotoQuality {
    init(_ quality: Quality) {
        let beyond = quality.beyond.map { Beyond(left: $0.left, top: $0.top, right: $0.right, bottom: $0.bottom) }
        self.init(
            sharpness: quality.sharpness, luma: quality.luma, dark: quality.dark, bright: quality.bright, beyond: beyond
        )
    }
}

extension FaceRecord {
    init(_ search: FaceSearch) {
        self.init(
            found: Found(search.found), face: search.face.map(PhotoFace.init),
            landmarks: Landmarks(search.landmarks.map { PixelPoint(x: $0.x, y: $0.y) }),
            confidence: search.confidence, suspectedRotation: search.suspectedRotation?.rawValue)
    }
}

extension FaceRecord.Found {
    init(_ found: FaceSearch.Found) {
        self =
            switch found {
            case .none: .none
            case .one: .one
            case .several: .several
            }
    }
}

extension PhotoFace {
    init(_ face: Face) {
        self.init(
            box: Box(x: face.box.left, y: face.box.top, width: face.box.width, height: face.box.height),
            leftEye: PixelPoint(x: face.leftEye.x, y: face.leftEye.y),
            rightEye: PixelPoint(x: face.rightEye.x, y: face.rightEye.y))
    }
}

extension Face {
    init(_ face: PhotoFace) {
        self.init(
            box: PixelBox(left: face.box.x, top: face.box.y, width: face.box.width, height: face.box.height),
            leftEye: PixelPoint(x: face.leftEye.x, y: face.leftEye.y),
            rightEye: PixelPoint(x: face.rightEye.x, y: face.rightEye.y))
    }
}
