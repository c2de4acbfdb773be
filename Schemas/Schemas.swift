/// The file formats that are compiled into the program: the SQL schema of the catalog and the JSON Schemas.
public enum Schemas {
    /// The SQL statements that create the tables of a new catalog.
    public static var catalog: String { String(decoding: PackageResources.catalog_sql, as: UTF8.self) }

    /// A JSON Schema (draft 2020-12).
    public struct Document: Sendable {
        /// The name on the command line, for example `recipe`.
        public let name: String
        /// A noun phrase that names the described file.
        public let title: String
        /// The schema itself.
        public let text: String

        init(_ name: String, _ title: String, _ bytes: [UInt8]) {
            self.name = name
            self.title = title
            text = String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The schemas of all files that a person writes or another program reads, in the order in which a study uses them.
    public static var documents: [Document] {
        [
            Document("session", "session.yaml of a session", PackageResources.session_schema_json),
            Document("session-sheet", "a row of session.csv", PackageResources.session_sheet_schema_json),
            Document("recipe", "a recipe", PackageResources.recipe_schema_json),
            Document("manifest", "manifest.json of a version", PackageResources.manifest_schema_json),
            Document("entry", "a line of entries.jsonl", PackageResources.entry_schema_json),
            Document("audit", "the output of audit --json", PackageResources.audit_schema_json),
            Document("run-report", "report.json of a run", PackageResources.run_report_schema_json),
        ]
    }
}
