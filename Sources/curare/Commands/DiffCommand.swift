import ArgumentParser
import Foundation
import Versions
import Workflows

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "List the differences between two versions.",
        discussion: """
            Lists added photos, removed photos, photos whose label, role or image differs, changed recipe keys, and the \
            differences in the composition. \
            --html writes a page with a small image of each listed photo; the page must be a new file outside the \
            workspace. The exit code is 3 if the versions differ.

            Example: curare diff sunglasses-25@1 sunglasses-25@2 --html changes.html
            """)

    @Argument(
        help: "The first version: NAME@V, or NAME for the version that your last split of this recipe made or found.")
    var first: String
    @Argument(help: "The second version.") var second: String
    @Option(
        help: ArgumentHelp("The HTML page to write; the page shows faces of people.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var html: String?
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            CompareVersions.self,
            CompareVersions.Request(first: first, second: second, page: html.map { URL(filePath: $0) }))
        try options.output(result: result, text(result))
    }

    private func text(_ result: CompareVersions.Result) -> String {
        let difference = result.difference
        guard !difference.isEmpty else { return "\(result.from) and \(result.to) have the same content" }
        func entry(_ entry: Entry) -> String {
            "\(entry.photo.short) \(CompareVersions.Result.label(entry)), \(entry.role.rawValue)"
        }
        func image(_ change: Difference.Change) -> String {
            "\(change.photo.short)\(change.to.overlay.map { " with \($0) drawn" } ?? "")"
        }
        var lines = difference.recipe.map { "recipe \($0.key): \($0.from ?? "nothing") → \($0.to ?? "nothing")" }
        lines += CompositionText.difference(result.compositionDifference)
        lines += section("added", difference.added.map(entry))
        lines += section("removed", difference.removed.map(entry))
        lines += section(
            "moved", difference.moved.map { "\(image($0)) \($0.from.role.rawValue) → \($0.to.role.rawValue)" })
        lines += section(
            "relabelled",
            difference.relabelled.map {
                "\($0.photo.short) \(CompareVersions.Result.label($0.from)) → \(CompareVersions.Result.label($0.to))"
            })
        lines += section("drawn with other pixels", difference.redrawn.map(image))
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ items: [String]) -> [String] {
        items.isEmpty ? [] : ["\(title): \(items.count)"] + Table.firstItems(items)
    }
}
