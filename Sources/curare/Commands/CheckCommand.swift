import ArgumentParser
import Workflows

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Search the workspace for damaged, missing and unknown files; with --repair, repair faults.",
        discussion: """
            Checks the catalog and its schema, and compares the photos, images, versions, runs, models and checkpoints \
            with their records. Also reports versions that were deleted although runs or exports name them, leftover files of processes that were killed, files that Curare did not \
            create, and files that other users can read. --deep reads all originals and images and compares their \
            digests.

            --repair makes missing and damaged images again, rebuilds damaged indexes of the catalog (SQLite), and \
            creates missing folders. It removes leftover files, images that do not belong to a photo of the catalog, \
            and damaged files that a later training can make again. It takes the permissions for the workspace's files \
            away from all users except the owner. It completes a removal or withdrawal that was interrupted. Otherwise it \
            never deletes an original, a model or a version.

            Curare lists the SHA-256 digests of the originals that must be restored from a copy. The exit code is 3 if \
            faults are left.

            Example: curare check --deep --repair
            """)

    @Flag(help: "Repair faults, as described above.") var repair = false
    @Flag(help: "Compare the digests of all originals and images.") var deep = false
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(CheckWorkspace.self, CheckWorkspace.Request(repairs: repair, isDeep: deep))
        try options.output(result: result, text(result))
    }

    private func text(_ result: CheckWorkspace.Result) -> String {
        var lines = FaultText.lines(result.problems)
        if result.repaired > 0 { lines.insert("repaired: \(result.repaired)", at: 0) }
        if !result.originalsToRestore.isEmpty {
            lines.append("restore these originals from a copy, by SHA-256:")
            lines += Table.firstItems(result.originalsToRestore.map(\.photo))
        }
        lines += result.notChecked.map { "not checked: \($0)" }
        if let next = FaultText.next(result.problems, hasRepaired: repair) { lines.append(next) }
        return lines.joined(separator: "\n")
    }
}
