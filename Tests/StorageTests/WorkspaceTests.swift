import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct WorkspaceTests {
    /// A folder with an empty catalog file, which makes it a workspace.
    private func withWorkspace(_ body: (Workspace) throws -> Void) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try workspace.makeFolders()
            try AtomicFile.write(Data(), to: workspace.catalogFile)
            try body(workspace)
        }
    }

    @Test func pathsFollowFormat() throws {
        let workspace = Workspace(root: URL(filePath: "/study"))
        let id = try #require(PhotoID(hex: String(repeating: "ab", count: 32)))
        #expect(workspace.photoFile(id, format: "jpeg").path == "/study/photos/ab/\(id.hex).jpg")
        #expect(workspace.photoFile(id, format: "webp").path == "/study/photos/ab/\(id.hex).webp")
        #expect(workspace.imageFile(id, .standard).path == "/study/images/256-face-srgb/ab/\(id.hex).png")
        #expect(workspace.versionFolder("on", 3).path == "/study/versions/on/3")
    }

    @Test func nearestWorkspaceAboveIsFound() throws {
        try withWorkspace { workspace in
            let deep = workspace.root.appending(path: "photos/ab")
            try AtomicFile.makeFolder(deep)
            #expect(
                try Workspace.find(explicit: nil, environment: [:], from: deep).root.path == workspace.root.path)
        }
    }

    @Test func argumentBeforeEnvironmentBeforeFolder() throws {
        try withWorkspace { named in
            try withWorkspace { other throws in
                let (name, root) = (named.root.path, named.root)
                #expect(
                    try Workspace.find(
                        explicit: name, environment: ["CURARE_WORKSPACE": other.root.path],
                        from: other.root
                    ).root == root)
                #expect(
                    try Workspace.find(
                        explicit: nil, environment: ["CURARE_WORKSPACE": name], from: other.root
                    ).root == root)
            }
        }
    }

    @Test func missingWorkspaceIsMissingInput() throws {
        try withFolder { folder throws in
            for explicit in [nil, folder.path] {
                let error = #expect(throws: CurareError.self) {
                    try Workspace.find(explicit: explicit, environment: [:], from: folder)
                }
                #expect(error?.code == .missingInput)
                #expect(error?.nextStep?.contains("curare init") == true)
            }
        }
    }

    @Test func holdsResolvesSymbolicLinks() throws {
        try withWorkspace { workspace in
            let parent = workspace.root.deletingLastPathComponent()
            let link = parent.appending(path: "curare-link-\(UUID().uuidString)")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: workspace.root)
            defer { try? FileManager.default.removeItem(at: link) }
            for inside in [
                workspace.root, workspace.images, workspace.images.appending(path: "a/b/c"),
                link.appending(path: "new"), workspace.root.appending(path: "x/../y"),
            ] {
                #expect(workspace.holds(inside), "\(inside.path)")
            }
            for outside in [
                parent, workspace.root.appending(path: "../new"), URL(filePath: workspace.root.path + "-2/new"),
                URL(filePath: "/"),
            ] {
                #expect(!workspace.holds(outside), "\(outside.path)")
            }
        }
    }

    @Test func runFoldersAreSortedAndVisible() throws {
        try withWorkspace { workspace in
            for name in ["b-1-1", "a-1-2", ".features"] { try AtomicFile.makeFolder(workspace.runFolder(name)) }
            #expect(try workspace.runFolders().map(\.lastPathComponent) == ["a-1-2", "b-1-1"])
        }
    }

    @Test func missingRunsAreEmptyAndUnreadableRunsAreAnError() throws {
        try withFolder { folder throws in
            let workspace = Workspace(root: folder)
            #expect(try workspace.runFolders() == [])
            try AtomicFile.write(Data(), to: workspace.runs)
            let error = #expect(throws: CurareError.self) { try workspace.runFolders() }
            #expect(error?.code == .inputOutput)
            #expect(error?.location == workspace.runs.path)
        }
    }

    @Test func filesOfVersionsRunsAndQuarantine() throws {
        let workspace = Workspace(root: URL(filePath: "/study"))
        let version = VersionFiles(workspace.versionFolder("small", 2))
        #expect(version.entries.path == "/study/versions/small/2/entries.jsonl")
        #expect(version.overlayPicture(TriggerName("dots")!).path == "/study/versions/small/2/overlays/dots.png")
        #expect(workspace.partialVersionFolder("small", 2).path == "/study/versions/small/.2.partial")
        let run = RunFiles(workspace.runFolder("small-2-1"))
        #expect(run.model("model", seed: 1).path == "/study/runs/small-2-1/model.safetensors")
        #expect(run.checkpoint("control", seed: 3).path == "/study/runs/small-2-1/control-3.checkpoint")
        #expect(run.outcome(seed: 1).path == "/study/runs/small-2-1/seed-1.outcome")
        let quarantined = QuarantineFiles(workspace.quarantineFolder(SessionName("s1")!), path: "../a.jpg")
        #expect(quarantined.note.path == "/study/quarantine/s1/\(FileDigest.sha256(of: "../a.jpg".utf8)).json")
    }
}
