import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct WorkspaceCreationTests {
    private struct Interruption: Error {}

    private func fill(_ workspace: Workspace) throws {
        try AtomicFile.write(Data("catalog".utf8), to: workspace.catalogFile)
    }

    @Test(arguments: [false, true]) func workspaceHasAllFolders(isThere: Bool) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder.appending(path: "study"))
            if isThere { try AtomicFile.makeFolder(workspace.root) }
            try workspace.create(fill)
            #expect(workspace.exists)
            #expect(try names(in: folder) == ["study"])
            #expect(
                try names(in: workspace.root) == [
                    "curare.sqlite", "images", "photos", "quarantine", "runs", "versions",
                ])
            for url in workspace.folders { #expect(try permissions(url) == 0o700) }
        }
    }

    @Test(arguments: [false, true]) func failureLeavesNothing(isThere: Bool) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder.appending(path: "study"))
            if isThere { try AtomicFile.makeFolder(workspace.root) }
            #expect(throws: Interruption.self) {
                try workspace.create { new in
                    try fill(new)
                    throw Interruption()
                }
            }
            #expect(!workspace.exists)
            #expect(try names(in: folder) == (isThere ? ["study"] : []))
            if isThere { #expect(try names(in: workspace.root) == []) }
        }
    }

    @Test func failureAfterTheCatalogLeavesNothing() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            // The catalog is missing when it gets its name.
            #expect(throws: (any Error).self) { try workspace.create { _ in } }
            let left = try names(in: folder)
            #expect(left == [])
        }
    }

    @Test("A folder with other files does not become a workspace", arguments: ["notes.txt", "sessions/a.png"])
    func otherFiles(_ file: String) throws {
        try withFolder { folder in
            try AtomicFile.write(Data("mine".utf8), to: folder.appending(path: file))
            let before = try names(in: folder)
            let error = #expect(throws: CurareError.self) { try Workspace(root: folder).create(fill) }
            #expect(error?.code == .badInput && error?.message == "the folder is not empty")
            #expect(error?.nextStep?.contains("curare init \(folder.appending(path: "study").path)") == true)
            #expect(try names(in: folder) == before)
        }
    }

    @Test("A workspace without its catalog does not become a new study; empty folders of a killed init do")
    func workspaceWithoutCatalog() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder.appending(path: "study"))
            try workspace.create(fill)
            try FileManager.default.removeItem(at: workspace.catalogFile)
            let original = workspace.photos.appending(path: "ab/photo")
            try AtomicFile.write(Data("photo".utf8), to: original)
            let error = #expect(throws: CurareError.self) { try workspace.create(fill) }
            #expect(error?.code == .badInput && error?.nextStep?.contains("backup") == true)
            #expect(!workspace.exists)
            let opened = #expect(throws: CurareError.self) {
                try Workspace.find(explicit: workspace.root.path, environment: [:], from: folder)
            }
            #expect(opened?.code == .missingInput && opened?.nextStep == "restore curare.sqlite from a backup")
            try FileManager.default.removeItem(at: workspace.photos.appending(path: "ab"))
            try workspace.create(fill)
            #expect(workspace.exists)
        }
    }

    @Test("A relative CURARE_WORKSPACE is named when it leads to no workspace, and a relative option is not")
    func relativeVariable() throws {
        try withFolder { folder in
            // A current folder ends with a slash.
            let folder = URL(filePath: folder.path, directoryHint: .isDirectory)
            try Workspace(root: folder.appending(path: "study")).create(fill)
            func find(explicit: String? = nil, _ path: String, _ folder: URL) throws -> Workspace {
                try Workspace.find(explicit: explicit, environment: ["CURARE_WORKSPACE": path], from: folder)
            }
            let found = try find("study", folder)
            #expect(found.exists)
            let other = folder.appending(path: "other", directoryHint: .isDirectory)
            let error = #expect(throws: CurareError.self) { try find("study", other) }
            #expect(error?.code == .missingInput)
            #expect(error?.nextStep == "CURARE_WORKSPACE is the relative path study; use an absolute path")
            let option = #expect(throws: CurareError.self) { try find(explicit: "study", "", other) }
            #expect(option?.nextStep == "make one with: curare init study")
        }
    }

    @Test("A workspace that cannot be read is not called missing") func unreadableWorkspace() throws {
        try withFolder { folder in
            let loop = folder.appending(path: "loop")
            #expect(symlink(loop.path, loop.path) == 0)
            let error = #expect(throws: CurareError.self) {
                try Workspace.find(explicit: loop.appending(path: "study").path, environment: [:], from: folder)
            }
            #expect(error?.code == .inputOutput)
        }
    }

    @Test func remainsOfAKilledCreationAreReplaced() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder.appending(path: "study"))
            let partial = AtomicDirectory.partialFolder(of: workspace.root)
            try AtomicFile.write(Data("half".utf8), to: partial.appending(path: "curare.sqlite"))
            #expect(!workspace.exists)
            try workspace.create(fill)
            #expect(try Data(contentsOf: workspace.catalogFile) == Data("catalog".utf8))
            #expect(try names(in: folder) == ["study"])
        }
    }

    @Test func fileInThePlaceOfTheFolderIsAnError() throws {
        try withFolder { folder in
            let file = folder.appending(path: "study")
            try AtomicFile.write(Data("mine".utf8), to: file)
            let error = #expect(throws: CurareError.self) { try Workspace(root: file).create(fill) }
            #expect(error?.code == .badInput)
            #expect(try Data(contentsOf: file) == Data("mine".utf8))
        }
    }
}
