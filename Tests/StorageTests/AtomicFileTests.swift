import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    @Test func fileIsCompleteAndBelongsToOwnerOnly() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a/b/c.json")
            try AtomicFile.write(Data("one".utf8), to: file)
            #expect(try Data(contentsOf: file) == Data("one".utf8))
            #expect(try permissions(file) == 0o600)
            #expect(try permissions(folder.appending(path: "a")) == 0o700)
            #expect(try permissions(folder.appending(path: "a/b")) == 0o700)
            #expect(try names(in: folder.appending(path: "a/b")) == ["c.json"])
        }
    }

    @Test func readOnlyFileIsReplaced() throws {
        try withFolder { folder in
            let file = folder.appending(path: "photo.jpg")
            try AtomicFile.write(Data("a longer first text".utf8), to: file, mode: 0o400)
            #expect(try permissions(file) == 0o400)
            try AtomicFile.write(Data(), to: file, mode: 0o400)
            #expect(try Data(contentsOf: file).isEmpty)
        }
    }

    @Test("A folder and the missing folders above it are private from the start; an existing folder stays as it is")
    func madeFolders() throws {
        try withFolder { folder in
            let open = folder.appending(path: "open")
            #expect(mkdir(open.path, 0o755) == 0 && chmod(open.path, 0o755) == 0)
            let deep = open.appending(path: "a/b")
            for _ in 1...2 { try AtomicFile.makeFolder(deep) }
            #expect(try permissions(deep) == 0o700)
            #expect(try permissions(deep.deletingLastPathComponent()) == 0o700)
            #expect(try permissions(open) == 0o755)
            let file = folder.appending(path: "file")
            try AtomicFile.write(Data(), to: file)
            for taken in [file, file.appending(path: "inner")] {
                let error = #expect(throws: CurareError.self) { try AtomicFile.makeFolder(taken) }
                #expect(error?.code == .inputOutput && error?.nextStep != nil)
            }
        }
    }

    private func partial(_ name: String) -> String { ".\(name).\(UUID().uuidString).partial" }

    @Test func partialFilesOfEndedProcessesAreRemoved() throws {
        try withFolder { folder in
            let own = [partial("a.png"), partial("a.png"), partial("b.png")]
            let kept = [
                partial("c.png"), partial("xa.png"), ".a.png.partial", ".a.png.x.partial", "a.png", ".a.png",
                String(partial("a.png").dropFirst()), ".a.png.\(UUID().uuidString)",
            ]
            for name in own + kept { try Data("x".utf8).write(to: folder.appending(path: name)) }
            let link = partial("a.png")
            #expect(symlink(folder.appending(path: "a.png").path, folder.appending(path: link).path) == 0)
            let pipe = partial("b.png")
            #expect(mkfifo(folder.appending(path: pipe).path, 0o600) == 0)
            try AtomicFile.removeAbandoned(of: ["a.png", "b.png", "none/d.png"].map { folder.appending(path: $0) })
            #expect(try Set(names(in: folder)).subtracting([pipe]) == Set(kept + [link]))
        }
    }

    @Test func partialFileThatIsWrittenStays() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a.png")
            try AtomicFile.write(to: file) { write in
                try AtomicFile.removeAbandoned(of: [file])
                #expect(try names(in: folder).count == 1)
                try Array("x".utf8).withUnsafeBytes(write)
                try AtomicFile.removeAbandoned(of: [file])
            }
            #expect(try names(in: folder) == ["a.png"])
            #expect(try Data(contentsOf: file) == Data("x".utf8))
        }
    }

    /// The other threads have the effect of other processes: each opens the file again.
    @Test func removalNeverDisturbsAWriter() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a.png")
            DispatchQueue.concurrentPerform(iterations: 400) { index in
                do {
                    if index.isMultiple(of: 2) {
                        try AtomicFile.removeAbandoned(of: [file])
                    } else {
                        try AtomicFile.write(Data("x".utf8), to: file, isOneOfMany: true)
                    }
                } catch {
                    Issue.record(error)
                }
            }
            let left = try names(in: folder)
            #expect(left == ["a.png"])
        }
    }

    @Test(arguments: ["file", "folder", "dangling"])
    func existingFileIsNotReplacedWithoutPermission(_ what: String) throws {
        try withFolder { folder throws in
            let file = folder.appending(path: "a.csv")
            let error = #expect(throws: CurareError.self) {
                try AtomicFile.write(to: file, replaces: false) { write in
                    try Array("new".utf8).withUnsafeBytes(write)
                    // The name is taken after the write has begun.
                    switch what {
                    case "file": try Data("mine".utf8).write(to: file)
                    case "folder": try AtomicFile.makeFolder(file)
                    default: try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "none")
                    }
                }
            }
            #expect(error?.code == .badInput && error?.location == file.path && error?.nextStep != nil)
            #expect(try names(in: folder) == ["a.csv"])
            if what == "file" { #expect(try Data(contentsOf: file) == Data("mine".utf8)) }
        }
    }

    @Test func newFileIsWrittenWithoutPermissionToReplace() throws {
        try withFolder { folder throws in
            let file = folder.appending(path: "a/b.csv")
            try AtomicFile.write(Data("new".utf8), to: file, replaces: false)
            #expect(try Data(contentsOf: file) == Data("new".utf8))
            #expect(try names(in: folder.appending(path: "a")) == ["b.csv"])
        }
    }

    @Test func failedWriteLeavesNoPartialFile() throws {
        try withFolder { folder in
            let target = folder.appending(path: "taken")
            try AtomicFile.makeFolder(target.appending(path: "inner"))
            let error = #expect(throws: CurareError.self) { try AtomicFile.write(Data("x".utf8), to: target) }
            #expect(error?.code == .inputOutput)
            #expect(error?.location == target.path)
            #expect(try names(in: folder) == ["taken"])
        }
    }

    @Test func fileInPlaceOfFolderIsAnError() throws {
        try withFolder { folder in
            try AtomicFile.write(Data(), to: folder.appending(path: "file"))
            let error = #expect(throws: CurareError.self) {
                try AtomicFile.write(Data(), to: folder.appending(path: "file/inner"))
            }
            #expect(error?.code == .inputOutput)
        }
    }

    @Test func folderIsNotMovedToExistingName() throws {
        try withFolder { folder in
            let (new, target) = (folder.appending(path: "new"), folder.appending(path: "versions/a/1"))
            try AtomicFile.write(Data(), to: new.appending(path: "x"))
            try AtomicFile.moveFolder(new, to: target)
            #expect(try names(in: target) == ["x"])
            try AtomicFile.write(Data(), to: new.appending(path: "y"))
            #expect(throws: CurareError.self) { try AtomicFile.moveFolder(new, to: target) }
            #expect(try names(in: target) == ["x"])
        }
    }

    @Test func onlyPartialFilesAreRemoved() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            let kept = ["photos/ab/whole.jpg", "photos/ab/.hidden", "images/p/ab/x.partial"]
            let left = [
                "photos/ab/.x.partial", "images/p/ab/.y.png.1-2.partial", "quarantine/s/.k.bytes.1-2.partial",
            ]
            for path in kept + left { try AtomicFile.write(Data(), to: folder.appending(path: path)) }
            try workspace.removePartialFiles()
            for path in kept {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appending(path: path).path), "\(path)")
            }
            for path in left {
                #expect(
                    !FileManager.default.fileExists(atPath: folder.appending(path: path).path), "\(path)")
            }
        }
    }

    @Test func unreadableFolderIsAnErrorAndMissingFolderIsEmpty() throws {
        try withFolder { folder throws in
            let workspace = Workspace(root: folder)
            try workspace.removePartialFiles()
            try AtomicFile.write(Data(), to: workspace.photos)
            let error = #expect(throws: CurareError.self) { try workspace.removePartialFiles() }
            #expect(error?.code == .inputOutput)
            #expect(error?.location == workspace.photos.path)
        }
    }
}
