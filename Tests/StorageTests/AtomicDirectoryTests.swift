import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct AtomicDirectoryTests {
    private func inode(_ file: URL) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? NSNumber).intValue
    }

    @Test func folderAppearsWhenFinished() throws {
        try withFolder { root in
            let target = root.appending(path: "deep/out")
            let folder = try AtomicDirectory(at: target)
            try folder.write(Data("one".utf8), to: "a/b.txt")
            #expect(try names(in: root.appending(path: "deep")) == [".out.partial"])
            try folder.finish()
            #expect(try names(in: root.appending(path: "deep")) == ["out"])
            #expect(try Data(contentsOf: target.appending(path: "a/b.txt")) == Data("one".utf8))
            #expect(try permissions(target) == 0o700)
            #expect(try permissions(target.appending(path: "a/b.txt")) == 0o600)
            #expect(folder.contents.files == 1 && folder.contents.bytes == 3 && folder.contents.linked == 0)
        }
    }

    @Test func unfinishedFolderIsRemoved() throws {
        try withFolder { root in
            do {
                let folder = try AtomicDirectory(at: root.appending(path: "out"))
                try folder.write(Data(), to: "x")
            }
            #expect(try names(in: root) == [])
        }
    }

    @Test func remainsOfKilledProcessAreRemoved() throws {
        try withFolder { root in
            try AtomicFile.write(Data(), to: root.appending(path: ".out.partial/old/file"))
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            try folder.write(Data(), to: "new")
            try folder.finish()
            #expect(try names(in: root) == ["out"])
            #expect(try names(in: root.appending(path: "out")) == ["new"])
        }
    }

    @Test(arguments: ["file", "folder", "dangling"])
    func existingNameIsAnErrorAndUnchanged(_ what: String) throws {
        try withFolder { root throws in
            let target = root.appending(path: "out")
            switch what {
            case "file": try AtomicFile.write(Data("mine".utf8), to: target)
            case "folder": try AtomicFile.makeFolder(target)
            default: try FileManager.default.createSymbolicLink(atPath: target.path, withDestinationPath: "nowhere")
            }
            let error = #expect(throws: CurareError.self) { try AtomicDirectory(at: target) }
            #expect(error?.code == .badInput)
            #expect(error?.location == target.path)
            #expect(try names(in: root) == ["out"])
        }
    }

    @Test func secondWriterIsBusy() throws {
        try withFolder { root throws in
            let first = try AtomicDirectory(at: root.appending(path: "out"))
            try first.write(Data(), to: "x")
            let error = #expect(throws: CurareError.self) { try AtomicDirectory(at: root.appending(path: "out")) }
            #expect(error?.code == .busy)
            try first.finish()
            #expect(try names(in: root.appending(path: "out")) == ["x"])
        }
    }

    @Test func unwritableLocationIsInputOutputError() throws {
        try withFolder { root throws in
            try AtomicFile.write(Data(), to: root.appending(path: "file"))
            let error = #expect(throws: CurareError.self) { try AtomicDirectory(at: root.appending(path: "file/out")) }
            #expect(error?.code == .inputOutput)
            #expect(try names(in: root) == ["file"])
        }
    }

    @Test func linkSharesFileAndCopyDoesNot() throws {
        try withFolder { root in
            let file = root.appending(path: "image.png")
            try AtomicFile.write(Data("pixels".utf8), to: file)
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            try folder.add(file, at: "linked/a.png", mayLink: true)
            try folder.add(file, at: "copied/a.png", mayLink: false)
            try folder.finish()
            let (linked, copied) = (root.appending(path: "out/linked/a.png"), root.appending(path: "out/copied/a.png"))
            #expect(try inode(linked) == inode(file))
            #expect(try inode(copied) != inode(file))
            #expect(try Data(contentsOf: linked) == Data(contentsOf: copied))
            #expect(folder.contents.files == 2 && folder.contents.linked == 1 && folder.contents.bytes == 12)
        }
    }

    @Test func fileIsCopiedWhenLinkFails() throws {
        // This is another file system, so a hard link is not possible.
        let other = URL(filePath: "/dev/shm/curare-\(UUID().uuidString)")
        guard (try? AtomicFile.write(Data("pixels".utf8), to: other)) != nil else { return }
        defer { try? FileManager.default.removeItem(at: other) }
        try withFolder { root in
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            try folder.add(other, at: "a", mayLink: true)
            try folder.finish()
            #expect(try Data(contentsOf: root.appending(path: "out/a")) == Data("pixels".utf8))
            #expect(folder.contents.files == 1)
        }
    }

    @Test func missingFileIsMissingInput() throws {
        try withFolder { root throws in
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            let error = #expect(throws: CurareError.self) {
                try folder.add(root.appending(path: "gone"), at: "a", mayLink: true)
            }
            #expect(error?.code == .missingInput)
        }
    }
}
