import Foundation
import Testing

@testable import Core
@testable import Storage

@Suite struct FilePiecesTests {
    /// The pieces of a file that holds `text`, read a few bytes at a time.
    private func pieces(_ text: String, size: Int) throws -> [String] {
        try withFolder { folder in
            let file = folder.appending(path: "file")
            try Data(text.utf8).write(to: file)
            var pieces: [String] = []
            try ChunkedFileReader.forEachOfLines(of: file, size: size) { pieces.append(String(decoding: $0, as: UTF8.self)) }
            #expect(try ChunkedFileReader.digest(of: file) == .sha256(of: text.utf8))
            return pieces
        }
    }

    @Test(arguments: 1...20) func piecesEndWithALineWhateverIsReadAtATime(_ size: Int) throws {
        let text = "one\ntwo and more\n\nthree\n"
        let pieces = try pieces(text, size: size)
        #expect(pieces.joined() == text)
        #expect(pieces.allSatisfy { $0.hasSuffix("\n") })
        #expect(try self.pieces("one\ntwo", size: size).joined() == "one\ntwo")
        #expect(try self.pieces("one\ntwo", size: size).last == "two")
        #expect(try self.pieces("", size: size) == [])
    }

    @Test func aFileThatIsNotThereIsMissingInput() throws {
        let refusal = #expect(throws: CurareError.self) { try ChunkedFileReader.digest(of: URL(filePath: "/nowhere/at-all")) }
        #expect(refusal?.code == .missingInput)
    }

    @Test func whatIsWrittenInPiecesIsWholeOrNotThere() throws {
        try withFolder { folder in
            let file = folder.appending(path: "file")
            try AtomicFile.write(to: file, mode: 0o400) { put in
                for text in ["one ", "two"] { try Array(text.utf8).withUnsafeBytes(put) }
            }
            #expect(try String(contentsOf: file, encoding: .utf8) == "one two")
            #expect(try permissions(file) == 0o400)
            #expect(throws: CancellationError.self) {
                try AtomicFile.write(to: folder.appending(path: "other")) { put in
                    try Array("half".utf8).withUnsafeBytes(put)
                    throw CancellationError()
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        }
    }

    @Test func aShelfKnowsWhatLiesInItsPlace() throws {
        try withFolder { folder in
            let photos = (0..<300).map { photoID("\($0)") }
            for photo in photos.dropLast() {
                try AtomicFile.write(Data(), to: folder.appending(path: "\(photo.hex.prefix(2))/\(photo).jpg"))
            }
            // In another's folder, and half-written.
            let astray = try #require(photos.last)
            let wrong = astray.hex.hasPrefix("ab") ? "cd" : "ab"
            try AtomicFile.write(Data(), to: folder.appending(path: "\(wrong)/\(astray).jpg"))
            try AtomicFile.write(Data(), to: folder.appending(path: "\(astray.hex.prefix(2))/.\(astray).jpg.partial"))
            let shelf = FileIndex(folder)
            #expect(photos.dropLast().allSatisfy { shelf.holds($0, "jpg") && !shelf.holds($0, "png") })
            #expect(!shelf.holds(astray, "jpg"))
            #expect(!FileIndex(folder.appending(path: "nothing")).holds(photos[0], "jpg"))
        }
    }
}
