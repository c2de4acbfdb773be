import Core
import Foundation

/// One study's folder, and where everything in it lies.
public struct Workspace: Sendable {
    public let root: URL

    /// The folder at `root`, whether or not anything is there yet.
    public init(root: URL) {
        self.root = root.standardizedFileURL
    }

    public var catalogFile: URL { root.appending(path: "curare.sqlite") }
    public var photos: URL { root.appending(path: "photos") }
    public var images: URL { root.appending(path: "images") }
    public var versions: URL { root.appending(path: "versions") }
    public var runs: URL { root.appending(path: "runs") }
    public var quarantine: URL { root.appending(path: "quarantine") }

    /// The original of `photo`: two digits of its id make the folder. `format` gives the suffix; JPEG's is `jpg`.
    public func photoFile(_ photo: PhotoID, format: String) -> URL {
        let hex = photo.hex
        return photos.appending(path: hex.prefix(2)).appending(path: "\(hex).\(Self.suffix(of: format))")
    }

    /// The suffix of an original of that format.
    public static func suffix(of format: String) -> String { format == "jpeg" ? "jpg" : format }

    /// The image of `photo` under `profile`.
    public func imageFile(_ photo: PhotoID, _ profile: Profile) -> URL {
        let hex = photo.hex
        return images.appending(path: profile.name).appending(path: hex.prefix(2)).appending(path: "\(hex).png")
    }

    /// An image that a trigger was drawn on, named by its own digest.
    public func drawnFile(_ image: ImageDigest, _ profile: Profile) -> URL {
        let hex = image.hex
        return images.appending(path: profile.name).appending(path: "drawn").appending(path: hex.prefix(2)).appending(
            path: "\(hex).png")
    }

    /// The folder of version `number` of `name`; there until it is written, or not.
    public func versionFolder(_ name: String, _ number: Int) -> URL {
        versions.appending(path: name).appending(path: String(number))
    }

    /// The folders of runs, by name.
    public func runFolders() -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { runs.appending(path: $0) }
    }

    /// The workspace that a command works on: `explicit`, else `$CURARE_WORKSPACE`, else the nearest folder upward that is one.
    ///
    /// - Throws: ``CurareError`` (66) where there is none.
    public static func find(explicit: String?, environment: [String: String], from folder: URL) throws -> Workspace {
        if let path = explicit ?? environment["CURARE_WORKSPACE"], !path.isEmpty {
            let workspace = Workspace(root: URL(filePath: path, relativeTo: folder))
            guard workspace.exists else {
                throw CurareError(
                    .missingInput, "this folder is not a workspace: it holds no curare.sqlite", at: workspace.root.path,
                    next: "make one with: curare init \(path)")
            }
            return workspace
        }
        var candidate = Workspace(root: folder)
        while !candidate.exists {
            let parent = candidate.root.deletingLastPathComponent().standardizedFileURL
            guard parent.path != candidate.root.path else {
                throw CurareError(
                    .missingInput, "there is no workspace in this folder or above it", at: folder.path,
                    next: "make one with: curare init DIR, or name one with --workspace DIR")
            }
            candidate = Workspace(root: parent)
        }
        return candidate
    }

    /// Whether `place`, which need not be there yet, lies in this folder, wherever symbolic links lead.
    public func holds(_ place: URL) -> Bool {
        var ancestor = place.standardizedFileURL
        while ancestor.path != "/", !FileManager.default.fileExists(atPath: ancestor.path) {
            ancestor.deleteLastPathComponent()
        }
        let own = root.resolvingSymlinksInPath().path
        let real = ancestor.resolvingSymlinksInPath().path
        return real == own || real.hasPrefix(own + "/")
    }

    public var exists: Bool { FileManager.default.fileExists(atPath: catalogFile.path) }

    /// Makes the folders of a new workspace, for the owner alone.
    public func makeFolders() throws {
        for folder in [root, photos, images, versions, runs, quarantine] {
            try AtomicFile.makeFolder(folder)
        }
    }

    /// Clears away what a killed process left half-written among photos and images. For the holder of the workspace's lock alone.
    public func removePartialFiles() throws {
        for folder in [photos, images] {
            guard let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
                continue
            }
            for case let file as URL in paths where AtomicFile.isPartial(file.lastPathComponent) {
                try? FileManager.default.removeItem(at: file)
            }
        }
    }
}
