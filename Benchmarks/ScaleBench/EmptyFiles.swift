import Core
import Foundation
import Storage

/// Empty files where a photo's original and image would lie.
struct EmptyFiles {
    private let workspace: Workspace
    private var folders: Set<String> = []

    init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    mutating func make(_ photo: PhotoID, _ profile: Profile) throws {
        let hex = photo.hex
        let folder = String(hex.prefix(2))
        for (place, suffix) in [(workspace.photos, "jpg"), (workspace.images.appending(path: profile.name), "png")] {
            let path = "\(place.path)/\(folder)"
            if folders.insert(path).inserted {
                try AtomicFile.makeFolder(URL(filePath: path, directoryHint: .isDirectory))
            }
            let descriptor = open("\(path)/\(hex).\(suffix)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw POSIXError(.EIO) }
            close(descriptor)
        }
    }
}
