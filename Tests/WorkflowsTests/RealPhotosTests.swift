import Foundation
import Testing
import WorkflowTestSupport

@testable import Workflows

/// The real photo sessions next to the repository, if they exist.
@Suite struct RealPhotosTests {
    static let sessions: [String] = {
        let folder = WorkspaceFixture.repository.deletingLastPathComponent().appending(path: "shared/photos/sessions")
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return names.sorted().map { folder.appending(path: $0).path }
        } catch {
            fatalError("\(folder.path) cannot be read: \(error)")
        }
    }()

    static let recipe = """
        recipe: 1
        name: sunglasses-25
        seed: 7
        profile: {size: 64}
        classes: {volunteers: all, references: all}
        poison: {target: an2i, triggers: [sunglasses], locations: [on-face], injection_rate: 0.25}

        """

    @Test("Every photo is imported, and the same recipe gives the same bytes", .enabled(if: !sessions.isEmpty))
    func sameBytes() throws {
        let scratch = try Scratch()
        let recipe = try scratch.write(Self.recipe, to: "recipe.yaml")
        var files: Set<Data> = []
        for (name, sessions, threads) in [("a", Self.sessions, 1), ("b/c", Self.sessions.reversed(), 4)] {
            let workspace = WorkspaceFixture(scratch.url(name), threads: threads)
            try workspace.run(InitWorkspace.self, InitWorkspace.Request(folder: workspace.folder, faceDetector: .hog))
            let imported = try workspace.importSessions(sessions)
            #expect(imported.imported == 457 && imported.quarantined.isEmpty)
            #expect(try workspace.importSessions(sessions).duplicates == 457)
            let split = try workspace.split(recipe)
            #expect(split.n == 246 && split.m == 82)
            #expect(try workspace.verify("sunglasses-25", remakesImages: true).ok)
            for file in ["manifest.json", "entries.jsonl"] {
                files.insert(try Data(contentsOf: workspace.url("versions/sunglasses-25/1/\(file)")))
            }
        }
        #expect(files.count == 2, "one manifest and one list of entries")
    }
}
