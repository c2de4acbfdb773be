import Core
import Foundation
import SystemPackage

/// The number and the size of files.
public struct FolderSize: Hashable, Sendable {
    public private(set) var files = 0
    public private(set) var bytes = 0

    /// Counts no file.
    public init() {}

    /// Measures everything below a folder. A missing folder has no files. A file with several names (hard links) counts
    /// once for each name below the folder.
    ///
    /// - Throws: ``CurareError`` (74) if a folder or a file cannot be examined.
    public init(of folder: URL) throws {
        let sizes = try FolderListing.sizes(below: folder)
        files = sizes.count
        bytes = sizes.values.reduce(0, +)
    }

    /// Measures files. Folders and missing files do not count, and symbolic links are not followed.
    ///
    /// - Throws: ``CurareError`` (74) if a file cannot be examined.
    public init(of files: [URL]) throws {
        for size in try files.compactMap(Self.bytes) {
            self.files += 1
            bytes += size
        }
    }

    /// Returns the bytes of a file. Nil for anything else, and for a file that another process has removed.
    ///
    /// - Throws: ``CurareError`` (74) if the file cannot be examined.
    static func bytes(of file: URL) throws -> Int? {
        do {
            let status = try FilePath(file.path).stat(followTargetSymlink: false)
            return status.type == .regular ? Int(status.size) : nil
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            throw CurareError(
                .inputOutput, "the file cannot be examined: \(error)", at: file.path,
                next: "check that you may read the folder")
        }
    }

    public static func + (left: FolderSize, right: FolderSize) -> FolderSize {
        var sum = left
        sum.files += right.files
        sum.bytes += right.bytes
        return sum
    }
}
