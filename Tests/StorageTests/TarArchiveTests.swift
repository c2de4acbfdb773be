import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

/// Tar archives: the form that other programs read, and the rejection of every other form.
@Suite struct TarArchiveTests {
    private static let long = "images/256-face-srgb/drawn/ab/" + String(repeating: "a", count: 64) + ".png"
    private static let deep =
        "versions/" + String(repeating: "n", count: 64) + "/1/overlays/"
        + String(repeating: "t", count: 64) + ".png"
    private static let files: [(name: String, data: Data)] = [
        (String(repeating: "a", count: 64) + ".png", Data((0..<1025).map { UInt8(truncatingIfNeeded: $0) })),
        ("b.json", Data("{}".utf8)), ("empty", Data()), (long + "x", Data("long".utf8)), (deep, Data("deep".utf8)),
    ]

    private func archive(_ files: [(name: String, data: Data)] = Self.files) throws -> Data {
        try withFolder { folder in
            let file = folder.appending(path: "x.tar")
            let summary = try TarWriter.write(to: file) { archive in
                for (name, data) in files { try archive.add(name, data) }
            }
            let bytes = try Data(contentsOf: file)
            #expect(summary.bytes == bytes.count && summary.digest == .sha256(of: bytes))
            #expect(try permissions(file) == 0o600)
            return bytes
        }
    }

    /// Reads an archive to its end.
    private func read(_ bytes: Data) throws -> [String: Data] {
        try withFolder { folder in
            let file = folder.appending(path: "x.tar")
            try bytes.write(to: file)
            let reader = try TarReader(file)
            var files: [String: Data] = [:]
            while let entry = try reader.nextEntry() {
                var data = Data()
                try reader.forEachPiece { data.append(contentsOf: $0) }
                #expect(data.count == entry.size)
                let whole = try reader.bytes(limit: entry.size)
                #expect(Data(whole) == data)
                files[entry.path] = data
            }
            let paths = try TarReader.paths(in: file)
            #expect(paths == Self.files.map(\.name).filter { files[$0] != nil })
            return files
        }
    }

    @Test func blocksAndFieldsHaveTheStandardForm() throws {
        let bytes = try archive(Array(Self.files.prefix(3)))
        // A header and three blocks, a header and one block, a header, and the end.
        #expect(bytes.count == 512 * (4 + 2 + 1 + 2))
        #expect(bytes.suffix(1024).allSatisfy { $0 == 0 })
        func field(_ offset: Int, _ length: Int) -> String {
            String(decoding: bytes[offset..<offset + length].prefix { $0 != 0 }, as: UTF8.self)
        }
        #expect(
            [
                field(0, 100), field(100, 8), field(108, 8), field(116, 8), field(124, 12), field(136, 12),
                field(156, 1), field(257, 6), field(263, 2), field(345, 155),
            ]
                == [
                    Self.files[0].name, "0000600", "0000000", "0000000", "00000002001", "00000000000", "0", "ustar",
                    "00", "",
                ])
        let sum = bytes[0..<148].reduce(0) { $0 + Int($1) } + 8 * 32 + bytes[156..<512].reduce(0) { $0 + Int($1) }
        #expect(Int(field(148, 8), radix: 8) == sum)
        #expect(bytes[154] == 0 && bytes[155] == 32)
    }

    @Test func anEmptyArchiveIsTwoEmptyBlocks() throws {
        let empty = try archive([])
        #expect(empty == Data(count: 1024))
        let files = try read(empty)
        #expect(files.isEmpty)
    }

    @Test func theSystemsTarReadsTheArchive() throws {
        try withFolder { folder in
            try archive().write(to: folder.appending(path: "x.tar"))
            let tar = try Process.run(
                URL(filePath: "/bin/tar"),
                arguments: ["--extract", "--file", folder.appending(path: "x.tar").path, "--directory", folder.path])
            tar.waitUntilExit()
            #expect(tar.terminationStatus == 0)
            for (name, data) in Self.files {
                #expect(try Data(contentsOf: folder.appending(path: name)) == data, "\(name)")
            }
        }
    }

    @Test func theReaderReturnsWhatWasWritten() throws {
        let expected = Dictionary(uniqueKeysWithValues: Self.files.map { ($0.name, $0.data) })
        let files = try read(archive())
        #expect(files == expected)
    }

    @Test func aFileFromTheDiskGivesTheSameBytesAndItsDigest() throws {
        try withFolder { folder in
            let source = folder.appending(path: "source")
            let file = folder.appending(path: "x.tar")
            try Self.files[0].data.write(to: source)
            try TarWriter.write(to: file) { archive in
                let digest = try archive.add(Self.files[0].name, from: source)
                #expect(digest == .sha256(of: Self.files[0].data))
                var error: (any Error)?
                do {
                    _ = try archive.add("x", from: folder.appending(path: "nothing"))
                } catch let thrown { error = thrown }
                #expect((error as? CurareError)?.code == .missingInput)
            }
            let written = try Data(contentsOf: file)
            let expected = try archive([Self.files[0]])
            #expect(written == expected)
        }
    }

    @Test(arguments: [
        "", "with space", "new\nline", "ü", String(repeating: "a", count: 101),
        String(repeating: "a", count: 156) + "/b", "a/" + String(repeating: "b", count: 101),
    ])
    func aPathThatDoesNotFitIsRejected(_ path: String) throws {
        try withFolder { folder throws in
            let file = folder.appending(path: "x.tar")
            let error = #expect(throws: CurareError.self) {
                try TarWriter.write(to: file) { try $0.add(path, Data()) }
            }
            #expect(error?.code == .badInput)
            #expect(try names(in: folder).isEmpty)
        }
    }

    /// Changes a field of the first header, and corrects the checksum.
    private func changing(_ offset: Int, _ text: String) throws -> Data {
        var bytes = [UInt8](try archive())
        bytes.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
        let sum = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
        let digits = String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} "
        bytes.replaceSubrange(148..<156, with: Array(digits.utf8))
        return Data(bytes)
    }

    @Test(
        "Links, devices, folders, extended headers, other owners, modes and times are rejected",
        arguments: [
            (156, "1"), (156, "2"), (156, "3"), (156, "4"), (156, "5"), (156, "6"), (156, "7"), (156, "x"),
            (156, "g"), (156, "L"), (156, "\u{0}"), (100, "0004755"), (108, "0000001"), (116, "0000001"),
            (136, "00000000001"), (124, "77777777777"), (124, "-0000000001"), (124, "00000002000"),
            (157, "/etc/passwd"),
            (257, "ustar  \u{0}"), (265, "root"), (329, "0000001"), (500, "x"), (0, "\u{0}"), (0, "a b"),
        ])
    func otherHeaders(_ offset: Int, _ text: String) throws {
        let bytes = try changing(offset, text)
        let error = #expect(throws: CurareError.self) { try read(bytes) }
        #expect(error?.code == .badInput)
    }

    @Test("The change of a header that changes nothing is accepted") func sameHeader() throws {
        let files = try read(changing(156, "0"))
        #expect(files.count == Self.files.count)
    }

    @Test("An archive that is cut off anywhere is rejected", arguments: [0, 1, 511, 512, 1000, 2048, 2559, 3000, 5631])
    func cutOff(_ length: Int) throws {
        let bytes = try archive()
        let error = #expect(throws: CurareError.self) { try read(bytes.prefix(length)) }
        #expect(error?.code == .badInput)
    }

    @Test("The paths of an archive that is cut off are those of its complete headers")
    func pathsOfPart() throws {
        let bytes = try archive()
        let names = Self.files.map(\.name)
        // The headers are at 0, 2048, 3072, 3584 and 4608.
        for (length, count) in [(0, 0), (511, 0), (512, 1), (2559, 1), (2560, 2), (3000, 2), (bytes.count - 1, 5)] {
            try withFolder { folder in
                let file = folder.appending(path: "x.tar")
                try bytes.prefix(length).write(to: file)
                let paths = try TarReader.paths(in: file)
                #expect(paths == Array(names.prefix(count)), "\(length)")
                try (bytes.prefix(2048) + Data(repeating: 1, count: 512)).write(to: file)
                let error = #expect(throws: CurareError.self) { try TarReader.paths(in: file) }
                #expect(error?.code == .badInput)
            }
        }
    }

    @Test("Bytes after a file and after the end are rejected") func trailingBytes() throws {
        let bytes = try archive()
        var padded = bytes
        padded[512 + 1025] = 1
        for damaged in [bytes + Data(count: 512), bytes + Data([0]), bytes.dropLast(), bytes.dropLast(512), padded] {
            #expect(throws: CurareError.self) { try read(Data(damaged)) }
        }
    }

    @Test("A file above the limit, a folder and a missing archive are rejected") func otherFiles() throws {
        try withFolder { folder in
            let file = folder.appending(path: "x.tar")
            try archive().write(to: file)
            let reader = try TarReader(file)
            _ = try reader.nextEntry()
            #expect(throws: CurareError.self) { try reader.bytes(limit: 1024) }
            let irregular = #expect(throws: CurareError.self) { try TarReader(folder) }
            #expect(irregular?.code == .badInput)
            let missing = #expect(throws: CurareError.self) { try TarReader(folder.appending(path: "y.tar")) }
            #expect(missing?.code == .missingInput)
        }
    }
}
