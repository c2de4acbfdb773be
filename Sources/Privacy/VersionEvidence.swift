import Core
import Foundation
import Storage
import Validation
import Versions

/// What the versions of a workspace prove about a withdrawal. All versions, runs and exports count as affected, except
/// those that are proved to be unrelated.
///
/// A version is unrelated when its files are intact, when it contains no withdrawn photo, and when it does not name the
/// person. A run or an export is unrelated when it names such a version by name and digest.
struct VersionEvidence {
    /// The versions that contain a withdrawn photo or name the person, and the versions that an earlier part of the
    /// same withdrawal affected.
    let affected: [AffectedVersion]
    /// The versions that cannot be read.
    let unreadable: [VersionReference]
    /// The versions that can be read, but whose files do not have the bytes that Curare wrote.
    let changed: [VersionReference]
    /// The names of the pictures of drawn triggers that each intact version has.
    let overlays: [String: Set<String>]
    /// The versions whose files have the bytes that Curare wrote.
    var intact: [String] { overlays.keys.sorted() }
    /// The versions that have a folder.
    var existing: Set<String> { Set(intact + (unreadable + changed).map(\.description)) }
    private let unrelated: [String: Manifest]
    private let photos: Set<PhotoID>

    /// Reads all versions.
    ///
    /// - Parameters:
    ///   - earlierNames: the earlier names of the person. Versions can still have these names.
    ///   - photos: the photos that are or were withdrawn.
    ///   - recorded: the versions that are recorded with the withdrawal. They can be redacted already.
    /// - Throws: ``CurareError`` (74) when a folder cannot be read.
    init(
        _ subject: WithdrawalSubject, earlierNames: [VolunteerName], photos: Set<PhotoID>, recorded: Set<String>,
        in workspace: Workspace
    ) throws {
        let store = VersionStore(workspace)
        var affected: [AffectedVersion] = []
        var unreadable: [VersionReference] = []
        var changed: [VersionReference] = []
        var unrelated: [String: Manifest] = [:]
        var overlays: [String: Set<String>] = [:]
        for reference in try store.list() {
            let name = reference.description
            let version: Version
            let isIntact: Bool
            do {
                let folder = try store.folder(reference)
                version = try VersionStore.read(folder)
                isIntact = try Verification.files(folder, version).isEmpty && version.reference == name
            } catch {
                // Any error means that the version proves nothing. A person decides about it.
                unreadable.append(reference)
                continue
            }
            if isIntact {
                let pictures = version.pictures.keys.map { VersionFiles(URL(filePath: "/")).overlayPicture($0) }
                overlays[name] = Set(pictures.map(\.lastPathComponent))
            } else {
                changed.append(reference)
            }
            let isAffected = version.isAffected(by: subject, photos, earlierNames: earlierNames)
            if isAffected || recorded.contains(name) {
                let count = version.entries.list.count { photos.contains($0.photo) }
                affected.append(AffectedVersion(version: name, photos: count, isRedacted: !isAffected))
            } else if isIntact {
                unrelated[name] = version.manifest
            }
        }
        self.affected = affected
        self.unreadable = unreadable
        self.changed = changed
        self.overlays = overlays
        self.unrelated = unrelated
        self.photos = photos
    }

    /// Returns whether a version of this name and digest is proved to be unrelated.
    func isUnrelated(_ version: String, _ digest: FileDigest) -> Bool {
        unrelated[version]?.isIdentified(by: digest) == true
    }

    /// Returns whether a run is proved to be unrelated.
    func isUnrelated(_ run: RunArchive) -> Bool {
        guard let trained = run.trained, isUnrelated(trained.version, trained.digest) else { return false }
        return !run.tested(photos)
    }
}
