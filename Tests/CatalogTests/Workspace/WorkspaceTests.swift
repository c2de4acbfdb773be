import Core
import Foundation
import Storage
import Testing

@Suite struct WorkspaceTests {
    @Test func filesLieWhereTheFormatSays() throws {
        let workspace = Workspace(root: URL(filePath: "/study"))
        let id = try #require(PhotoID(hex: String(repeating: "ab", count: 32)))
        #expect(workspace.photoFile(id, format: "jpeg").path == "/study/photos/ab/\(id.hex).jpg")
        #expect(workspace.photoFile(id, format: "webp").path == "/study/photos/ab/\(id.hex).webp")
        #expect(workspace.imageFile(id, .standard).path == "/study/images/256-face-srgb/ab/\(id.hex).png")
        #expect(workspace.versionFolder("on", 3).path == "/study/versions/on/3")
    }

    @Test func theNearestWorkspaceUpwardIsFound() throws {
        try Study.with { study in
            let deep = study.workspace.root.appending(path: "photos/ab")
            try AtomicFile.makeFolder(deep)
            #expect(
                try Workspace.find(explicit: nil, environment: [:], from: deep).root.path == study.workspace.root.path)
        }
    }

    @Test func whatIsNamedComesBeforeTheEnvironmentAndThatBeforeTheFolder() throws {
        try Study.with { named in
            try Study.with { other throws in
                let (name, root) = (named.workspace.root.path, named.workspace.root)
                #expect(
                    try Workspace.find(
                        explicit: name, environment: ["CURARE_WORKSPACE": other.workspace.root.path],
                        from: other.workspace.root
                    ).root == root)
                #expect(
                    try Workspace.find(
                        explicit: nil, environment: ["CURARE_WORKSPACE": name], from: other.workspace.root
                    ).root == root)
            }
        }
    }

    @Test func noWorkspaceIsMissingInput() throws {
        try withFolder { folder throws in
            for explicit in [nil, folder.path] {
                let refusal = #expect(throws: CurareError.self) {
                    try Workspace.find(explicit: explicit, environment: [:], from: folder)
                }
                #expect(refusal?.code == .missingInput)
                #expect(refusal?.nextStep?.contains("curare init") == true)
            }
        }
    }

    @Test func whatLiesInAWorkspaceIsKnownWhereverLinksLead() throws {
        try Study.with { study in
            let (workspace, parent) = (study.workspace, study.workspace.root.deletingLastPathComponent())
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
}
