import Catalog
import Core
import Foundation
import Intake
import Storage
import Validation
import Versions

/// What a withdrawal takes away, and what it concerns beyond that: all that a person should read before they confirm it.
public struct WithdrawalPlan: Sendable {
    /// A version that holds a withdrawn photo or names the person.
    public struct ConcernedVersion: Hashable, Sendable {
        /// `NAME@V`
        public let version: String
        /// Entries of withdrawn photos.
        public let photos: Int
        /// Whether it says nothing of them any more.
        public let isRedacted: Bool
    }

    /// A run that trained or tested such a version.
    public struct ConcernedRun: Hashable, Sendable {
        public let run: String
        /// `NAME@V`
        public let version: String?
        /// Model files that are there.
        public let models: [String]
        public let hasPictures: Bool
        public let isFinished: Bool
    }

    public let order: WithdrawalOrder
    /// Image files that go.
    public let images: Int
    public let versions: [ConcernedVersion]
    public let runs: [ConcernedRun]
    public let exports: [ConcernedExport]
    /// Photos that stay and that somebody should look at first.
    public let doubtful: [PhotoNeedingReview]
    /// Versions that cannot be read, so that nobody knows whom they hold.
    public let unreadable: [String]
    /// Versions whose own name holds the pseudonym, which no redaction changes.
    public let tellingNames: [String]
    /// Files and folders in the study's folder that are not Curare's.
    public let foreign: [String]
    /// The same withdrawal, made before.
    public let earlier: Withdrawal?

    /// Whether there is nothing left to do.
    public var isDone: Bool {
        guard let earlier, !earlier.isPending, order.photos.isEmpty, order.paths.isEmpty else { return false }
        let isRunLeft = runs.contains { !$0.models.isEmpty && !order.keepsModels || $0.hasPictures }
        return !isRunLeft && (earlier.redacts || !order.redacts)
    }
}

extension WithdrawalPlan {
    /// - Throws: ``CurareError`` (66) where nobody of that name, or no such session, is or was in the study.
    init(_ subject: WithdrawalSubject, keepsModels: Bool, redacts: Bool, _ workspace: Workspace, _ catalog: Catalog)
        throws
    {
        earlier = try catalog.withdrawal(of: subject)
        let photos = try catalog.photos(of: subject)
        let gone = try Set(photos).union(earlier.map(catalog.withdrawnPhotos) ?? [])
        let quarantined = try Self.quarantined(subject, workspace, catalog)
        try Self.require(subject, in: catalog, isWithdrawn: earlier != nil, isQuarantined: !quarantined.isEmpty)
        let files = PhotoFiles(workspace, Set(photos))
        let imageFiles = files.images
        images = imageFiles.count
        let found = Self.versions(subject, gone, known: Set(earlier?.versions ?? []), workspace)
        (versions, unreadable) = (found.concerned, found.unreadable)
        let references = Set(versions.map(\.version)).union(earlier?.versions ?? [])
        runs = workspace.runFolders().map(PastRun.init).filter {
            $0.version.map(references.contains) == true || $0.tested(gone)
        }.map {
            ConcernedRun(
                run: $0.id, version: $0.version, models: $0.models, hasPictures: $0.hasPictures,
                isFinished: $0.isFinished)
        }
        let own = Set(imageFiles.compactMap(FileIdentity.init))
        exports = try catalog.exports().filter { references.contains($0.version) }.map {
            ConcernedExport($0, photos: gone, own: own)
        }
        doubtful = try subject.volunteer.map(catalog.doubtfulPhotos) ?? []
        tellingNames = subject.volunteer.map { name in references.filter { $0.contains(name.text) }.sorted() } ?? []
        foreign = Self.foreign(workspace)
        order = WithdrawalOrder(
            subject, photos: photos, otherFiles: quarantined.compactMap(\.digest), paths: quarantined.flatMap(\.paths),
            versions: references.sorted(),
            keepsModels: keepsModels, redacts: redacts)
    }

    private static func require(
        _ subject: WithdrawalSubject, in catalog: Catalog, isWithdrawn: Bool, isQuarantined: Bool
    ) throws {
        if isWithdrawn || isQuarantined { return }
        switch subject {
        case .volunteer(let name):
            let known = try catalog.volunteers().map(\.name)
            guard !known.contains(name) else { return }
            throw CurareError(
                .missingInput, "nobody in this study is or was called \(name)",
                next: closestMatch(to: name.text, among: known.map(\.text)).map { "did you mean \($0)?" }
                    ?? "see curare audit for who is in it")
        case .session(let name):
            guard try catalog.session(name) == nil else { return }
            throw CurareError(
                .missingInput, "there is no session \(name)", next: "see curare audit for those that there are")
        }
    }

    /// What names the person, and what names nobody in a session in which they posed.
    private static func quarantined(_ subject: WithdrawalSubject, _ workspace: Workspace, _ catalog: Catalog) throws
        -> [QuarantinedFile]
    {
        switch subject {
        case .session(let name): return QuarantinedFile.all(in: workspace).filter { $0.session == name.text }
        case .volunteer(let name):
            let sessions = Set(try catalog.sessions(of: name).map(\.text))
            return QuarantinedFile.all(in: workspace).filter { file in
                guard let people = file.people, !people.isEmpty else { return sessions.contains(file.session) }
                return people.contains(name.text)
            }
        }
    }

    private static func versions(
        _ subject: WithdrawalSubject, _ gone: Set<PhotoID>, known: Set<String>, _ workspace: Workspace
    ) -> (concerned: [ConcernedVersion], unreadable: [String]) {
        let store = VersionStore(workspace)
        var concerned: [ConcernedVersion] = []
        var unreadable: [String] = []
        for reference in store.list() {
            guard let version = try? store.read(reference) else {
                unreadable.append(reference.description)
                continue
            }
            let photos = version.entries.list.count { gone.contains($0.photo) }
            let isNamed = version.manifest.classes.contains { $0.name == subject.volunteer }
            if photos > 0 || isNamed || known.contains(reference.description) {
                concerned.append(
                    ConcernedVersion(
                        version: reference.description, photos: photos, isRedacted: photos == 0 && !isNamed))
            }
        }
        return (concerned, unreadable)
    }

    private static func foreign(_ workspace: Workspace) -> [String] {
        let own =
            [workspace.photos, workspace.images, workspace.versions, workspace.runs, workspace.quarantine].map(
                \.lastPathComponent) + [".lock", "weights"]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: workspace.root.path)) ?? []
        return names.filter { !own.contains($0) && !$0.hasPrefix(workspace.catalogFile.lastPathComponent) }.sorted()
    }
}
