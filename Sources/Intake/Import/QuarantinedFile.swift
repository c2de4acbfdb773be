import Core
import Foundation
import Storage

/// A file in quarantine, as its note tells of it.
public struct QuarantinedFile: Sendable {
    /// The folder that it lies in: the session's name.
    public let session: String
    /// Whom the sheet names in it; nil where the note does not say.
    public let people: [String]?
    /// Its note and, where there is one, its copy, relative to the workspace.
    public let paths: [String]
    /// SHA-256 of the copy; nil without one.
    public let digest: PhotoID?

    /// Everything in quarantine, in order. A copy without a note that can be read counts as one that names nobody.
    public static func all(in workspace: Workspace) -> [QuarantinedFile] {
        names(in: workspace.quarantine).flatMap { session in
            let folder = workspace.quarantine.appending(path: session)
            let keys = Set(names(in: folder).map { String($0.prefix { $0 != "." }) })
            return keys.sorted().map { QuarantinedFile(session, key: $0, in: folder) }
        }
    }

    private init(_ session: String, key: String, in folder: URL) {
        self.session = session
        let (note, copy) = (folder.appending(path: "\(key).json"), folder.appending(path: "\(key).bytes"))
        people =
            FileManager.default.contents(atPath: note.path).flatMap {
                try? JSONDecoder().decode(Quarantine.Note.self, from: $0)
            }?.people
        paths = [note, copy].filter { FileManager.default.fileExists(atPath: $0.path) }.map {
            "quarantine/\(session)/\($0.lastPathComponent)"
        }
        digest = try? RegularFile(copy).photoID()
    }

    private static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }
}
