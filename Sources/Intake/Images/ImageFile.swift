import Catalog
import Foundation
import Imaging

/// The PNG of a photo under a profile: derived, so that losing it loses nothing.
public struct ImageFile: Sendable {
    public let url: URL

    public init(_ workspace: Workspace, _ photo: PhotoID, _ profile: Profile) {
        url = workspace.imageFile(photo, profile)
    }

    public var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

    /// The digest of the pixels in the file; nil where it holds no picture.
    var digest: ImageDigest? {
        guard let data = FileManager.default.contents(atPath: url.path), let photo = try? DecodedPhoto(Array(data)) else { return nil }
        return ImageDigest(photo.picture.digest)
    }

    func remove() throws {
        guard unlink(url.path) == 0 else { throw Refusal(.inputOutput, "the changed image could not be removed: \(String(cString: strerror(errno)))", at: url.path) }
    }

    /// Written with others: whoever records it flushes first.
    func write(_ picture: Picture) throws {
        try DurableFile.write(Data(try picture.png()), to: url, isOneOfMany: true)
    }
}
