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
            if isThere { try AtomicFile.write(Data(), to: workspace.root.appending(path: "notes.txt")) }
            try workspace.create(fill)
            #expect(workspace.exists)
            #expect(try names(in: folder) == ["study"])
            #expect(
                try names(in: workspace.root) == ["curare.sqlite", "images"] + (isThere ? ["notes.txt"] : [])
                    + ["photos", "quarantine", "runs", "versions"])
            for url in workspace.folders { #expect(try permissions(url) == 0o700) }
        }
    }

    @Test(arguments: [false, true]) func failureLeavesNothing(isThere: Bool) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder.appending(path: "study"))
            if isThere { try AtomicFile.write(Data(), to: workspace.root.appending(path: "notes.txt")) }
            #expect(throws: Interruption.self) {
                try workspace.create { new in
                    try fill(new)
                    throw Interruption()
                }
            }
            #expect(!workspace.exists)
            #expect(try names(in: folder) == (isThere ? ["study"] : []))
            if isThere { #expect(try names(in: workspace.root) == ["notes.txt"]) }
        }
    }

    @Test func failureAfterTheCatalogLeavesNothing() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            // A file in the place of a folder.
            try AtomicFile.write(Data("mine".utf8), to: workspace.runs.appending(path: "x"))
            #expect(throws: (any Error).self) {
                try workspace.create { _ in }
            }
            #expect(try names(in: folder) == ["runs"])
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
