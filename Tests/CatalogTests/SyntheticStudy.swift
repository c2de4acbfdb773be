import Catalog
import Core
import Foundation
import GRDB
import Storage
import TestSupport

/// A new workspace with sessions and photos for one test. The ids of the photos are digests of short words.
struct SyntheticStudy {
    let workspace: Workspace
    let catalog: Catalog

    static func with<Result>(_ body: (SyntheticStudy) throws -> Result) throws -> Result {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            return try body(SyntheticStudy(workspace: workspace, catalog: try Catalog.create(in: workspace)))
        }
    }

    func session(
        _ name: String, of volunteers: [String], consent: Consent = .signed, kind: VolunteerKind = .volunteer,
        coSubjects: [String] = []
    ) throws {
        try catalog.store(
            Session(name: SessionName(name)!, date: "2026-05-03", kind: kind, consent: consent),
            volunteers: volunteers.map { VolunteerName($0)! }, coSubjects: coSubjects.map { VolunteerName($0)! })
    }

    @discardableResult
    func photo(
        _ word: String, in session: String = "s1", _ label: Label? = nil, coSubjects: [String] = [],
        note: String? = nil, box: Box? = nil
    ) throws -> PhotoID {
        let id = photoID(word)
        let photo = Photo(id: id, bytes: 9, format: "jpeg", width: 4, height: 3, captured: nil, camera: nil)
        try catalog.store(
            [
                NewPhoto(
                    photo: photo,
                    sessionPhoto: SessionPhoto(session: SessionName(session)!, file: "\(word).jpg", note: note),
                    label: label, coSubjects: coSubjects.map { VolunteerName($0)! }, triggerBox: box)
            ], made: "2026-05-04T00:00:00Z")
        return id
    }

    /// Adds a label to the history of a photo.
    func add(
        _ label: Label, to photo: PhotoID, _ source: LabelSource, at time: String = "2026-05-04T00:00:00Z"
    ) throws {
        try catalog.append(labels: [(photo, label)], source: source, made: time)
    }

    /// Runs SQL statements in a separate connection, with foreign keys and CHECK constraints.
    func raw<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try DatabaseQueue(path: workspace.catalogFile.path).write(body)
    }

    /// Runs SQL statements in a separate connection without any constraint, as a damaged file would contain the values.
    func damage(_ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try DatabaseQueue(path: workspace.catalogFile.path, configuration: configuration).write { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON; \(sql)")
        }
    }
}
