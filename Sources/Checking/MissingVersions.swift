import Storage
import Versions

/// The versions that runs or exports name and whose folders are missing without a reason. Reads no file.
struct MissingVersions {
    private struct Uses {
        var runs = 0
        var exports = 0

        /// The number of runs and exports, with the verb that follows them: `2 runs and 1 export name`.
        var description: String {
            let counts = [(runs, "run"), (exports, "export")].filter { $0.0 > 0 }
            let names = counts.map { count, noun in "\(count) \(noun)\(count == 1 ? "" : "s")" }
            return names.joined(separator: " and ") + (runs + exports == 1 ? " names" : " name")
        }
    }

    private var uses: [VersionReference: Uses] = [:]

    /// - Parameters:
    ///   - known: the versions that have a folder, or whose folder is missing for a known reason.
    ///   - runs: the version of each run, as `NAME@V`.
    ///   - exports: the version of each export, as `NAME@V`.
    init(known: Set<VersionReference>, runs: [String], exports: [String]) {
        for version in runs.compactMap(VersionReference.init) where !known.contains(version) {
            uses[version, default: Uses()].runs += 1
        }
        for version in exports.compactMap(VersionReference.init) where !known.contains(version) {
            uses[version, default: Uses()].exports += 1
        }
    }

    /// Returns one problem for each missing version, in no order.
    func problems(in workspace: Workspace) -> [WorkspaceProblem] {
        uses.compactMap { version, uses in
            // Runs and exports name a version with its number. A damaged request can contain any text.
            guard let number = version.number else { return nil }
            return WorkspaceProblem(
                .missingVersion, workspace.path(of: workspace.versionFolder(version.name.text, number)),
                "the folder of the version is missing, and \(uses.description) this version; "
                    + "restore the folder from a copy")
        }
    }
}
