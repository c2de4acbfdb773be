import ArgumentParser
import Core
import Versions
import Workflows

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a version's digests, selection and agreement with the catalog.",
        discussion: """
            Checks three layers. files: the version's files have the digests in its manifest. selection: a new \
            selection from the entries gives the same roles. catalog: the catalog has the same facts about the photos \
            today. --images also makes every image again and compares the pixels. Exits with 3 if a layer differs. \
            The selection of a redacted version cannot be checked; this is reported and does not count as a \
            difference.

            Example: curare verify sunglasses-25@1 --images
            """)

    @Argument(help: "NAME for its newest version, or NAME@V.") var version: String
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
                \(redacted.photos) of its photos were withdrawn and are replaced by numbers; the digest before was \
                \(redacted.digests[0])
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
