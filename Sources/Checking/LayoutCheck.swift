import Catalog
import Core
import Foundation
import Storage

/// Compares the files of a workspace with the records of its catalog. Reads no file: all decisions depend on values.
struct LayoutCheck {
    /// The records of the catalog about files.
    struct Records {
        var originals: [RecordedOriginal] = []
        var images: [Profile: [PhotoID: ImageDigest]] = [:]
        /// The digests of withdrawn files.
        var withdrawn: Set<PhotoID> = []
        var exports: [ExportRecord] = []
        var withdrawals: [Withdrawal] = []
        var removals: [RemovalRecord] = []
    }

    let workspace: Workspace
    let entries: [WorkspaceEntry]
    /// Nil if the catalog cannot be read. Files are then compared with nothing.
    let records: Records?
    /// The paths of folders in which another process writes, so that unfinished files there are not leftovers. The
    /// empty path is the whole workspace.
    let busyFolders: Set<String>

    private func path(_ file: URL) -> String { workspace.path(of: file) }

    func problems() -> [WorkspaceProblem] {
        permissions() + missingFolders() + strays() + (records.map(compared) ?? [])
    }

    // MARK: Layout

    private func permissions() -> [WorkspaceProblem] {
        entries.compactMap { entry in
            switch (entry.item, entry.kind) {
            // The user places weights there. A link has no permissions.
            case (.weights, _), (.unknown, _), (_, .other): return nil
            default: break
            }
            let wanted: UInt32 = entry.kind == .folder ? 0o700 : 0o600
            let isPrivate = (entry.mode & 0o077) == 0 && (entry.mode & 0o400) != 0
            let isRight = entry.kind == .folder ? entry.mode == wanted : isPrivate
            guard !isRight else { return nil }
            let mode = String(entry.mode, radix: 8)
            return WorkspaceProblem(
                .permissions, entry.path, "the permissions are 0\(mode) instead of 0\(String(wanted, radix: 8))",
                isRepairable: true)
        }
    }

    private func missingFolders() -> [WorkspaceProblem] {
        let existing = Set(entries.filter { $0.kind == .folder }.map(\.path))
        return workspace.folders.map(path).filter { !existing.contains($0) }.map {
            WorkspaceProblem(.missingFolder, $0, "the folder is missing", isRepairable: true)
        }
    }

    /// Leftovers of killed processes, and files that Curare did not create.
    private func strays() -> [WorkspaceProblem] {
        let paths = Set(entries.map(\.path))
        let finishedRuns = Set(
            entries.compactMap { entry -> String? in
                guard case .runFile(let run) = entry.item else { return nil }
                return paths.contains(path(RunFiles(workspace.runFolder(run)).report)) ? run : nil
            })
        var reported: Set<String> = []
        return entries.compactMap { entry in
            let parent = entry.path.split(separator: "/").dropLast().joined(separator: "/")
            // The first entry of a folder stands for everything below the folder.
            if reported.contains(parent) {
                reported.insert(entry.path)
                return nil
            }
            guard let problem = stray(entry, in: parent, finishedRuns, paths) else { return nil }
            reported.insert(entry.path)
            return problem
        }
    }

    private func stray(
        _ entry: WorkspaceEntry, in parent: String, _ finishedRuns: Set<String>, _ paths: Set<String>
    ) -> WorkspaceProblem? {
        let unfinished = "a process that was killed left this unfinished"
        let isBusy = busyFolders.contains("") || busyFolders.contains(parent)
        switch entry.item {
        case .leftover:
            return isBusy ? nil : WorkspaceProblem(.leftover, entry.path, unfinished, isRepairable: true)
        case .replacedVersion(let version):
            guard paths.contains(path(workspace.versions.appending(path: version))) else {
                return WorkspaceProblem(
                    .leftover, entry.path, "a redaction was interrupted; this is the only copy of the version")
            }
            return isBusy ? nil : WorkspaceProblem(.leftover, entry.path, unfinished, isRepairable: true)
        case .runFile(let run):
            let name = String(entry.path.split(separator: "/").last ?? "")
            guard finishedRuns.contains(run), RunFiles.isTemporary(name), !isBusy else { return nil }
            return WorkspaceProblem(
                .leftover, entry.path, "the run is finished and does not need this file", isRepairable: true)
        case .unknown:
            return WorkspaceProblem(.unknownFile, entry.path, "Curare did not create this")
        case .weights:
            return nil
        default:
            guard entry.kind == .other else { return nil }
            return WorkspaceProblem(.unknownFile, entry.path, "this is a link, a pipe or a device, and not a file")
        }
    }

    // MARK: Records

    private func compared(with records: Records) -> [WorkspaceProblem] {
        var originals: [String: WorkspaceEntry] = [:]
        var images: [String: WorkspaceEntry] = [:]
        for entry in entries where entry.kind == .file {
            switch entry.item {
            case .original: originals[entry.path] = entry
            case .image: images[entry.path] = entry
            default: break
            }
        }
        var present: Set<PhotoID> = []
        var problems: [WorkspaceProblem] = []
        for original in records.originals {
            let path = path(workspace.photoFile(original.photo, format: original.format))
            if let entry = originals.removeValue(forKey: path) {
                if entry.size == original.bytes {
                    present.insert(original.photo)
                } else {
                    problems.append(
                        WorkspaceProblem(
                            .changedOriginal, path,
                            "the file has \(entry.size) bytes; restore the file with the SHA-256 in its name",
                            photo: original.photo))
                }
            } else {
                problems.append(
                    WorkspaceProblem(
                        .missingOriginal, path,
                        "the original is missing; restore the file with the SHA-256 in its name",
                        photo: original.photo))
            }
        }
        // An import writes files before their records.
        let isBusy = busyFolders.contains("")
        if !isBusy { problems += unknownOriginals(originals.values, records) }
        for (profile, digests) in records.images {
            for photo in digests.keys {
                let path = path(workspace.imageFile(photo, profile))
                let entry = images.removeValue(forKey: path)
                guard entry?.size ?? 0 == 0 else { continue }
                problems.append(
                    WorkspaceProblem(
                        entry == nil ? .missingImage : .changedImage, path,
                        entry == nil ? "the image is missing" : "the image is empty",
                        isRepairable: present.contains(photo), photo: photo))
            }
        }
        if !isBusy { problems += unknownImages(images.values, records) }
        return problems
    }

    private func unknownOriginals(_ entries: some Sequence<WorkspaceEntry>, _ records: Records) -> [WorkspaceProblem] {
        entries.compactMap { entry in
            guard case .original(let photo, _) = entry.item else { return nil }
            if records.withdrawn.contains(photo) {
                return WorkspaceProblem(
                    .withdrawnPhoto, entry.path, "this photo was withdrawn; delete the file", photo: photo)
            }
            return WorkspaceProblem(
                .unknownOriginal, entry.path,
                "the catalog does not have this photo; import its session again, or delete the file", photo: photo)
        }
    }

    private func unknownImages(_ entries: some Sequence<WorkspaceEntry>, _ records: Records) -> [WorkspaceProblem] {
        entries.compactMap { entry in
            guard case .image(let photo, _) = entry.item else { return nil }
            let isWithdrawn = records.withdrawn.contains(photo)
            return WorkspaceProblem(
                isWithdrawn ? .withdrawnPhoto : .unknownImage, entry.path,
                isWithdrawn ? "this is an image of a withdrawn photo" : "the catalog does not have this image",
                isRepairable: true, photo: photo)
        }
    }
}
