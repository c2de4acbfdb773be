import Catalog
import Core
import Foundation
import Intake
import Storage
import Validation
import Versions

/// What a withdrawal removes, and what else the withdrawal affects. A person reads this before they confirm the
/// withdrawal.
public struct WithdrawalPlan: Sendable {
    public let order: WithdrawalOrder
    /// The number of image files that are removed.
    public let images: Int
    public let versions: [AffectedVersion]
    public let runs: [AffectedRun]
    public let exports: [AffectedExport]
    /// Photos that are kept and that a person should review first.
    public let needReview: [PhotoNeedingReview]
    /// Versions that cannot be read, so that their photos are unknown.
    public let unreadable: [String]
    /// Versions whose own name contains the pseudonym. Redaction does not change version names.
    public let namesContainingPseudonym: [String]
    /// Files and folders in the workspace's folder that Curare did not create.
    public let unknownFiles: [String]
    /// The record of the same withdrawal, when it was made before.
    public let earlier: Withdrawal?

    /// Whether the withdrawal was made before and nothing is left to remove.
    public var isDone: Bool {
        guard let earlier, !earlier.isPending, order.photos.isEmpty, order.paths.isEmpty else { return false }
        let isRunLeft = runs.contains { (!$0.models.isEmpty && !order.keepsModels) || $0.hasPictures }
        return !isRunLeft && (earlier.redacts || !order.redacts)
    }
}

/// A version that contains a withdrawn photo or names the person.
public struct AffectedVersion: Hashable, Sendable {
    /// `NAME@V`
    public let version: String
    /// The number of entries with a withdrawn photo.
    public let photos: Int
    /// Whether the version contains neither the photos nor the name any more.
    public let isRedacted: Bool
}

/// A run that trained or tested an affected version.
public struct AffectedRun: Hashable, Sendable {
    public let run: String
    /// `NAME@V`
    public let version: String?
    /// The names of the model files that exist.
    public let models: [String]
    public let hasPictures: Bool
    public let isFinished: Bool
}

/// An export of an affected version. Exports are outside the workspace. Curare does not change them.
public struct AffectedExport: Hashable, Sendable {
    public let record: ExportRecord
    /// Whether the folder still exists, or the partial folder of an export that was killed.
    public let exists: Bool
    /// The number of images that are named by the id of a withdrawn photo. Images in tar shards are not counted.
    public let images: Int
    /// The number of those images that are hard links to the workspace's files. Such an image keeps its content when
    /// the workspace's file is removed.
    public let linked: Int

    /// - Parameter workspaceFiles: the workspace's image files of the photos.
    /// - Throws: ``CurareError`` (74) when a folder of the export cannot be listed.
    init(_ record: ExportRecord, photos: Set<PhotoID>, workspaceFiles: Set<FileIdentity>) throws {
        self.record = record
        let folder = URL(filePath: record.path)
        let folders = [folder, AtomicDirectory.partialFolder(of: folder)].filter {
            FileManager.default.fileExists(atPath: $0.path)
        }
        let files = try folders.flatMap { folder in
            try FolderListing.paths(below: folder).map { folder.appending(path: $0) }
        }
        let photoFiles = files.filter { file in
            let photo = PhotoID(hex: file.deletingPathExtension().lastPathComponent)
            return file.pathExtension == "png" && photo.map(photos.contains) == true
        }
        exists = !folders.isEmpty
        images = photoFiles.count
        linked = photoFiles.count { FileIdentity($0).map(workspaceFiles.contains) == true }
    }
}

/// The identity of a file, independent of its name. Two names with the same identity are hard links to one file.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64

    /// Nil when the file does not exist.
    init?(_ file: URL) {
        var status = stat()
        guard lstat(file.path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

// MARK: - Planning

extension WithdrawalPlan {
    /// Plans the withdrawal of `subject`. Changes nothing.
    ///
    /// - Throws: ``CurareError`` (66) when the person or the session is not in the study and never was, (74) when a
    ///   folder of the workspace cannot be listed.
    init(_ subject: WithdrawalSubject, keepsModels: Bool, redacts: Bool, _ workspace: Workspace, _ catalog: Catalog)
        throws
    {
        earlier = try catalog.withdrawal(of: subject)
        let photos = try catalog.photos(of: subject)
        let withdrawnPhotos = try Set(photos).union(earlier.map(catalog.withdrawnPhotos) ?? [])
        let quarantined = try Self.quarantinedFiles(of: subject, workspace, catalog)
        if earlier == nil, quarantined.isEmpty { try Self.require(subject, in: catalog) }
        let imageFiles = try PhotoFiles(workspace, Set(photos)).images()
        images = imageFiles.count
        (versions, unreadable) = try Self.affectedVersions(
            subject, withdrawnPhotos, affectedEarlier: Set(earlier?.versions ?? []), workspace)
        let references = Set(versions.map(\.version)).union(earlier?.versions ?? [])
        runs = try Self.affectedRuns(references, withdrawnPhotos, workspace)
        let identities = Set(imageFiles.compactMap(FileIdentity.init))
        exports = try catalog.exports().filter { references.contains($0.version) }.map {
            try AffectedExport($0, photos: withdrawnPhotos, workspaceFiles: identities)
        }
        needReview = try subject.volunteer.map(catalog.photosNeedingReview) ?? []
        namesContainingPseudonym =
            subject.volunteer.map { name in references.filter { $0.contains(name.text) }.sorted() } ?? []
        unknownFiles = try Self.unknownFiles(in: workspace)
        order = WithdrawalOrder(
            subject, photos: photos, otherFiles: quarantined.compactMap(\.digest), paths: quarantined.flatMap(\.paths),
            versions: references.sorted(), keepsModels: keepsModels, redacts: redacts)
    }

    private static func require(_ subject: WithdrawalSubject, in catalog: Catalog) throws {
        switch subject {
        case .volunteer(let name):
            let known = try catalog.volunteers().map(\.name)
            guard !known.contains(name) else { return }
            throw CurareError(
                .missingInput, "there is no volunteer \(name) in this study",
                next: closestMatch(to: name.text, among: known.map(\.text)).map { "did you mean \($0)?" }
                    ?? "run curare audit to list the volunteers")
        case .session(let name):
            guard try catalog.session(name) == nil else { return }
            throw CurareError(
                .missingInput, "there is no session \(name)", next: "run curare audit to list the sessions")
        }
    }

    /// Returns the quarantined files that name the person. In sessions in which the person posed, also returns the
    /// files that name nobody.
    private static func quarantinedFiles(of subject: WithdrawalSubject, _ workspace: Workspace, _ catalog: Catalog)
        throws -> [QuarantinedFile]
    {
        let files = try QuarantinedFile.all(in: workspace)
        switch subject {
        case .session(let name): return files.filter { $0.session == name.text }
        case .volunteer(let name):
            let sessions = Set(try catalog.sessions(of: name).map(\.text))
            return files.filter { file in
                guard let people = file.people, !people.isEmpty else { return sessions.contains(file.session) }
                return people.contains(name.text)
            }
        }
    }

    /// - Parameter affectedEarlier: the versions that an earlier withdrawal of the same subject affected.
    private static func affectedVersions(
        _ subject: WithdrawalSubject, _ photos: Set<PhotoID>, affectedEarlier: Set<String>, _ workspace: Workspace
    ) throws -> (affected: [AffectedVersion], unreadable: [String]) {
        let store = VersionStore(workspace)
        var affected: [AffectedVersion] = []
        var unreadable: [String] = []
        for reference in try store.list() {
            let version: Version
            do {
                version = try store.read(reference)
            } catch {
                // The plan shows the version to the person who confirms the withdrawal.
                unreadable.append(reference.description)
                continue
            }
            let count = version.entries.list.count { photos.contains($0.photo) }
            let isNamed = version.manifest.classes.contains { $0.name == subject.volunteer }
            if count > 0 || isNamed || affectedEarlier.contains(reference.description) {
                affected.append(
                    AffectedVersion(
                        version: reference.description, photos: count, isRedacted: count == 0 && !isNamed))
            }
        }
        return (affected, unreadable)
    }

    private static func affectedRuns(_ versions: Set<String>, _ photos: Set<PhotoID>, _ workspace: Workspace) throws
        -> [AffectedRun]
    {
        let runs = try workspace.runFolders().map(RunArchive.init)
        return try runs.filter { try $0.mayBelong(to: versions) || $0.tested(photos) }.map {
            try AffectedRun(
                run: $0.id, version: $0.version, models: $0.models, hasPictures: $0.hasPictures,
                isFinished: $0.isFinished)
        }
    }

    private static func unknownFiles(in workspace: Workspace) throws -> [String] {
        let folders = [workspace.photos, workspace.images, workspace.versions, workspace.runs, workspace.quarantine]
        let known = Set(folders.map(\.lastPathComponent) + [".lock", workspace.weights.lastPathComponent])
        // SQLite adds suffixes to the catalog's name for its own files.
        let catalogName = workspace.catalogFile.lastPathComponent
        return try FolderListing.names(in: workspace.root).filter {
            !known.contains($0) && !$0.hasPrefix(catalogName)
        }
    }
}
