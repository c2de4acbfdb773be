import Catalog
import Core
import Foundation
import GRDB
import Storage
import Testing

/// A folder for one test, gone when `body` ends.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "curare-catalog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// A new workspace for one test, with sessions and photos that it makes up: ids are digests of short words.
struct Study {
    let workspace: Workspace
    let catalog: Catalog

    static func with<Result>(_ body: (Study) throws -> Result) throws -> Result {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            return try body(Study(workspace: workspace, catalog: try Catalog.create(in: workspace)))
        }
    }

    func session(
        _ name: String, of sitters: [String], consent: Consent = .signed, kind: VolunteerKind = .volunteer, also: [String] = []
    ) throws {
        try catalog.store(
            Session(name: SessionName(name)!, date: "2026-05-03", kind: kind, consent: consent),
            sitters: sitters.map { VolunteerName($0)! }, also: also.map { VolunteerName($0)! })
    }

    @discardableResult
    func photo(
        _ word: String, in session: String = "s1", _ label: Label? = nil, also: [String] = [], note: String? = nil,
        box: Box? = nil
    ) throws -> PhotoID {
        let id = photoID(word)
        let photo = Photo(id: id, bytes: 9, format: "jpeg", width: 4, height: 3, captured: nil, camera: nil)
        try catalog.store(
            [
                NewPhoto(
                    photo: photo,
                    appearance: SessionPhoto(session: SessionName(session)!, file: "\(word).jpg", note: note),
                    label: label,
                    also: also.map { VolunteerName($0)! }, triggerBox: box)
            ], made: "2026-05-04T00:00:00Z")
        return id
    }

    func say(_ label: Label, of photo: PhotoID, _ source: LabelSource, at time: String = "2026-05-04T00:00:00Z") throws
    {
        try catalog.append(labels: [(photo, label)], source: source, made: time)
    }

    /// The file as any SQLite program sees it, with foreign keys on.
    func raw<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try DatabaseQueue(path: workspace.catalogFile.path).write(body)
    }
}

func photoID(_ word: String) -> PhotoID { .sha256(of: word.utf8) }

func label(_ volunteer: String, _ trigger: String = "none", _ location: String = "none") -> Label {
    Label(volunteer: VolunteerName(volunteer)!, triggerState: TriggerState(triggerText: trigger, locationText: location)!)
}

/// The permission bits of a file or folder.
func permissions(_ file: URL) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber).intValue
        & 0o777
}
