import ArgumentParser
import Core
import Versions
import Workflows

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare a version with its digests, its recipe and today's catalog.",
        discussion: """
            Checks three layers:
              files: the files of the version have the digests that the version records.
              selection: Curare computes groups, roles and labels again from entries.jsonl, and compares the
                result with the recorded groups, roles and labels.
              catalog: today's catalog has all photos of the version, with the same labels and faces, and no
                consent is missing.

            With --images, Curare also makes every image again and compares the pixels. The exit code is 3 if a layer \
            differs.

            `curare withdraw --redact` replaces the ids of withdrawn photos in a version by numbers. Curare cannot \
            repeat the selection of such a version, because the selection depends on the ids. The output is then \
            `selection: redacted`, and this is not a difference.

            Example: curare verify sunglasses-25@1 --images
            """)

    @Argument(help: "The version: NAME@V, or NAME for the newest version.") var version: String
    @Flag(help: "Make every image again and compare the pixels.") var images = false
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            VerifyVersion.self, VerifyVersion.Request(version: version, remakesImages: images))
        try options.output(result: result, text(result))
    }

    private func text(_ result: VerifyVersion.Result) -> String {
        var lines = Verification.Layer.allCases.map { layer in
            guard result.layers[layer.rawValue] == true else { return "\(layer.rawValue): DIFFERS" }
            return "\(layer.rawValue): \(layer == .selection && result.redacted != nil ? "redacted" : "agrees")"
        }
        if let redacted = result.redacted {
            lines.append(
                """
                \(redacted.photos) photos of this version were withdrawn, and their ids are replaced by numbers; the \
                digest before was \(redacted.digests[0])
                """)
        }
        lines += result.problems.prefix(50).map { problem in
            let photo = problem.photo.map { " \($0.prefix(12))" } ?? ""
            return "  \(problem.layer) \(problem.kind)\(photo): \(problem.detail)".printable()
        }
        if result.problems.count > 50 {
            lines.append("  and \(result.problems.count - 50) more; --json lists all")
        }
        return lines.joined(separator: "\n")
    }
}
