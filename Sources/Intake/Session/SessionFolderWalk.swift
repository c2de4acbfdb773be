import Core
import Foundation
import Storage

/// The visible entries below a session's folder, before their kinds are known.
///
/// File names are bytes. A name that is not UTF-8 cannot be written into `session.csv`, and is reported as a problem.
struct SessionFolderWalk {
    /// Paths relative to the folder, in no order. Folders are left out.
    private(set) var paths: [String] = []
    /// Paths of files that the import skips.
    private(set) var sidecars: [String] = []
    private(set) var problems: [CurareError.Problem] = []
    private let root: URL

    /// Lists the folder. A symbolic link as `root` is followed. Links to folders below `root` are listed as paths.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be read.
    init(_ root: URL) throws {
        self.root = root
        var folders: [(path: String, isSkipped: Bool)] = [("", false)]
        while let folder = folders.popLast() {
            let path = folder.path.isEmpty ? root.path : root.path + "/" + folder.path
            try FolderListing.forEachEntry(in: path) { name, kind in
                guard name.first != UInt8(ascii: ".") else { return }
                let text = String(validating: name, as: UTF8.self)
                let entry = folder.path.isEmpty ? "" : folder.path + "/"
                if let text, kind == .folder {
                    let isSkipped = folder.isSkipped || SidecarFile.isSkippedFolder(text)
                    folders.append((entry + text, isSkipped))
                } else if folder.isSkipped || text.map(SidecarFile.isSkipped) == true {
                    sidecars.append(entry + (text ?? Self.escaped(name)))
                } else {
                    add(text, name, below: entry)
                }
            }
        }
    }

    private mutating func add(_ text: String?, _ name: UnsafeRawBufferPointer, below entry: String) {
        let location = "\(root.lastPathComponent)/\(entry)"
        guard let text else {
            problems.append(
                CurareError.Problem(
                    location + Self.escaped(name),
                    "the name is not UTF-8; rename the file, and write the new name in "
                        + SessionFolder.sheetName))
            return
        }
        paths.append(entry + text)
    }

    /// Returns a name that is not UTF-8, with each byte that is not ASCII written as an escape such as `\xff`.
    private static func escaped(_ name: UnsafeRawBufferPointer) -> String {
        name.map { byte in
            (32..<127).contains(byte)
                ? String(Character(Unicode.Scalar(byte)))
                : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
