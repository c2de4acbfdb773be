import Foundation
import Testing

@testable import Versions

@Suite struct WebDatasetExportTests {
    private static let names = [String(repeating: "a", count: 64) + ".png", "b.json", "empty"]
    private static let contents = [Data((0..<1025).map { UInt8(truncatingIfNeeded: $0) }), Data("{}".utf8), Data()]

    private func archive() -> Data {
        var archive = TarArchive()
        for (name, data) in zip(Self.names, Self.contents) { archive.add(name, data) }
        return archive.finished()
    }

    @Test func blocksAndFieldsHaveTheStandardForm() {
        let bytes = archive()
        // A header and three blocks, a header and one block, a header, and the end.
        #expect(bytes.count == 512 * (4 + 2 + 1 + 2))
        #expect(bytes.suffix(1024).allSatisfy { $0 == 0 })
        func field(_ offset: Int, _ length: Int) -> String {
            String(decoding: bytes[offset..<offset + length].prefix { $0 != 0 }, as: UTF8.self)
        }
        #expect(
            [
                field(0, 100), field(100, 8), field(108, 8), field(116, 8), field(124, 12), field(136, 12),
                field(156, 1), field(257, 6), field(263, 2),
            ]
                == [Self.names[0], "0000600", "0000000", "0000000", "00000002001", "00000000000", "0", "ustar", "00"])
        let sum = bytes[0..<148].reduce(0) { $0 + Int($1) } + 8 * 32 + bytes[156..<512].reduce(0) { $0 + Int($1) }
        #expect(Int(field(148, 8), radix: 8) == sum)
        #expect(bytes[154] == 0 && bytes[155] == 32)
    }

    @Test func theSystemsTarReadsTheArchive() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-tar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try archive().write(to: folder.appending(path: "x.tar"))
        let tar = try Process.run(
            URL(filePath: "/bin/tar"),
            arguments: ["--extract", "--file", folder.appending(path: "x.tar").path, "--directory", folder.path])
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        for (name, data) in zip(Self.names, Self.contents) {
            #expect(try Data(contentsOf: folder.appending(path: name)) == data, "\(name)")
        }
    }

    @Test func anEmptyArchiveIsTwoEmptyBlocks() {
        #expect(TarArchive().finished() == Data(count: 1024))
    }
}
