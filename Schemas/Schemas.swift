/// The file formats that are compiled into the program: the SQL schema of the catalog and the JSON Schemas.
public enum Schemas {
    /// The SQL statements that create the tables of a new catalog.
    public static var catalog: String { String(decoding: PackageResources.catalog_sql, as: UTF8.self) }

    /// A JSON Schema (draft 2020-12).
    public struct Document: Sendable {
        /// The name that `curare schema` accepts: `recipe`.
        public let name: String
        /// What the schema describes.
        public let title: String
        /// The schema as JSON.
        public let text: String

        init(_ name: String, _ title: String, _ bytes: [UInt8]) {
            self.name = name
            self.title = title
            text = String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The schemas of all files and of all JSON output.
    public static var documents: [Document] { files + results }

    /// The schemas of the files that people or programs write, in the order in which a study uses them.
    private static var files: [Document] {
        [
            Document("session", "session.yaml of a session", PackageResources.session_schema_json),
            Document("session-sheet", "a row of session.csv", PackageResources.session_sheet_schema_json),
            Document("recipe", "a recipe", PackageResources.recipe_schema_json),
            Document("manifest", "manifest.json of a version", PackageResources.manifest_schema_json),
            Document("entry", "a line of entries.jsonl", PackageResources.entry_schema_json),
            Document("run-report", "report.json of a run", PackageResources.run_report_schema_json),
        ]
    }

    /// The schemas of the JSON that the commands print, by the names of the commands; `error` is the JSON of a command
    /// that failed.
    private static var results: [Document] {
        [
            Document("init", "the result of curare init --json", PackageResources.init_schema_json),
            Document("trigger", "the result of curare trigger --json", PackageResources.trigger_schema_json),
            Document("volunteer", "the result of curare volunteer --json", PackageResources.volunteer_schema_json),
            Document("status", "the result of curare status --json", PackageResources.status_schema_json),
            Document("check", "the result of curare check --json", PackageResources.check_schema_json),
            Document("backup", "the result of curare backup --json", PackageResources.backup_schema_json),
            Document("remove", "the result of curare remove --json", PackageResources.remove_schema_json),
            Document("prune", "the result of curare prune --json", PackageResources.prune_schema_json),
            Document("demo", "the result of curare demo --json", PackageResources.demo_schema_json),
            Document("import", "the result of curare import --json", PackageResources.import_schema_json),
            Document("faces", "the result of curare faces --json", PackageResources.faces_schema_json),
            Document(
                "faces-embed", "the result of curare faces --embed --json", PackageResources.faces_embed_schema_json),
            Document(
                "faces-accept", "the result of curare faces accept --json", PackageResources.faces_accept_schema_json),
            Document("sheet", "the result of curare sheet --json", PackageResources.sheet_schema_json),
            Document("label", "the result of curare label --json", PackageResources.label_schema_json),
            Document("labels", "the result of curare labels --json", PackageResources.labels_schema_json),
            Document(
                "labels-import", "the result of curare labels import --json",
                PackageResources.labels_import_schema_json),
            Document(
                "labels-agreement", "the result of curare labels agreement --json",
                PackageResources.labels_agreement_schema_json),
            Document("review", "the first line of curare review --json", PackageResources.review_schema_json),
            Document("consent", "the result of curare consent --json", PackageResources.consent_schema_json),
            Document("withdraw", "the result of curare withdraw --json", PackageResources.withdraw_schema_json),
            Document("show", "the result of curare show --json", PackageResources.show_schema_json),
            Document("split", "the result of curare split --json", PackageResources.split_schema_json),
            Document("versions", "the result of curare versions --json", PackageResources.versions_schema_json),
            Document("runs", "the result of curare runs --json", PackageResources.runs_schema_json),
            Document("verify", "the result of curare verify --json", PackageResources.verify_schema_json),
            Document("diff", "the result of curare diff --json", PackageResources.diff_schema_json),
            Document("rebuild", "the result of curare rebuild --json", PackageResources.rebuild_schema_json),
            Document("audit", "the result of curare audit --json", PackageResources.audit_schema_json),
            Document(
                "audit-accept", "the result of curare audit --accept --json",
                PackageResources.audit_accept_schema_json),
            Document("export", "the result of curare export --json", PackageResources.export_schema_json),
            Document("bundle", "the result of curare bundle --json", PackageResources.bundle_schema_json),
            Document("unbundle", "the result of curare unbundle --json", PackageResources.unbundle_schema_json),
            Document("validate", "the result of curare validate --json", PackageResources.validate_schema_json),
            Document("compare", "the result of curare compare --json", PackageResources.compare_schema_json),
            Document("predict", "the result of curare predict --json", PackageResources.predict_schema_json),
            Document("explain", "the result of curare explain --json", PackageResources.explain_schema_json),
            Document("schema", "the result of curare schema --json", PackageResources.schema_schema_json),
            Document("error", "the error of a command with --json", PackageResources.error_schema_json),
        ]
    }
}
