import Catalog
import Core
import Foundation
import Intake
import Storage
import Validation
import Versions

/// A search for all files of a workspace that the catalog does not explain. These files may hold data of a withdrawn
/// person.
///
/// The survey changes nothing and follows no symbolic link below the workspace. It visits `photos`, `images`, `versions`,
/// `runs` and `quarantine`. Unfinished files of processes that ended are not listed there, because a withdrawal removes
/// all of them. Outside these folders, the survey only searches identical copies of withdrawn photos.
struct WorkspaceSurvey {
    /// Copies of withdrawn photos under other names, which a withdrawal removes.
    private(set) var copies: [RelativePath] = []
    /// Images of photos that are not in the catalog. An interrupted import can leave such images; the next import makes
    /// them again.
    private(set) var leftovers: [RelativePath] = []
    /// Sorted by path.
    private(set) var undecided: [UndecidedFile] = []
    /// The files and folders in the workspace's folder that Curare did not write, sorted by path.
    private(set) var unknownFiles: [RelativePath] = []

    private let workspace: Workspace
    private let withdrawn: Set<PhotoID>
    private let formats: [PhotoID: String]

    /// - Parameters:
    ///   - withdrawn: the photos and quarantined files that the withdrawal removes or has removed.
    ///   - unrelatedRuns: the names of the runs that the withdrawal does not change.
    ///   - removed: paths below `quarantine/` that the withdrawal removes.
    /// - Throws: ``CurareError`` (74) when a folder cannot be read.
    init(
        _ workspace: Workspace, _ catalog: Catalog, withdrawn: Set<PhotoID>, _ evidence: VersionEvidence,
        unrelatedRuns: Set<String>, removed: Set<RelativePath>
    ) throws {
        self.workspace = workspace
        self.withdrawn = withdrawn
        formats = try catalog.formats()
        try surveyPhotos()
        try surveyImages()
        try surveyVersions(evidence)
        try surveyRuns(unrelated: unrelatedRuns)
        try surveyQuarantine(removed: removed, people: catalog.knownPeople())
        try surveyOtherFiles()
        undecided.sort { $0.path < $1.path }
        unknownFiles.sort()
    }

    // MARK: - Entries

    /// Returns the entries of a folder of the workspace, without unfinished files. When a file has the name of the
    /// folder, the file is listed and has no entries.
    private mutating func entries(of folder: URL) throws -> [FolderEntry] {
        let path = RelativePath(folder.lastPathComponent)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
        if exists ? !isFolder.boolValue : FileRemoval.exists(path, below: workspace.root) {
            undecided.append(UndecidedFile(path: path, reason: .unknownFile))
            return []
        }
        return try entries(of: path)
    }

    private func entries(of path: RelativePath) throws -> [FolderEntry] {
        try FolderListing.entries(path, below: workspace.root).filter { !$0.isPartial }
    }

    /// Classifies an entry that Curare has not written under this name. The removal of a link does not change its
    /// target.
    private mutating func add(_ entry: FolderEntry, _ reason: UndecidedFile.Reason = .unknownFile) throws {
        if let name = entry.name, Self.photo(in: name).map(withdrawn.contains) == true {
            copies.append(entry.path)
        } else if entry.kind == .file, let digest = digest(of: entry), withdrawn.contains(digest) {
            copies.append(entry.path)
        } else {
            undecided.append(UndecidedFile(path: entry.path, reason: entry.kind == .link ? .link : reason))
        }
    }

    /// Returns the id at the start of a file name, such as `ID.jpg.bak` or `.ID.jpg`.
    private static func photo(in name: String) -> PhotoID? { PhotoID(hex: String(name.drop { $0 == "." }.prefix(64))) }

    /// Returns the SHA-256 of a file. Nil when the file cannot be read: a person then decides about it.
    private func digest(of entry: FolderEntry) -> PhotoID? {
        let file = workspace.root.appending(path: String(decoding: entry.path.bytes, as: UTF8.self))
        do { return try RegularFile(file).sha256() } catch { return nil }
    }

    // MARK: - Files outside Curare's folders

    /// Searches the files outside Curare's folders for copies of withdrawn photos. Curare did not write the copies, and
    /// they may be the only originals of a person, so that a person decides about them. A person also decides about files
    /// and folders that cannot be read.
    private mutating func surveyOtherFiles() throws {
        let folders = Set(workspace.folders.map(\.lastPathComponent))
        let files = Set(Catalog.fileNames(in: workspace) + [FolderLock.fileName])
        for entry in try FolderListing.entries(.root, below: workspace.root) {
            if let name = entry.name, folders.contains(name) || (entry.kind == .file && files.contains(name)) {
                continue
            }
            // The user places weights in the folder `weights`.
            if entry.name != workspace.weights.lastPathComponent { unknownFiles.append(entry.path) }
            searchCopies(in: entry)
        }
    }

    private mutating func searchCopies(in entry: FolderEntry) {
        // A path that is not UTF-8 cannot be opened.
        guard entry.name != nil else { return addUnread(entry) }
        switch entry.kind {
        case .file:
            guard let digest = digest(of: entry) else { return addUnread(entry) }
            if withdrawn.contains(digest) { undecided.append(UndecidedFile(path: entry.path, reason: .copy)) }
        case .folder:
            let entries: [FolderEntry]
            do {
                entries = try FolderListing.entries(entry.path, below: workspace.root)
            } catch {
                // The folder can belong to somebody else: it must not stop the withdrawal.
                return addUnread(entry)
            }
            for entry in entries { searchCopies(in: entry) }
        case .link, .other: break
        }
    }

    private mutating func addUnread(_ entry: FolderEntry) {
        undecided.append(UndecidedFile(path: entry.path, reason: .unreadableFile))
    }

    // MARK: - Photos and images

    private mutating func surveyPhotos() throws {
        for folder in try entries(of: workspace.photos) {
            guard folder.kind == .folder, let digits = folder.name, Workspace.isSubfolder(digits) else {
                try add(folder)
                continue
            }
            for entry in try entries(of: folder.path) {
                guard let photo = entry.name.flatMap(Self.photo), photo.hex.hasPrefix(digits) else {
                    try add(entry)
                    continue
                }
                let name = formats[photo].map { "\(photo.hex).\(Workspace.suffix(of: $0))" }
                if entry.kind != .file || entry.name != name {
                    try add(entry, name == nil ? .unknownPhoto : .unknownFile)
                }
            }
        }
    }

    private mutating func surveyImages() throws {
        for profile in try entries(of: workspace.images) {
            guard profile.kind == .folder, profile.name.flatMap(Profile.init(name:)) != nil else {
                try add(profile)
                continue
            }
            // The folder with drawn triggers is removed as a whole.
            for folder in try entries(of: profile.path) where folder.name != Workspace.overlaidImageFolderName {
                guard folder.kind == .folder, let digits = folder.name, Workspace.isSubfolder(digits) else {
                    try add(folder)
                    continue
                }
                for entry in try entries(of: folder.path) { try addImage(entry, digits) }
            }
        }
    }

    private mutating func addImage(_ entry: FolderEntry, _ digits: String) throws {
        guard entry.kind == .file, let photo = entry.name.flatMap(Self.photo), photo.hex.hasPrefix(digits),
            entry.name == "\(photo.hex).png"
        else { return try add(entry) }
        if formats[photo] != nil { return }
        if withdrawn.contains(photo) { copies.append(entry.path) } else { leftovers.append(entry.path) }
    }

    // MARK: - Versions

    private mutating func surveyVersions(_ evidence: VersionEvidence) throws {
        let unreadable = Set(evidence.unreadable.map(\.description))
        let changed = Set(evidence.changed.map(\.description))
        for name in try entries(of: workspace.versions) {
            guard name.kind == .folder, let text = name.name, VersionName.isValid(text) else {
                try add(name)
                continue
            }
            for folder in try entries(of: name.path) {
                if folder.name.flatMap(Workspace.numberOfReplacedVersion) != nil { continue }
                guard folder.kind == .folder, let number = folder.name.flatMap(Workspace.versionNumber) else {
                    try add(folder)
                    continue
                }
                let reference = "\(text)@\(number)"
                if unreadable.contains(reference) {
                    undecided.append(UndecidedFile(path: folder.path, reason: .unreadableVersion))
                } else if changed.contains(reference) {
                    undecided.append(UndecidedFile(path: folder.path, reason: .changedVersion))
                } else {
                    try surveyVersion(folder, overlays: evidence.overlays[reference] ?? [])
                }
            }
        }
    }

    /// Lists unknown files in the folder of an intact version.
    private mutating func surveyVersion(_ folder: FolderEntry, overlays: Set<String>) throws {
        for entry in try entries(of: folder.path) {
            if entry.name == VersionFiles.overlayFolder, entry.kind == .folder {
                for picture in try entries(of: entry.path)
                where picture.kind != .file || picture.name.map(overlays.contains) != true {
                    try add(picture)
                }
            } else if entry.kind != .file || entry.name.map(VersionFiles.names.contains) != true {
                try add(entry)
            }
        }
    }

    // MARK: - Runs

    private mutating func surveyRuns(unrelated: Set<String>) throws {
        for run in try entries(of: workspace.runs)
        where run.path != RelativePath(workspace.path(of: workspace.features)) {
            guard run.kind == .folder, let name = run.name else {
                try add(run)
                continue
            }
            // An affected run is cleaned, and then has no unknown files.
            guard unrelated.contains(name) else { continue }
            for entry in try entries(of: run.path)
            where entry.kind != .file || entry.name.map(RunFiles.isKnown) != true {
                try add(entry)
            }
        }
    }

    // MARK: - Quarantine

    /// - Parameter people: everyone whom a note can name.
    private mutating func surveyQuarantine(removed: Set<RelativePath>, people: Set<String>) throws {
        let damaged = Set(
            try QuarantinedFile.all(in: workspace).filter { file in
                file.isDamaged || file.people.map { !people.isSuperset(of: $0) } ?? true
            }.flatMap(\.paths).map { RelativePath($0) })
        for session in try entries(of: workspace.quarantine) {
            guard session.kind == .folder, session.name.map(SessionName.isValid) == true else {
                try add(session)
                continue
            }
            for entry in try entries(of: session.path) where !removed.contains(entry.path) {
                if entry.kind != .file || entry.name.map(QuarantineFiles.isValid) != true {
                    try add(entry)
                } else if damaged.contains(entry.path) {
                    try add(entry, .damagedNote)
                }
            }
        }
    }
}
