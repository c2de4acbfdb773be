import ArgumentParser
import Foundation
import Workflows

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write a consistent copy of the workspace, or verify such a copy.",
        discussion: """
            The backup is a workspace itself. To restore it, copy the folder. Where the file system allows hard links, \
            the files of the backup are hard links to the files of the workspace. On another disk, the files of the \
            backup are copies. Hard links do not protect against a damaged disk. Curare does not copy files that \
            Curare did not create.

            --verify makes the same checks on a backup as `curare check --deep` on a workspace. These checks include \
            the digests of all originals and images. The exit code is 3 if the backup has faults.

            A withdrawal does not change backups. Delete the backups that contain the person.

            Example: curare backup /media/disk/study-backup
            """)

    @Argument(help: "The folder of the backup. It must not exist, unless --verify is given.", completion: .directory)
    var dir: String
    @Flag(help: "Verify the backup in this folder.") var verify = false
    @Flag(help: "Copy every file; create no hard links.") var copy = false
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            BackUpWorkspace.self,
            BackUpWorkspace.Request(folder: URL(filePath: dir), verifies: verify, mayLink: !copy))
        try options.output(result: result, text(result))
    }

    private func text(_ result: BackUpWorkspace.Result) -> String {
        guard let files = result.files, let linked = result.linked else {
            return FaultText.lines(result.problems).joined(separator: "\n")
        }
        var lines = ["wrote \(files) files, \(linked) of them hard links", result.backup]
        if !result.skipped.isEmpty {
            lines.append("not copied, because Curare did not create them: \(result.skipped.count)")
            lines += Table.firstItems(result.skipped)
        }
        return lines.joined(separator: "\n")
    }
}
