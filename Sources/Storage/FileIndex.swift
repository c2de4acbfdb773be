import Core
import Foundation

/// An index of the files `ab/PHOTO.SUFFIX` below a folder.
///
/// The index lists each of the 256 subfolders once. A million single checks for existence would take a minute.
public struct FileIndex: Sendable {
    private struct IndexedFile: Comparable {
        let photo: PhotoID
        let suffix: Int32

        static func < (left: Self, right: Self) -> Bool {
            left.photo == right.photo ? left.suffix < right.suffix : left.photo < right.photo
        }
    }

    /// In ascending order.
    private var files: [IndexedFile] = []
    /// For each leading byte, the index in ``files`` of the first file with this byte. The last element is the number
    /// of files.
    private var starts = [0]
    private var suffixes: [String: Int32] = [:]

    /// Lists the files. A missing folder has no files.
    ///
    /// - Throws: ``CurareError`` (74) if a folder cannot be read.
    public init(_ folder: URL) throws {
        for byte in UInt8.min...UInt8.max {
            let start = files.count
            let digits = String(byte, radix: 16)
            try list(folder.appending(path: byte < 16 ? "0\(digits)" : digits).path, firstByte: byte)
            files[start...].sort()
            starts.append(files.count)
        }
    }

    /// Returns whether the file `PHOTO.suffix` exists in the subfolder of its photo.
    public func holds(_ photo: PhotoID, _ suffix: String) -> Bool {
        guard let suffix = suffixes[suffix] else { return false }
        let wanted = IndexedFile(photo: photo, suffix: suffix)
        let byte = Int(photo.firstByte)
        let end = starts[byte + 1]
        var low = starts[byte]
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if files[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < end && files[low] == wanted
    }

    /// - Parameter firstByte: the first byte of the ids that belong into this subfolder.
    private mutating func list(_ path: String, firstByte: UInt8) throws {
        try FolderListing.forEachEntry(in: path) { name, _ in
            guard name.count > 65, name[64] == UInt8(ascii: "."),
                let photo = PhotoID(hexDigits: UnsafeRawBufferPointer(rebasing: name[..<64])),
                photo.firstByte == firstByte
            else { return }
            let suffix = String(decoding: name[65...], as: UTF8.self)
            let number = suffixes[suffix] ?? Int32(suffixes.count)
            suffixes[suffix] = number
            files.append(IndexedFile(photo: photo, suffix: number))
        }
    }
}
