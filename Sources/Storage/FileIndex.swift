import Core
import Foundation

/// Which files of photos lie below a folder, in subfolders by the first two digits of their ids: each subfolder is listed once, where asking for a million files
/// one by one takes a minute.
public struct FileIndex: Sendable {
    private struct Filed: Comparable {
        let photo: PhotoID
        let suffix: Int32

        static func < (left: Self, right: Self) -> Bool {
            left.photo == right.photo ? left.suffix < right.suffix : left.photo < right.photo
        }
    }

    /// In order.
    private var files: [Filed] = []
    /// Where the files of each subfolder begin, and at last where they end.
    private var starts = [0]
    private var suffixes: [String: Int32] = [:]

    /// What is there now; a folder that is not there or cannot be listed holds nothing.
    public init(_ folder: URL) {
        for number in 0..<256 {
            let start = starts[number]
            let digits = String(number, radix: 16)
            list(folder.appending(path: number < 16 ? "0\(digits)" : digits).path, belonging: UInt8(number))
            files[start...].sort()
            starts.append(files.count)
        }
    }

    /// Whether the file `PHOTO.suffix` is in its place.
    public func holds(_ photo: PhotoID, _ suffix: String) -> Bool {
        guard let suffix = suffixes[suffix] else { return false }
        let wanted = Filed(photo: photo, suffix: suffix)
        let folder = Int(photo.firstByte)
        let end = starts[folder + 1]
        var (low, high) = (starts[folder], end)
        while low < high {
            let middle = (low + high) / 2
            if files[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < end && files[low] == wanted
    }

    /// - Parameter start: the first two digits of the ids that belong there.
    private mutating func list(_ path: String, belonging start: UInt8) {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            withUnsafeBytes(of: &entry.pointee.d_name) { name in
                let length = name.firstIndex(of: 0) ?? name.count
                guard length > 65, name[64] == UInt8(ascii: "."),
                    let photo = PhotoID(hexDigits: UnsafeRawBufferPointer(rebasing: name[..<64])),
                    photo.firstByte == start
                else { return }
                let suffix = String(decoding: name[65..<length], as: UTF8.self)
                let number = suffixes[suffix] ?? Int32(suffixes.count)
                suffixes[suffix] = number
                files.append(Filed(photo: photo, suffix: number))
            }
        }
    }
}
