import ArgumentParser
import Core
import Schemas

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a file that Curare reads or writes.",
        discussion: """
            Without a name, lists them. An editor that knows a recipe's schema completes its keys: write it to a file, and name that in the recipe's first line, \
            # yaml-language-server: $schema=recipe.schema.json

            Example: curare schema recipe > recipe.schema.json
            """)

    @Argument(help: "Which schema; without one, they are listed.") var name: String?
    @OptionGroup var options: CommonOptions

    func run() throws {
        let documents = Schemas.documents
        guard let name else {
            var table = Table("schema", "describes")
            for document in documents { table.add(document.name, document.title) }
            return options.answer(
                List(schemas: documents.map { List.Item(name: $0.name, describes: $0.title) }), table.text)
        }
        guard let document = documents.first(where: { $0.name == name }) else {
            let hint = closestMatch(to: name, among: documents.map(\.name)).map { "; did you mean \($0)?" } ?? ""
            throw CurareError(
                .badInput, "there is no schema \"\(name.prefix(80))\"\(hint)",
                next: "there are: \(documents.map(\.name).joined(separator: ", "))")
        }
        // A schema is one JSON object already.
        print(document.text, terminator: document.text.hasSuffix("\n") ? "" : "\n")
    }

    private struct List: Encodable {
        struct Item: Encodable {
            let name, describes: String
        }

        let schemas: [Item]
    }
}
