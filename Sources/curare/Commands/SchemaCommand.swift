import ArgumentParser
import Core
import Schemas

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a file or of a command's JSON output.",
        discussion: """
            Without a name, Curare lists the schemas. Needs no workspace: the option --workspace has no effect. With \
            the schema of recipes, an editor can complete and check recipe keys. Write the schema to a file. Then make \
            this line the first line of the recipe:

              # yaml-language-server: $schema=recipe.schema.json

            Example: curare schema recipe > recipe.schema.json
            """)

    @Argument(
        help: "The name of the schema; default: list all schemas.", completion: .list(Schemas.documents.map(\.name)))
    var name: String?
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let documents = Schemas.documents
        guard let name else {
            var table = Table("schema", "describes")
            for document in documents { table.add(document.name, document.title) }
            let list = SchemaList(
                schemas: documents.map { SchemaList.Item(name: $0.name, describes: $0.title) })
            return try options.output(list, table.text)
        }
        guard let document = documents.first(where: { $0.name == name }) else {
            let hint = suggestion(for: name, among: documents.map(\.name)).map { "; \($0)" } ?? ""
            throw CurareError(
                .badInput, "there is no schema \"\(name.prefix(80))\"\(hint)",
                next: "there are: \(documents.map(\.name).joined(separator: ", "))")
        }
        // A schema is a JSON object, with and without --json.
        print(document.text, terminator: document.text.hasSuffix("\n") ? "" : "\n")
    }

    private struct SchemaList: Encodable {
        struct Item: Encodable {
            let name: String
            let describes: String
        }

        let schemas: [Item]
    }
}
