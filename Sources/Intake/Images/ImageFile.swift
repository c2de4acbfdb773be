import Core
import Foundation
import Imaging
import Storage

/// The PNG of a photo under a profile: derived, so that losing it loses nothing.
public struct ImageFile: Sendable {
    public let url: URL

    public init(_ workspace: Workspace, _ photo: PhotoID, _ profile: Profile) {
        url = workspace.imageFile(photo, profile)
    }

    /// A copy on which a trigger is drawn.
    init(drawn image: ImageDigest, _ workspace: Workspace, _ profile: Profile) {
        url = workspace.drawnFile(image, profile)
    }

    /// Where a version says that an image lies.
    public init(at url: URL) {
        self.url = url
    }

    public var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

    /// What the file shows; nil where it holds no picture.
    var picture: Picture? {
        FileManager.default.contents(atPath: url.path).flatMap { try? DecodedPhoto(Array($0)).picture }
    }

    /// The digest of the pixels in the file; nil where it holds no picture.
    var digest: ImageDigest? { picture.map { ImageDigest($0.digest) } }

    func remove() throws {
        guard unlink(url.path) == 0 else {
            throw CurareError(
                .inputOutput, "the changed image could not be removed: \(String(cString: strerror(errno)))",
                at: url.path)
        }
    }

    /// The image as a small PNG whose longer side has `side` pixels; nil where the file holds no picture.
    public func thumbnail(side: Int) -> [UInt8]? {
        try? picture?.rendered(Rendering(size: side, crop: .none, colour: .srgb)).png()
    }

    /// Written with others: whoever records it flushes first.
    func write(_ picture: Picture) throws {
        try AtomicFile.write(picture.png(), to: url, isOneOfMany: true)
    }
}
