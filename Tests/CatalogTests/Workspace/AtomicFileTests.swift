import Core
import Foundation
import Storage
import Testing

@Suite struct DurableFileTests {
    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func aFileIsWholeAndForTheOwnerAlone() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a/b/c.json")
            try AtomicFile.write(Data("one".utf8), to: file)
            #expect(try Data(contentsOf: file) == Data("one".utf8))
            #expect(try permissions(file) == 0o600)
            #expect(try permissions(folder.appending(path: "a")) == 0o700)
            #expect(try permissions(folder.appending(path: "a/b")) == 0o700)
            #expect(try names(folder.appending(path: "a/b")) == ["c.json"])
        }
    }

    @Test func whatWasThereIsReplacedEvenWhereItMayNotBeWritten() throws {
        try withFolder { folder in
            let file = folder.appending(path: "photo.jpg")
            try AtomicFile.write(Data("a longer first text".utf8), to: file, mode: 0o400)
            #expect(try permissions(file) == 0o400)
            try AtomicFile.write(Data(), to: file, mode: 0o400)
            #expect(try Data(contentsOf: file).isEmpty)
        }
    }

    @Test func aWriteThatFailsLeavesNothingHalfWritten() throws {
        try withFolder { folder in
            let place = folder.appending(path: "taken")
            try AtomicFile.makeFolder(place.appending(path: "inner"))
            let refusal = #expect(throws: CurareError.self) { try AtomicFile.write(Data("x".utf8), to: place) }
            #expect(refusal?.code == .inputOutput)
            #expect(refusal?.location == place.path)
            #expect(try names(folder) == ["taken"])
        }
    }

    @Test func aFileWhereAFolderBelongsIsSaid() throws {
        try withFolder { folder in
            try AtomicFile.write(Data(), to: folder.appending(path: "file"))
            let refusal = #expect(throws: CurareError.self) {
                try AtomicFile.write(Data(), to: folder.appending(path: "file/inner"))
            }
            #expect(refusal?.code == .inputOutput)
        }
    }

    @Test func aFolderIsMovedOnlyToWhereNothingStands() throws {
        try withFolder { folder in
            let (new, place) = (folder.appending(path: "new"), folder.appending(path: "versions/a/1"))
            try AtomicFile.write(Data(), to: new.appending(path: "x"))
            try AtomicFile.moveFolder(new, to: place)
            #expect(try names(place) == ["x"])
            try AtomicFile.write(Data(), to: new.appending(path: "y"))
            #expect(throws: CurareError.self) { try AtomicFile.moveFolder(new, to: place) }
            #expect(try names(place) == ["x"])
        }
    }

    @Test func whatAKilledProcessLeftIsClearedAndNothingElse() throws {
        try Study.with { study in
            let kept = ["photos/ab/whole.jpg", "photos/ab/.hidden", "images/p/ab/x.partial"]
            let left = ["photos/ab/.x.partial", "images/p/ab/.y.png.1-2.partial"]
            for path in kept + left { try AtomicFile.write(Data(), to: study.workspace.root.appending(path: path)) }
            try study.workspace.removePartialFiles()
            for path in kept {
                #expect(
                    FileManager.default.fileExists(atPath: study.workspace.root.appending(path: path).path), "\(path)")
            }
            for path in left {
                #expect(
                    !FileManager.default.fileExists(atPath: study.workspace.root.appending(path: path).path), "\(path)")
            }
        }
    }
}
