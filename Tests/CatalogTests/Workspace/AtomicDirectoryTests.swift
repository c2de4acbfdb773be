import Core
import Foundation
import Storage
import Testing

@Suite struct NewFolderTests {
    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func inode(_ file: URL) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? NSNumber).intValue
    }

    @Test func nothingStandsAtThePlaceUntilItIsFinished() throws {
        try withFolder { root in
            let place = root.appending(path: "deep/out")
            let folder = try AtomicDirectory(at: place)
            try folder.write(Data("one".utf8), to: "a/b.txt")
            #expect(try names(root.appending(path: "deep")) == [".out.partial"])
            try folder.finish()
            #expect(try names(root.appending(path: "deep")) == ["out"])
            #expect(try Data(contentsOf: place.appending(path: "a/b.txt")) == Data("one".utf8))
            #expect(try permissions(place) == 0o700)
            #expect(try permissions(place.appending(path: "a/b.txt")) == 0o600)
            #expect(folder.contents.files == 1 && folder.contents.bytes == 3 && folder.contents.linked == 0)
        }
    }

    @Test func whatIsNotFinishedIsClearedAway() throws {
        try withFolder { root in
            do {
                let folder = try AtomicDirectory(at: root.appending(path: "out"))
                try folder.write(Data(), to: "x")
            }
            #expect(try names(root) == [])
        }
    }

    @Test func whatAKilledProcessLeftIsNoPartOfTheNext() throws {
        try withFolder { root in
            try AtomicFile.write(Data(), to: root.appending(path: ".out.partial/old/file"))
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            try folder.write(Data(), to: "new")
            try folder.finish()
            #expect(try names(root) == ["out"])
            #expect(try names(root.appending(path: "out")) == ["new"])
        }
    }

    @Test(arguments: ["file", "folder", "dangling"])
    func whatStandsThereIsRefusedAndLeftAlone(_ what: String) throws {
        try withFolder { root throws in
            let place = root.appending(path: "out")
            switch what {
            case "file": try AtomicFile.write(Data("mine".utf8), to: place)
            case "folder": try AtomicFile.makeFolder(place)
            default: try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: "nowhere")
            }
            let refusal = #expect(throws: CurareError.self) { try AtomicDirectory(at: place) }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.location == place.path)
            #expect(try names(root) == ["out"])
        }
    }

    @Test func twoProcessesDoNotFillTheSamePlace() throws {
        try withFolder { root throws in
            let first = try AtomicDirectory(at: root.appending(path: "out"))
            try first.write(Data(), to: "x")
            let refusal = #expect(throws: CurareError.self) { try AtomicDirectory(at: root.appending(path: "out")) }
            #expect(refusal?.code == .busy)
            try first.finish()
            #expect(try names(root.appending(path: "out")) == ["x"])
        }
    }

    @Test func aPlaceThatCannotBeWrittenIsAnIOFailure() throws {
        try withFolder { root throws in
            try AtomicFile.write(Data(), to: root.appending(path: "file"))
            let refusal = #expect(throws: CurareError.self) { try AtomicDirectory(at: root.appending(path: "file/out")) }
            #expect(refusal?.code == .inputOutput)
            #expect(try names(root) == ["file"])
        }
    }

    @Test func aLinkSharesTheFileAndACopyDoesNot() throws {
        try withFolder { root in
            let file = root.appending(path: "image.png")
            try AtomicFile.write(Data("pixels".utf8), to: file)
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            try folder.lay(file, at: "linked/a.png", mayLink: true)
            try folder.lay(file, at: "copied/a.png", mayLink: false)
            try folder.finish()
            let (linked, copied) = (root.appending(path: "out/linked/a.png"), root.appending(path: "out/copied/a.png"))
            #expect(try inode(linked) == inode(file))
            #expect(try inode(copied) != inode(file))
            #expect(try Data(contentsOf: linked) == Data(contentsOf: copied))
            #expect(folder.contents.files == 2 && folder.contents.linked == 1 && folder.contents.bytes == 12)
        }
    }

    @Test func whereNoLinkCanBeMadeACopyIs() throws {
        // Another file system: no link leads there.
        let other = URL(filePath: "/dev/shm/curare-\(UUID().uuidString)")
        guard (try? AtomicFile.write(Data("pixels".utf8), to: other)) != nil else { return }
        defer { try? FileManager.default.removeItem(at: other) }
        try withFolder { root in
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            try folder.lay(other, at: "a", mayLink: true)
            try folder.finish()
            #expect(try Data(contentsOf: root.appending(path: "out/a")) == Data("pixels".utf8))
            #expect(folder.contents.files == 1)
        }
    }

    @Test func aFileThatIsGoneIsMissingInput() throws {
        try withFolder { root throws in
            let folder = try AtomicDirectory(at: root.appending(path: "out"))
            let refusal = #expect(throws: CurareError.self) {
                try folder.lay(root.appending(path: "gone"), at: "a", mayLink: true)
            }
            #expect(refusal?.code == .missingInput)
        }
    }
}
