import Catalog
import Core
import Foundation
import Intake
import Storage

/// Repairs the faults that ``WorkspaceProblem/isRepairable`` marks, except pending withdrawals and removals.
///
/// A repair makes derived files again, and removes files that no record needs. It never deletes an original, a model, a
/// version or a tombstone. The caller must have the lock of the workspace.
public struct WorkspaceRepair {
    private let workspace: Workspace
    private let threads: ThreadBudget
    private let finders: FaceFinderLoader

    /// - Parameter finders: loads the face detector when a photo must be measured.
    public init(_ workspace: Workspace, threads: ThreadBudget = .shared, faces finders: FaceFinderLoader = .hog) {
        self.finders = finders
        self.workspace = workspace
        self.threads = threads
    }

    /// Repairs the repairable faults among `problems`.
    ///
    /// - Parameter progress: called for each image that is made again.
    /// - Returns: the errors of single repairs. A repair that fails does not prevent the other repairs.
    public func repair(_ problems: [WorkspaceProblem], progress: (_ done: Int, _ total: Int) -> Void) -> [CurareError] {
        var errors: [CurareError] = []
        func attempt(_ body: () throws -> Void) {
            do {
                try body()
            } catch {
                let unknown = CurareError(.inputOutput, "a repair failed: \(error)", at: workspace.root.path)
                errors.append(error as? CurareError ?? unknown)
            }
        }
        let repairable = problems.filter(\.isRepairable)
        for problem in repairable where problem.kind == .permissions {
            attempt { try setPermissions(of: problem.path) }
        }
        for problem in repairable where problem.kind == .missingFolder {
            attempt { try AtomicFile.makeFolder(url(problem.path)) }
        }
        if repairable.contains(where: { $0.kind == .damagedIndex }) {
            attempt { try Catalog.repairIndexes(of: workspace) }
        }
        for problem in repairable where Self.removedKinds.contains(problem.kind) {
            attempt { try FileRemoval.remove(url(problem.path)) }
        }
        attempt { try AtomicFile.flushAll(below: workspace.root) }
        let images = repairable.filter { $0.kind == .missingImage || $0.kind == .changedImage }
        if !images.isEmpty { attempt { try makeImages(images, attempt, progress) } }
        return errors
    }

    /// The kinds of derived or unfinished files, which are removed. Changed images are then made again.
    private static let removedKinds: Set<WorkspaceProblem.Kind> = [
        .leftover, .changedImage, .unknownImage, .withdrawnPhoto, .changedCheckpoint, .changedFeatures,
    ]

    private func url(_ path: String) -> URL { path.isEmpty ? workspace.root : workspace.root.appending(path: path) }

    private func setPermissions(of path: String) throws {
        let isFolder = FolderListing.isFolder(at: url(path).path)
        let isReadOnly: Bool =
            switch WorkspaceItem(path: path, isFolder: isFolder) {
            case .original, .versionFile: true
            default: false
            }
        let mode = isFolder ? 0o700 : isReadOnly ? 0o400 : 0o600
        do { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url(path).path) } catch {
            throw CurareError(
                .inputOutput, "the permissions cannot be changed: \(error.localizedDescription)", at: url(path).path,
                next: "check that you may write there, then run the command again")
        }
    }

    private func makeImages(
        _ problems: [WorkspaceProblem], _ attempt: (() throws -> Void) -> Void, _ progress: (Int, Int) -> Void
    ) throws {
        let catalog = try Catalog(workspace)
        let maker = ImageMaker(workspace, catalog, threads: threads, faces: finders)
        var photos: [Profile: Set<PhotoID>] = [:]
        for problem in problems {
            guard case .image(let photo, let profile) = WorkspaceItem(path: problem.path, isFolder: false) else {
                continue
            }
            photos[profile, default: []].insert(photo)
        }
        let total = photos.values.reduce(0) { $0 + $1.count }
        var done = 0
        for (profile, photos) in photos {
            do {
                _ = try maker.images(of: photos.sorted(), profile) { made, _ in progress(done + made, total) }
            } catch {
                // One photo that cannot be decoded must not keep the images of the others from being made.
                for photo in photos.sorted() {
                    attempt { _ = try maker.images(of: [photo], profile) { _, _ in } }
                }
            }
            done += photos.count
        }
    }
}
