import Core
import Foundation
import SystemPackage

/// A file or folder in a workspace, without its content.
public struct WorkspaceEntry: Hashable, Sendable {
    public enum Kind: Sendable {
        case file, folder
        /// A symbolic link, a pipe or a device.
        case other
    }

    /// The path relative to the workspace. Empty for the workspace's own folder.
    public let path: String
    public let kind: Kind
    public let size: Int
    /// The permission bits, such as 0o600.
    public let mode: UInt32
    /// The meaning of the entry's path.
    public let item: WorkspaceItem

    public init(path: String, kind: Kind, size: Int = 0, mode: UInt32 = 0o600) {
        self.path = path
        self.kind = kind
        self.size = size
        self.mode = mode
        item = WorkspaceItem(path: path, isFolder: kind == .folder)
    }
}

/// The meaning of a path in a workspace. Every path that Curare writes has a known meaning; any other path is
/// `unknown`.
public enum WorkspaceItem: Hashable, Sendable {
    case catalog
    /// The WAL file and the shared memory of SQLite.
    case catalogLog
    case lock
    /// A folder of the layout.
    case folder
    case original(PhotoID, suffix: String)
    case image(PhotoID, Profile)
    /// An image with a drawn trigger, named by its digest.
    case overlaidImage(ImageDigest, Profile)
    /// A file in the folder of a version, by the path of the folder.
    case versionFile(version: String)
    /// A file directly in the folder of a run.
    case runFile(run: String)
    case features
    case quarantine(session: String, key: String)
    /// Everything below `weights/` belongs to the user.
    case weights
    /// An unfinished file or folder of a process that was killed, or a file in such a folder.
    case leftover
    /// The old folder of a version while a redacted folder replaces it, or a file in the old folder.
    case replacedVersion(version: String)
    case unknown

    /// - Parameter path: relative to the workspace.
    public init(path: String, isFolder: Bool) {
        let parts = path.split(separator: "/").map(String.init)
        if parts.contains(where: AtomicFile.isPartial) {
            self = .leftover
            return
        }
        switch (parts.first, parts.count) {
        case (nil, _): self = .folder
        case ("curare.sqlite", 1): self = isFolder ? .unknown : .catalog
        case ("curare.sqlite-wal", 1), ("curare.sqlite-shm", 1): self = isFolder ? .unknown : .catalogLog
        case ("weights", _): self = .weights
        case ("photos", _): self = Self.inPhotos(parts, isFolder)
        case ("images", _): self = Self.inImages(parts, isFolder)
        case ("versions", _): self = Self.inVersions(parts, isFolder)
        case ("runs", _): self = Self.inRuns(parts, isFolder)
        case ("quarantine", _): self = Self.inQuarantine(parts, isFolder)
        default: self = path == FolderLock.fileName && !isFolder ? .lock : .unknown
        }
    }

    private static func inPhotos(_ parts: [String], _ isFolder: Bool) -> WorkspaceItem {
        if isFolder {
            return parts.count == 1 || (parts.count == 2 && Workspace.isSubfolder(parts[1])) ? .folder : .unknown
        }
        guard parts.count == 3, let (hex, suffix) = name(parts[2], in: parts[1]), let photo = PhotoID(hex: hex) else {
            return .unknown
        }
        return .original(photo, suffix: suffix)
    }

    private static func inImages(_ parts: [String], _ isFolder: Bool) -> WorkspaceItem {
        guard parts.count > 1 else { return isFolder ? .folder : .unknown }
        guard let profile = Profile(name: parts[1]), profile.name == parts[1] else { return .unknown }
        let isDrawn = parts.count > 2 && parts[2] == Workspace.overlaidImageFolderName
        let rest = parts.dropFirst(isDrawn ? 3 : 2)
        if isFolder {
            return rest.isEmpty || (rest.count == 1 && Workspace.isSubfolder(rest.first ?? "")) ? .folder : .unknown
        }
        guard rest.count == 2, let (hex, suffix) = name(rest.last ?? "", in: rest.first ?? ""), suffix == "png" else {
            return .unknown
        }
        if isDrawn { return ImageDigest(hex: hex).map { .overlaidImage($0, profile) } ?? .unknown }
        return PhotoID(hex: hex).map { .image($0, profile) } ?? .unknown
    }

    private static func inVersions(_ parts: [String], _ isFolder: Bool) -> WorkspaceItem {
        guard parts.count > 1 else { return isFolder ? .folder : .unknown }
        guard SessionName.isValid(parts[1]) else { return .unknown }
        guard parts.count > 2 else { return isFolder ? .folder : .unknown }
        if let number = Workspace.numberOfReplacedVersion(parts[2]) {
            return .replacedVersion(version: "\(parts[1])/\(number)")
        }
        guard let number = Workspace.versionNumber(parts[2]) else { return .unknown }
        let rest = parts.dropFirst(3).joined(separator: "/")
        if isFolder { return rest.isEmpty || rest == VersionFiles.overlayFolder ? .folder : .unknown }
        let isPicture = parts.count == 5 && parts[3] == VersionFiles.overlayFolder && parts[4].hasSuffix(".png")
        let isKnown = VersionFiles.names.contains(rest) || isPicture
        return isKnown ? .versionFile(version: "\(parts[1])/\(number)") : .unknown
    }

    private static func inRuns(_ parts: [String], _ isFolder: Bool) -> WorkspaceItem {
        guard parts.count > 1 else { return isFolder ? .folder : .unknown }
        if parts[1] == ".features" {
            if isFolder { return parts.count == 2 ? .folder : .unknown }
            return parts.count == 3 && RunFiles.hasWeights(parts[2]) ? .features : .unknown
        }
        guard !parts[1].hasPrefix(".") else { return .unknown }
        if isFolder { return parts.count == 2 ? .folder : .unknown }
        guard parts.count == 3 else { return .unknown }
        return RunFiles.isKnown(parts[2]) ? .runFile(run: parts[1]) : .unknown
    }

    private static func inQuarantine(_ parts: [String], _ isFolder: Bool) -> WorkspaceItem {
        if isFolder { return parts.count <= 2 ? .folder : .unknown }
        guard parts.count == 3, QuarantineFiles.isValid(parts[2]) else { return .unknown }
        return .quarantine(session: parts[1], key: String(parts[2].prefix { $0 != "." }))
    }

    /// Splits a file name `HEX.SUFFIX`. Nil if the name has another form, or if HEX does not start with the two digits
    /// of `folder`.
    private static func name(_ name: String, in folder: String) -> (hex: String, suffix: String)? {
        let hex = String(name.prefix(64))
        guard name.dropFirst(64).first == ".", hex.hasPrefix(folder), Workspace.isSubfolder(folder) else { return nil }
        return (hex, String(name.dropFirst(65)))
    }
}

extension Workspace {
    /// Returns every file and folder of the workspace, sorted by path, the workspace's own folder first. Symbolic links
    /// are not followed.
    ///
    /// - Parameter unreadable: receives the error of each folder that cannot be read.
    public func entries(unreadable: (CurareError) -> Void) -> [WorkspaceEntry] {
        var entries: [WorkspaceEntry] = []
        func add(_ path: String) {
            do {
                let url = path.isEmpty ? root : root.appending(path: path)
                let status = try FilePath(url.path).stat(followTargetSymlink: path.isEmpty)
                let kind: WorkspaceEntry.Kind =
                    switch status.type {
                    case .directory: .folder
                    case .regular: .file
                    default: .other
                    }
                entries.append(
                    WorkspaceEntry(
                        path: path, kind: kind, size: Int(status.size), mode: UInt32(status.permissions.rawValue)))
                guard kind == .folder else { return }
                for name in try FolderListing.names(in: url) { add(path.isEmpty ? name : "\(path)/\(name)") }
            } catch let error as CurareError {
                unreadable(error)
            } catch Errno.noSuchFileOrDirectory {
                // Another process removed the file since the folder was listed.
            } catch {
                unreadable(CurareError(.inputOutput, "the file cannot be examined: \(error)", at: path))
            }
        }
        add("")
        return entries
    }
}
