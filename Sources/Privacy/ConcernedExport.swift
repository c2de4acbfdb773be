import Catalog
import Core
import Foundation

/// A folder outside of the study that holds a person's images: Curare does not touch it, and names it to whoever must.
public struct ConcernedExport: Hashable, Sendable {
    public let record: ExportRecord
    /// Whether the folder, or what a killed export left beside its place, is still there.
    public let isThere: Bool
    /// Images there that bear the id of a withdrawn photo; those in tar shards are not seen.
    public let images: Int
    /// Those of them that are the workspace's own files under another name: removing the workspace's leaves them whole.
    public let linked: Int

    /// - Parameter own: the workspace's files of the photos' images.
    init(_ record: ExportRecord, photos: Set<PhotoID>, own: Set<FileIdentity>) {
        self.record = record
        let place = URL(filePath: record.path)
        let folders = [place, place.deletingLastPathComponent().appending(path: ".\(place.lastPathComponent).partial")]
            .filter { FileManager.default.fileExists(atPath: $0.path) }
        let files = folders.flatMap { folder in
            (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).map {
                folder.appending(path: $0)
            }
        }.filter {
            PhotoID(hex: $0.deletingPathExtension().lastPathComponent).map(photos.contains) == true
                && $0.pathExtension == "png"
        }
        (isThere, images) = (!folders.isEmpty, files.count)
        linked = files.count { FileIdentity($0).map(own.contains) == true }
    }
}

/// A file whatever it is called: two names with the same identity are hard links.
struct FileIdentity: Hashable {
    private let device, number: UInt64

    /// Nil where there is no file.
    init?(_ file: URL) {
        var status = stat()
        guard lstat(file.path, &status) == 0 else { return nil }
        (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
}
