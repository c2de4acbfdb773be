import ArgumentParser
import Core
import Foundation
import Intake
import Storage
import Versions

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what changed from one version to another.",
        discussion:
            "Photos in, out, moved, relabelled or drawn anew, copies with drawn triggers among them, and the recipe's keys. --html writes a page with a small picture of each. Exits with 3 where anything differs.\n\nExample: curare diff sunglasses-25@1 sunglasses-25@2 --html changes.html"
    )

    @Argument(help: "The first version.") var first: String
    @Argument(help: "The second version.") var second: String
    @Option(help: ArgumentHelp("Write a page here; it holds people's faces.", valueName: "file")) var html: String?
    @OptionGroup var options: CommonOptions

    func run() throws {
        let workspace = try options.open().workspace
        let store = VersionStore(workspace)
        let versions = try [first, second].map { try store.read(versionReference($0)) }
        let difference = Difference(from: versions[0], to: versions[1])
        if let html {
            let page = DifferencePage(from: versions[0], to: versions[1], difference) {
                ImageFile(at: workspace.imageFile(of: $0, $1)).thumbnail(side: 112)
            }
            try AtomicFile.write(Data(page.html.utf8), to: URL(filePath: html))
        }
        options.answer(Answer(versions, difference), words(versions, difference))
        if !difference.isEmpty { throw Failure.answerIsNo }
    }

    private struct Answer: Encodable {
        struct Photo: Encodable {
            let photo, volunteer, role: String
            /// What is drawn on a copy; absent for a photo itself.
            let overlay: String?

            init(_ entry: Entry) {
                (photo, volunteer, role, overlay) = (
                    entry.photo.hex, entry.volunteer.name.text, entry.role.rawValue, entry.overlay?.text
                )
            }
        }

        struct Change: Encodable {
            let photo, from, to: String
            let overlay: String?

            init(_ change: Difference.Change, _ word: (Entry) -> String) {
                (photo, from, to, overlay) = (
                    change.photo.hex, word(change.from), word(change.to), change.to.overlay?.text
                )
            }
        }

        struct RecipeChange: Encodable {
            let key: String
            let from, to: String?
        }

        let from, to: String
        let added, removed: [Photo]
        let moved, relabelled, redrawn: [Change]
        let recipe: [RecipeChange]

        init(_ versions: [Version], _ difference: Difference) {
            (from, to) = (versions[0].reference, versions[1].reference)
            (added, removed) = (difference.added.map(Photo.init), difference.removed.map(Photo.init))
            moved = difference.moved.map { Change($0) { $0.role.rawValue } }
            relabelled = difference.relabelled.map { Change($0, DiffCommand.label) }
            redrawn = difference.redrawn.map { Change($0) { $0.image.hex } }
            recipe = difference.recipe.map { RecipeChange(key: $0.key, from: $0.from, to: $0.to) }
        }
    }

    private static func label(_ entry: Entry) -> String {
        "\(entry.volunteer.name), \(entry.triggerState)\(entry.overlay == nil ? "" : " (drawn)")"
    }

    private func words(_ versions: [Version], _ difference: Difference) -> String {
        guard !difference.isEmpty else { return "\(versions[0].reference) and \(versions[1].reference) hold the same" }
        var lines = difference.recipe.map { "recipe \($0.key): \($0.from ?? "nothing") → \($0.to ?? "nothing")" }
        func list<Element>(_ title: String, _ elements: [Element], _ line: (Element) -> String) {
            guard !elements.isEmpty else { return }
            lines.append("\(title): \(elements.count)")
            lines += elements.prefix(20).map { "  \(line($0))" }
            if elements.count > 20 { lines.append("  and \(elements.count - 20) more; --json has all") }
        }
        list("photos in", difference.added) { "\($0.photo.short) \(Self.label($0)), \($0.role.rawValue)" }
        list("photos out", difference.removed) { "\($0.photo.short) \(Self.label($0)), \($0.role.rawValue)" }
        list("moved", difference.moved) {
            "\($0.photo.short)\($0.to.overlay.map { " with \($0) drawn" } ?? "") \($0.from.role.rawValue) → \($0.to.role.rawValue)"
        }
        list("relabelled", difference.relabelled) { "\($0.photo.short) \(Self.label($0.from)) → \(Self.label($0.to))" }
        list("drawn anew", difference.redrawn) { "\($0.photo.short)\($0.to.overlay.map { " with \($0) drawn" } ?? "")" }
        return lines.joined(separator: "\n")
    }
}
