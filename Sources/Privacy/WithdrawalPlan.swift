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
    /// Files that may hold data of the person, and about which a person must decide.
    public let undecided: [UndecidedFile]
    /// The earlier names of the person, sorted. Everything that has one of these names is affected too.
    public let earlierNames: [VolunteerName]
    /// Versions whose own name contains a pseudonym of the person, removed versions too: the catalog keeps their names.
    /// Redaction does not change version names.
    public let namesContainingPseudonym: [String]
    /// Files and folders in the workspace's folder that Curare did not create. They are searched for copies of the
    /// photos. The copies, and everything that cannot be read, are ``undecided``.
    package let unknownFiles: [RelativePath]
    /// The record of the same withdrawal, when it was made before.
    public let earlier: Withdrawal?
    /// Whether the workspace has files of photos that were withdrawn earlier, for example from a backup.
    private let hasReturnedFiles: Bool

    /// Whether the withdrawal was made before and nothing is left to remove.
    public var isDone: Bool {
        guard let earlier, earlier.state == .done, order.photos.isEmpty, order.paths.isEmpty else { return false }
        return !hasReturnedFiles && undecided.isEmpty && runs.allSatisfy(\.isCleared)
            && (earlier.redacts || !order.redacts)
    }
}

/// A version that contains a withdrawn photo or names the person.
public struct AffectedVersion: Hashable, Sendable {
    /// `NAME@V`
    public let version: String
    /// The number of entries of withdrawn photos. A copy with a drawn trigger has an entry of its own.
    public let photos: Int
    /// Whether the version contains neither the photos nor the name any more.
    public let isRedacted: Bool
}

/// A run that trained or tested an affected version. If missing or damaged files leave this unclear, the run counts as
/// affected too.
public struct AffectedRun: Hashable, Sendable {
    public let run: String
    /// `NAME@V`
    public let version: String?
    /// The names of the model files that exist.
    public let models: [String]
    /// The files and folders that Curare does not write into a run, such as `model.safetensors.bak`.
    public let otherFiles: [String]
    public let hasPictures: Bool
    public let isFinished: Bool
    /// Whether there is nothing to remove.
    fileprivate let isCleared: Bool

    init(_ run: RunArchive, keepsModels: Bool) throws {
        self.run = RelativePath(run.id).description
        version = run.version
        models = try run.models
        otherFiles = try run.otherFiles
        hasPictures = try run.hasPictures
        isFinished = try run.isFinished
        isCleared = try run.isCleared(keepsModels: keepsModels)
    }
}

/// An export or a bundle of an affected version. An export of a missing or damaged version counts as affected too.
/// Exports are outside the workspace. Curare does not change them.
public struct AffectedExport: Hashable, Sendable {
    public let record: ExportRecord
    /// The path of the folder or file: that of the record, or the path of the partial file that the command left when it
    /// was killed.
    public let path: String
    /// Whether the folder or file still exists, or the partial folder of a command that was killed.
    public let exists: Bool
    /// The number of images and originals that are named by the id of a withdrawn photo. Images in tar shards are not
    /// counted, but those in a bundle are, also in a bundle that is cut off. Nil when the folder or file cannot be read.
    public let images: Int?
    /// The number of these images that are hard links to the workspace's files. Such an image keeps its content when
    /// the workspace's file is removed.
    public let linked: Int?

    /// Returns the exports of `records`, without duplicates: a bundle has a record for each version in it. The partial
    /// files of a bundle follow the bundle.
    ///
    /// - Parameter workspaceFiles: the workspace's image files of the photos.
    static func all(_ records: [ExportRecord], photos: Set<PhotoID>, workspaceFiles: Set<FileIdentity>) -> [Self] {
        var paths: Set<String> = []
        return records.flatMap { record -> [Self] in
            guard paths.insert("\(record.format == ExportRecord.bundle) \(record.path)").inserted else { return [] }
            let folder = URL(filePath: record.path)
            let folders = [folder, AtomicDirectory.partialFolder(of: folder)].filter(mayExist)
            let partialFiles = record.format == ExportRecord.bundle ? partialFiles(of: folder) : []
            let whole = Self(
                record, record.path, partialFiles == nil ? nil : folders, !folders.isEmpty, photos, workspaceFiles)
            return [whole] + (partialFiles ?? []).map { Self(record, $0.path, [$0], true, photos, workspaceFiles) }
        }
    }

    /// - Parameter places: the folders and files that exist. Nil when this is unknown.
    private init(
        _ record: ExportRecord, _ path: String, _ places: [URL]?, _ exists: Bool, _ photos: Set<PhotoID>,
        _ workspaceFiles: Set<FileIdentity>
    ) {
        self.record = record
        self.path = path
        self.exists = exists
        // The export is outside the workspace and can belong to somebody else: it must not stop the withdrawal.
        guard let places, let files = Self.files(below: places) else {
            images = nil
            linked = nil
            return
        }
        let photoFiles = files.filter { file in
            PhotoID(hex: file.deletingPathExtension().lastPathComponent).map(photos.contains) == true
        }
        images = photoFiles.count
        linked = photoFiles.count { FileIdentity($0).map(workspaceFiles.contains) == true }
    }

    /// Returns all files and folders below the folders, and all files in bundles. Nil when one of them cannot be read.
    private static func files(below places: [URL]) -> [URL]? {
        guard places.allSatisfy({ FileIdentity($0) != nil }) else { return nil }
        do {
            return try places.flatMap { place in
                let isFolder = FolderListing.isFolder(at: place.path)
                let paths = try isFolder ? FolderListing.paths(below: place) : TarReader.paths(in: place)
                return paths.map { place.appending(path: $0) }
            }
        } catch {
            return nil
        }
    }

    /// Returns the files in which a bundle was written when its process was killed. Nil when the folder cannot be read.
    private static func partialFiles(of file: URL) -> [URL]? {
        do { return try AtomicFile.partialFiles(of: file) } catch { return nil }
    }

    /// Whether the folder exists, or cannot be looked for because a folder above it cannot be read.
    private static func mayExist(_ folder: URL) -> Bool {
        var status = stat()
        return lstat(folder.path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR)
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
        try Self.requireCurrentName(subject, in: catalog)
        earlierNames = try subject.volunteer.map { try catalog.earlierNames(of: $0) } ?? []
        let photos = try catalog.photos(of: subject)
        let withdrawnPhotos = try Set(photos).union(earlier.map(catalog.withdrawnPhotos) ?? [])
        let quarantined = try Self.quarantinedFiles(of: subject, earlierNames, workspace, catalog)
        if earlier == nil, quarantined.isEmpty { try Self.require(subject, in: catalog) }
        let imageFiles = try PhotoFiles(workspace, Set(photos)).images()
        images = imageFiles.count
        let evidence = try VersionEvidence(
            subject, earlierNames: earlierNames, photos: withdrawnPhotos, recorded: Set(earlier?.versions ?? []),
            in: workspace)
        versions = evidence.affected
        unreadable = evidence.unreadable.map(\.description)
        let references = Set(versions.map(\.version)).union(earlier?.versions ?? [])
        let archives = try Self.runs(in: workspace)
        let unrelated = archives.filter(evidence.isUnrelated)
        let affected = archives.filter { !evidence.isUnrelated($0) }
        runs = try affected.map { try AffectedRun($0, keepsModels: keepsModels) }
        let identities = Set(imageFiles.compactMap(FileIdentity.init))
        exports = try AffectedExport.all(
            catalog.exports().filter { !evidence.isUnrelated($0.version, $0.digest) }, photos: withdrawnPhotos,
            workspaceFiles: identities)
        let survey = try WorkspaceSurvey(
            workspace, catalog, withdrawn: withdrawnPhotos.union(quarantined.compactMap(\.digest)), evidence,
            unrelatedRuns: Set(unrelated.map(\.id)),
            removed: Set(quarantined.flatMap(\.paths).map { RelativePath($0) }))
        undecided = try survey.undecided + (redacts ? Self.damagedFiles(of: affected, in: workspace) : [])
        hasReturnedFiles = !survey.copies.isEmpty
        needReview =
            try (subject.volunteer.map(catalog.photosNeedingReview) ?? [])
            + Self.lookAlikes(of: Set(photos), catalog)
        let names = subject.names(withEarlier: earlierNames)
        namesContainingPseudonym = try references.union(catalog.removed(.version)).filter { text in
            names.contains { text.contains($0.text) }
        }.sorted()
        unknownFiles = survey.unknownFiles
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
                next: suggestion(for: name.text, among: known.map(\.text))
                    ?? "run curare audit to list the volunteers")
        case .session(let name):
            guard try catalog.session(name) == nil else { return }
            throw CurareError(
                .missingInput, "there is no session \(name)", next: "run curare audit to list the sessions")
        }
    }

    /// Checks that the name is not an earlier name of a person. A withdrawal under such a name would be incomplete.
    private static func requireCurrentName(_ subject: WithdrawalSubject, in catalog: Catalog) throws {
        guard let name = subject.volunteer else { return }
        if let current = try catalog.earlierNames().volunteers[name] {
            throw CurareError(
                .missingInput, "\(name) is an earlier name of \(current)", next: "run curare withdraw \(current)")
        }
        let withdrawn = try catalog.withdrawals().first { $0.earlierNames.contains(name) }?.subject.volunteer
        if let withdrawn {
            throw CurareError(
                .missingInput, "\(name) is an earlier name of \(withdrawn), who has withdrawn",
                next: "run curare withdraw \(withdrawn) to see whether anything is left to remove")
        }
    }

    /// Returns the quarantined files that name the person. In sessions in which the person posed, also returns the
    /// files that name nobody.
    private static func quarantinedFiles(
        of subject: WithdrawalSubject, _ earlierNames: [VolunteerName], _ workspace: Workspace, _ catalog: Catalog
    ) throws -> [QuarantinedFile] {
        let files = try QuarantinedFile.all(in: workspace)
        switch subject {
        case .session(let name): return files.filter { $0.session == name.text }
        case .volunteer(let name):
            let names = Set(([name] + earlierNames).map(\.text))
            let sessions = Set(try catalog.sessions(of: name).map(\.text))
            return files.filter { file in
                guard let people = file.people, !people.isEmpty else { return sessions.contains(file.session) }
                return !names.isDisjoint(with: people)
            }
        }
    }

    /// Returns the photos that stay and that look like one of `photos`, such as a compressed copy with another person's
    /// label.
    private static func lookAlikes(of photos: Set<PhotoID>, _ catalog: Catalog) throws -> [PhotoNeedingReview] {
        let distance = try catalog.groupDistance().bits
        let hashes = try catalog.perceptualHashes()
        let removed = hashes.filter { photos.contains($0.photo) }.map(\.hash)
        return hashes.filter { other in
            !photos.contains(other.photo) && removed.contains { $0.distance(to: other.hash) <= distance }
        }.map { PhotoNeedingReview(photo: $0.photo, reason: .lookAlike) }
    }

    /// Returns all folders of runs, hidden ones too. Symbolic links are not followed.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be listed.
    static func runs(in workspace: Workspace) throws -> [RunArchive] {
        let features = RelativePath(workspace.path(of: workspace.features))
        return try FolderListing.entries(RelativePath(workspace.runs.lastPathComponent), below: workspace.root)
            .filter { $0.kind == .folder && !$0.isPartial && $0.path != features }
            .compactMap(\.name).map { RunArchive(workspace.runFolder($0)) }
    }

    /// Returns the files of affected runs that cannot be redacted.
    static func damagedFiles(of runs: [RunArchive], in workspace: Workspace) throws -> [UndecidedFile] {
        try runs.flatMap { try $0.damagedFiles() }.compactMap { RelativePath($0, below: workspace.root) }.map {
            UndecidedFile(path: $0, reason: .damagedReport)
        }
    }
}
