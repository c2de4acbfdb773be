import Core
import Foundation
import Storage

/// The files below `photos/` and `images/` that bear the id of one of some photos, half-written ones among them.
struct PhotoFiles {
    private let workspace: Workspace
    private let photos: Set<PhotoID>

    init(_ workspace: Workspace, _ photos: Set<PhotoID>) {
        (self.workspace, self.photos) = (workspace, photos)
    }

    var originals: [URL] { files(below: workspace.photos) }
    var images: [URL] {
        Self.names(in: workspace.images).flatMap { files(below: workspace.images.appending(path: $0)) }
    }

    /// Images that a trigger was drawn on, whomever they show: they bear their own digests, and are drawn again when they are needed.
    var drawn: [URL] {
        Self.names(in: workspace.images).map { workspace.images.appending(path: $0).appending(path: "drawn") }.flatMap {
            root in
            Self.names(in: root).map { root.appending(path: $0) }.flatMap { folder in
                Self.names(in: folder).map { folder.appending(path: $0) }
            }
        }
    }

    /// Two digits of an id make the folder.
    private func files(below root: URL) -> [URL] {
        Set(photos.map { String($0.hex.prefix(2)) }).sorted().flatMap { digits in
            let folder = root.appending(path: digits)
            return Self.names(in: folder).filter { Self.id(in: $0).map(photos.contains) == true }.map {
                folder.appending(path: $0)
            }
        }
    }

    /// `ID.png`, or `.ID.png.UUID.partial`.
    private static func id(in name: String) -> PhotoID? {
        PhotoID(hex: String(name.drop { $0 == "." }.prefix(64)))
    }

    private static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    /// Removes a file and, where it was the last one, its folder. One that is not there was removed before.
    ///
    /// - Throws: ``CurareError`` (74) naming the file.
    static func remove(_ file: URL) throws {
        guard unlink(file.path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw CurareError(
                .inputOutput, "the file could not be removed: \(String(cString: strerror(errno)))", at: file.path,
                next: "see that you may write there, then run any command again: it goes on")
        }
        rmdir(file.deletingLastPathComponent().path)
    }
}
