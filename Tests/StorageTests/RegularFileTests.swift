import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Storage

@Suite struct ChunkedFileReaderTests {
    /// Returns the pieces of a file with this text, read `size` bytes at a time.
    private func pieces(_ text: String, size: Int) throws -> [String] {
        try withFolder { folder in
            let file = folder.appending(path: "file")
            try Data(text.utf8).write(to: file)
            var pieces: [String] = []
            try ChunkedFileReader.forEachOfLines(of: file, size: size) {
                pieces.append(String(decoding: $0, as: UTF8.self))
            }
            #expect(try ChunkedFileReader.digest(of: file) == .sha256(of: text.utf8))
            return pieces
        }
    }

    @Test(arguments: 1...20) func piecesEndWithLineFeedForAnySize(_ size: Int) throws {
        let text = "one\ntwo and more\n\nthree\n"
        let pieces = try pieces(text, size: size)
        #expect(pieces.joined() == text)
        #expect(pieces.allSatisfy { $0.hasSuffix("\n") })
        #expect(try self.pieces("one\ntwo", size: size).joined() == "one\ntwo")
        #expect(try self.pieces("one\ntwo", size: size).last == "two")
        #expect(try self.pieces("", size: size) == [])
    }

    @Test func missingFileIsMissingInput() throws {
        let error = #expect(throws: CurareError.self) {
            try ChunkedFileReader.digest(of: URL(filePath: "/nowhere/at-all"))
        }
        #expect(error?.code == .missingInput)
    }

    @Test func fileWrittenInPiecesIsCompleteOrAbsent() throws {
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
}

/// Files of unknown kind and size that may change while they are read.
@Suite struct RegularFileTests {
    @Test func bytesAndDigestMatchFile() throws {
        try withFolder { folder in
            let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let url = folder.appending(path: "a")
            try Data(bytes).write(to: url)
            let file = try RegularFile(url)
            #expect(file.size == bytes.count)
            #expect(try file.sha256() == FileDigest.sha256(of: bytes))
            #expect(try file.bytes(limit: bytes.count) == bytes)
            let error = #expect(throws: CurareError.self) { try file.bytes(limit: bytes.count - 1) }
            #expect(error?.message == "the file has 2500000 bytes, more than the limit of 2499999")
        }
    }

    @Test(.timeLimit(.minutes(1))) func pipeIsRejectedWithoutWaiting() throws {
        try withFolder { folder in
            let pipe = folder.appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            let error = #expect(throws: CurareError.self) { try RegularFile(pipe) }
            #expect(error?.message == "this is not a regular file")
        }
    }

    @Test func folderDeviceAndMissingFileAreErrors() throws {
        try withFolder { folder throws in
            for url in [folder, URL(filePath: "/dev/zero"), folder.appending(path: "none")] {
                let error = #expect(throws: CurareError.self) { try RegularFile(url) }
                #expect(error?.code == .inputOutput)
                #expect(error?.location == url.path)
            }
        }
    }

    @Test func contentsAreNilOnlyForAMissingFile() throws {
        try withFolder { folder throws in
            let file = folder.appending(path: "a")
            try Data([1, 2, 3]).write(to: file)
            #expect(try RegularFile.contentsIfPresent(file) == [1, 2, 3])
            #expect(try RegularFile.contentsIfPresent(folder.appending(path: "none")) == nil)
            #expect(try RegularFile.contentsIfPresent(file.appending(path: "below-a-file")) == nil)
            let irregular = #expect(throws: CurareError.self) { try RegularFile.contentsIfPresent(folder) }
            #expect(irregular?.code == .inputOutput)
            let missing = #expect(throws: CurareError.self) {
                try RegularFile.contents(
                    folder.appending(path: "none"), orThrow: CurareError(.missingInput, "no photo"))
            }
            #expect(missing?.message == "no photo")
        }
    }

    @Test func growingFileStopsAtLimit() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a")
            try Data([1, 2, 3]).write(to: url)
            let file = try RegularFile(url)
            try FileHandle(forWritingTo: url).write(contentsOf: Data(repeating: 0, count: 100))
            #expect(throws: CurareError.self) { try file.bytes(limit: 50) }
        }
    }

    @Test func namedFileHasItsOwnErrorCodes() throws {
        try withFolder { folder throws in
            let file = folder.appending(path: "a")
            try Data([1, 2, 3]).write(to: file)
            #expect(try RegularFile.contents(ofNamedFile: file.path, limit: 3) == [1, 2, 3])
            let cases: [(String, CurareError.Code)] = [
                (folder.appending(path: "none").path, .missingInput), (folder.path, .badInput), (file.path, .badInput),
            ]
            for (path, code) in cases {
                let error = #expect(throws: CurareError.self) {
                    try RegularFile.contents(ofNamedFile: path, limit: 2)
                }
                #expect(error?.code == code)
                #expect(error?.location == path)
            }
        }
    }
}
