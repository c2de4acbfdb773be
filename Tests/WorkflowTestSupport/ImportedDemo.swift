import Foundation
import Workflows

/// The made-up study, drawn, imported and split once for all tests that read it or copy it.
public struct ImportedDemo: Sendable {
    private let scratch: Scratch
    /// The result of the first import.
    public nonisolated(unsafe) let imported: ImportSessions.Result
    /// Folders of sessions.
    public let sessions: [String]
    /// Tests must not change this workspace; see ``copy(in:_:)``.
    public let workspace: WorkspaceFixture

    private static let cached = Result { try ImportedDemo() }

    /// The first caller draws and imports the study.
    public static var shared: ImportedDemo {
        get throws { try cached.get() }
    }

    private init() throws {
        scratch = try Scratch()
        workspace = WorkspaceFixture(scratch.url("study"), threads: 2)
        let drawn = try workspace.run(DrawDemo.self, DrawDemo.Request(folder: scratch.url("photos")))
        sessions = drawn.sessions.sorted()
        try workspace.run(InitWorkspace.self, InitWorkspace.Request(folder: workspace.folder, faceDetector: .hog))
        imported = try workspace.importSessions(sessions)
        try workspace.split(scratch.path("photos/sunglasses-25.yaml"))
        try workspace.split(scratch.path("photos/sunglasses-25-digital.yaml"))
    }

    /// The folder with the drawn sessions and recipes.
    public var photos: URL { scratch.url("photos") }

    /// The path of a recipe, such as `sunglasses-25` or `sunglasses-25-digital`.
    public func recipe(_ name: String = "sunglasses-25") -> String { photos.appending(path: "\(name).yaml").path }

    /// The folder of the session with that name.
    public func session(_ name: String) -> URL { photos.appending(path: "sessions/\(name)") }

    /// One whole photo.
    public var photo: Data {
        get throws { try Data(contentsOf: URL(filePath: sessions[1]).appending(path: "IMG_0001.jpg")) }
    }

    /// Returns a copy of the workspace that a test may change.
    public func copy(in scratch: Scratch, _ name: String = "study") throws -> WorkspaceFixture {
        let copy = scratch.url(name)
        try workspace.copyFiles(to: copy)
        return WorkspaceFixture(copy, threads: workspace.threads)
    }
}
