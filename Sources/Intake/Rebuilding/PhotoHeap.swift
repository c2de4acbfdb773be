import Core
import Foundation
import Imaging
import Storage

/// A folder of files in no order, under any names: photos are found in it by their bytes.
struct PhotoHeap {
    private let files: [URL]

    /// - Throws: ``CurareError`` (66) where there is no such folder.
    init(_ folder: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue,
            let paths = FileManager.default.enumerator(atPath: folder.path)
        else {
            throw CurareError(
                .missingInput, "there is no folder of photos here", at: folder.path,
                next: "name the folder that holds the photos, in any order and under any names")
        }
        files = paths.compactMap { $0 as? String }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
            folder.appending(path: $0)
        }
    }

    /// A file for each of `photos` that lies here; of several with the same bytes the first by path. What cannot be read is passed over.
    func find(_ photos: Set<PhotoID>, workers: ThreadBudget, progress: (Int, Int) -> Void) throws -> [PhotoID: URL] {
        var found: [PhotoID: URL] = [:]
        var done = 0
        try workers.forEach(files) {
            try? RegularFile($0).photoID()
        } inOrder: { file, id in
            done += 1
            progress(done, files.count)
            if let id, photos.contains(id), found[id] == nil { found[id] = file }
        }
        return found
    }
}
