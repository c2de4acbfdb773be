/// The written contracts that Curare carries inside its binary: the catalog's SQL migrations and the JSON Schemas of what it reads and writes.
public enum Schemas {
    /// The catalog's migrations in order; the n-th takes `user_version` from n − 1 to n.
    public static var migrations: [String] {
        [
            PackageResources.spine_1_sql, PackageResources.faces_2_sql, PackageResources.measures_3_sql,
            PackageResources.exports_4_sql, PackageResources.withdrawals_5_sql,
        ].map { String(decoding: $0, as: UTF8.self) }
    }

    /// A JSON Schema (draft 2020-12).
    public struct Document: Sendable {
        /// `recipe`
        public let name: String
        /// What it describes.
        public let title: String
        /// The schema itself.
        public let text: String

        init(_ name: String, _ title: String, _ bytes: [UInt8]) {
            (self.name, self.title, text) = (name, title, String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Every file that a person writes or a program reads, in the order in which a study meets them.
    public static var documents: [Document] {
        [
            Document("session", "session.yaml of a shoot", PackageResources.session_schema_json),
            Document("session-sheet", "a row of session.csv", PackageResources.session_sheet_schema_json),
            Document("recipe", "a recipe", PackageResources.recipe_schema_json),
            Document("manifest", "manifest.json of a version", PackageResources.manifest_schema_json),
            Document("entry", "a line of entries.jsonl", PackageResources.entry_schema_json),
            Document("audit", "what audit --json says", PackageResources.audit_schema_json),
            Document("run-report", "report.json of a run", PackageResources.run_report_schema_json),
        ]
    }
}
