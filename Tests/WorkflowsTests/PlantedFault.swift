import Core
import Foundation
import GRDB
import Storage
import Testing
import WorkflowTestSupport

/// A fault that a test plants in a workspace, and the finding that it must give.
struct PlantedFault: CustomTestStringConvertible, Sendable {
    let name: String
    /// The kind of the finding.
    let kind: String
    /// Whether a repair leaves a workspace without faults.
    let isRepaired: Bool
    let plant: @Sendable (Workspace) throws -> Void

    var testDescription: String { name }

    init(
        _ name: String, _ kind: String, repaired isRepaired: Bool = false,
        _ plant: @escaping @Sendable (Workspace) throws -> Void
    ) {
        self.name = name
        self.kind = kind
        self.isRepaired = isRepaired
        self.plant = plant
    }

    /// Runs SQL in a connection without constraints and without protection of the schema.
    static func damage(_ workspace: Workspace, _ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let database = try DatabaseQueue(path: workspace.catalogFile.path, configuration: configuration)
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON; \(sql)")
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try database.close()
    }

    /// The first file below a folder, by path.
    static func first(below folder: URL, _ ending: String) throws -> URL {
        guard let path = try FolderListing.paths(below: folder).first(where: { $0.hasSuffix(ending) }) else {
            throw FixtureError("no file below \(folder.path) ends with \(ending)")
        }
        return folder.appending(path: path)
    }

    /// Changes the bytes of a file, and keeps its permissions.
    static func edit(_ file: URL, _ change: (inout Data) throws -> Void) throws {
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as Any
        var bytes = try Data(contentsOf: file)
        try change(&bytes)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        try bytes.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    static func flip(_ file: URL, fromEnd offset: Int = 20) throws {
        try edit(file) { bytes in bytes[bytes.count - offset] ^= 0x10 }
    }

    static func remove(_ file: URL) throws { try FileManager.default.removeItem(at: file) }

    static func setMode(_ mode: Int, of url: URL) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    private static let digest = String(repeating: "ab", count: 32)

    static let all: [PlantedFault] = catalog + photos + images + versionsAndRuns + strays

    private static let catalog = [
        PlantedFault("missing index", "damaged-index", repaired: true) { try damage($0, "DROP INDEX label_by_photo") },
        PlantedFault("index that lacks a row", "damaged-index", repaired: true) { workspace in
            try damage(workspace, "CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'label_by_photo'")
            try damage(workspace, "DELETE FROM sqlite_schema WHERE name = 'label_by_photo'")
            try damage(
                workspace,
                "INSERT INTO label (photo, volunteer, source, made) SELECT id, 'ada', 'rule', '' FROM photo LIMIT 1")
            try damage(workspace, "INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept")
        },
        PlantedFault("trigger in the catalog", "other-schema") {
            try damage($0, "CREATE TRIGGER forget AFTER INSERT ON tombstone BEGIN DELETE FROM tombstone; END")
        },
        PlantedFault("missing table", "other-schema") { try damage($0, "DROP TABLE tombstone") },
        PlantedFault("damaged page", "damaged-catalog") { workspace in
            try edit(workspace.catalogFile) { bytes in
                for index in bytes.count - 8192..<bytes.count { bytes[index] = 0xa5 }
            }
        },
        PlantedFault("emptied catalog", "damaged-catalog") { try edit($0.catalogFile) { $0 = Data() } },
        PlantedFault("changed header", "damaged-catalog") { try edit($0.catalogFile) { $0[68] ^= 1 } },
        PlantedFault("invalid consent", "damaged-catalog") { try damage($0, "UPDATE session SET consent = 'perhaps'") },
        PlantedFault("person in a photo that does not exist", "broken-reference") {
            try damage(
                $0,
                """
                INSERT INTO co_subject SELECT '\(digest)', volunteer FROM session_volunteer LIMIT 1;
                """)
        },
        PlantedFault("label of nobody", "label-without-person") {
            try damage(
                $0,
                """
                INSERT INTO label (photo, volunteer, source, made) SELECT id, 'nobody', 'review', '' FROM photo LIMIT 1
                """)
        },
        PlantedFault("annotation of nobody", "label-without-person") {
            try damage(
                $0,
                """
                INSERT INTO annotation (photo, author, volunteer, made, newest_label)
                SELECT id, 'bea', 'nobody', '', 0 FROM photo LIMIT 1
                """)
        },
        PlantedFault("trigger of an annotation that does not exist", "broken-reference") {
            try damage(
                $0,
                """
                INSERT INTO annotation_placement (photo, author, trigger, location)
                SELECT id, 'bea', 'dots', 'on-face' FROM photo LIMIT 1
                """)
        },
        PlantedFault("invalid location of an annotation", "damaged-catalog") {
            try damage(
                $0,
                """
                INSERT INTO annotation (photo, author, volunteer, made, newest_label)
                SELECT photo, 'bea', volunteer, '', 0 FROM label LIMIT 1;
                INSERT INTO annotation_placement (photo, author, trigger, location)
                SELECT photo, 'bea', 'dots', 'nose' FROM annotation
                """)
        },
        PlantedFault("pending withdrawal", "pending-withdrawal", repaired: true) {
            try damage(
                $0,
                """
                INSERT INTO withdrawal (volunteer, made, state, keeps_models, redacts)
                VALUES ('zoe', '2026-05-04T00:00:00Z', 'pending', 0, 0)
                """)
        },
        PlantedFault("pending removal", "pending-removal", repaired: true) {
            try damage($0, "INSERT INTO removal (kind, name, state, made) VALUES ('run', 'small-1-9', 'pending', '')")
        },
    ]

    private static let photos = [
        PlantedFault("missing original", "missing-original") { try remove(first(below: $0.photos, ".png")) },
        PlantedFault("original cut off", "changed-original") {
            try edit(first(below: $0.photos, ".png")) { $0.removeLast(9) }
        },
        PlantedFault("bit of an original", "changed-original") { try flip(first(below: $0.photos, ".png")) },
        PlantedFault("file without a photo", "unknown-original") {
            try AtomicFile.write(Data("x".utf8), to: $0.photos.appending(path: "ab/\(digest).jpg"), mode: 0o400)
        },
        PlantedFault("withdrawn file", "withdrawn-photo") { workspace in
            try damage(
                workspace,
                """
                INSERT INTO withdrawal (id, volunteer, made, state, keeps_models, redacts)
                VALUES (1, 'zoe', '2026-05-04T00:00:00Z', 'done', 0, 0);
                INSERT INTO tombstone VALUES ('\(digest)', 1)
                """)
            try AtomicFile.write(Data("x".utf8), to: workspace.photos.appending(path: "ab/\(digest).jpg"), mode: 0o400)
        },
        PlantedFault("damaged quarantine note", "damaged-quarantine") {
            try AtomicFile.write(Data("{".utf8), to: $0.quarantine.appending(path: "garden/\(digest).json"))
        },
    ]

    private static let images = [
        PlantedFault("missing image", "missing-image", repaired: true) { try remove(first(below: $0.images, ".png")) },
        PlantedFault("empty image", "changed-image", repaired: true) {
            try edit(first(below: $0.images, ".png")) { $0 = Data() }
        },
        PlantedFault("bytes of an image", "changed-image", repaired: true) {
            try edit(first(below: $0.images, ".png")) { $0 = $0.prefix(60) }
        },
        PlantedFault("image of another photo", "changed-image", repaired: true) { workspace in
            let paths = try FolderListing.paths(below: workspace.images).filter { $0.hasSuffix(".png") }
            let other = try Data(contentsOf: workspace.images.appending(path: paths[1]))
            try edit(workspace.images.appending(path: paths[0])) { $0 = other }
        },
        PlantedFault("image without a photo", "unknown-image", repaired: true) { workspace in
            let image = try first(below: workspace.images, ".png")
            let folder = image.deletingLastPathComponent().deletingLastPathComponent()
            try AtomicFile.write(Data(contentsOf: image), to: folder.appending(path: "ab/\(digest).png"))
        },
        PlantedFault("drawn image with other pixels", "changed-image", repaired: true) { workspace in
            let image = try first(below: workspace.images, ".png")
            let folder = image.deletingLastPathComponent().deletingLastPathComponent()
            try AtomicFile.write(Data(contentsOf: image), to: folder.appending(path: "drawn/ab/\(digest).png"))
        },
    ]

    private static let versionsAndRuns = [
        PlantedFault("entries of a version", "damaged-version") {
            try flip(VersionFiles($0.versionFolder("small", 1)).entries)
        },
        PlantedFault("missing manifest", "damaged-version") {
            try remove(VersionFiles($0.versionFolder("small", 1)).manifest)
        },
        PlantedFault("recipe of a version", "damaged-version") {
            try edit(VersionFiles($0.versionFolder("small", 1)).recipe) { $0 += Data("# note\n".utf8) }
        },
        PlantedFault("version that runs name", "missing-version") { try remove($0.versionFolder("small", 1)) },
        PlantedFault("version that an export names", "missing-version") {
            try damage(
                $0,
                """
                INSERT INTO export (version, digest, format, anonymous, path, made)
                VALUES ('gone@2', '\(digest)', 'csv', 0, '/exported', '2026-05-04T00:00:00Z')
                """)
        },
        PlantedFault("damaged request", "damaged-run") {
            try edit(RunFiles($0.runFolder(PlantedRuns.finished)).request) { $0.removeLast(9) }
        },
        PlantedFault("missing predictions", "damaged-run") {
            try remove(RunFiles($0.runFolder(PlantedRuns.finished)).predictions)
        },
        PlantedFault("report of another run", "damaged-run") {
            try edit(RunFiles($0.runFolder(PlantedRuns.finished)).report) {
                $0 = Data(String(decoding: $0, as: UTF8.self).replacing("small-1-1", with: "small-1-9").utf8)
            }
        },
        PlantedFault("missing model", "missing-model") {
            try remove(RunFiles($0.runFolder(PlantedRuns.finished)).model("control", seed: 1))
        },
        PlantedFault("bit of a model", "changed-model") {
            try flip(RunFiles($0.runFolder(PlantedRuns.finished)).model("model", seed: 1))
        },
        PlantedFault("other model", "changed-model") {
            try PlantedRuns.writeModel(9, to: RunFiles($0.runFolder(PlantedRuns.finished)).model("model", seed: 1))
        },
        PlantedFault("model without a digest", "changed-model") {
            try PlantedRuns.writeModel(
                1, hasDigest: false, to: RunFiles($0.runFolder(PlantedRuns.finished)).model("model", seed: 1))
        },
        PlantedFault("bit of a checkpoint", "changed-checkpoint", repaired: true) {
            try flip(RunFiles($0.runFolder(PlantedRuns.unfinished)).checkpoint("model", seed: 1))
        },
        PlantedFault("damaged outcome", "changed-checkpoint", repaired: true) {
            try AtomicFile.write(Data("{".utf8), to: RunFiles($0.runFolder(PlantedRuns.unfinished)).outcome(seed: 1))
        },
        PlantedFault("bit of stored features", "changed-features", repaired: true) {
            try flip(first(below: $0.features, ".safetensors"))
        },
    ]

    private static let strays = [
        PlantedFault("unfinished photo", "leftover", repaired: true) {
            try AtomicFile.write(Data("x".utf8), to: $0.photos.appending(path: "ab/.\(digest).jpg.X.partial"))
        },
        PlantedFault("unfinished version", "leftover", repaired: true) {
            try AtomicFile.write(Data("x".utf8), to: VersionFiles($0.partialVersionFolder("small", 2)).entries)
        },
        PlantedFault("replaced version", "leftover", repaired: true) {
            try AtomicFile.write(Data("x".utf8), to: VersionFiles($0.replacedVersionFolder("small", 1)).entries)
        },
        PlantedFault("checkpoint of a finished run", "leftover", repaired: true) {
            try AtomicFile.write(
                Data("x".utf8), to: RunFiles($0.runFolder(PlantedRuns.finished)).checkpoint("model", seed: 1))
        },
        PlantedFault("file that is not Curare's", "unknown-file") {
            try AtomicFile.write(Data("x".utf8), to: $0.runs.appending(path: "\(PlantedRuns.finished)/model.bak"))
        },
        PlantedFault("link to a run", "unknown-file") {
            try FileManager.default.createSymbolicLink(
                at: $0.runFolder("small-1-3"), withDestinationURL: $0.runFolder(PlantedRuns.finished))
        },
        PlantedFault("photo that others can read", "permissions", repaired: true) {
            try setMode(0o644, of: first(below: $0.photos, ".png"))
        },
        PlantedFault("folder that others can read", "permissions", repaired: true) { try setMode(0o755, of: $0.root) },
        PlantedFault("missing folder", "missing-folder", repaired: true) { try remove($0.quarantine) },
    ]
}
