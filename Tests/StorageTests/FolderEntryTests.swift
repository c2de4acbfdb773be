import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct FolderEntryTests {
    @Test func pathsBelowTheRootHaveNoSlashAtTheStart() {
        #expect(RelativePath.root.appending(Array("a".utf8)) == RelativePath("a"))
        #expect(RelativePath("a").appending(Array("b".utf8)) == RelativePath("a/b"))
    }

    /// Creates an empty file whose name need not be UTF-8.
    private func create(_ name: [UInt8], in folder: URL) {
        let path = (Array("\(folder.path)/".utf8) + name + [0]).map { CChar(bitPattern: $0) }
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
        #expect(descriptor >= 0 && close(descriptor) == 0)
    }

    @Test("Entries have a kind, a path as bytes and a printable path") func entries() throws {
        try withFolder { root in
            let folder = root.appending(path: "a")
            try AtomicFile.write(Data(), to: folder.appending(path: "b/c"))
            try AtomicFile.write(Data(), to: folder.appending(path: ".x.partial"))
            #expect(symlink("/", folder.appending(path: "link").path) == 0)
            #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
            create([0x7A, 0xFF, 0x0A, 0xC3, 0xA9], in: folder)
            let entries = try FolderListing.entries(RelativePath("a"), below: root)
            #expect(entries.map(\.kind) == [.file, .folder, .link, .other, .file])
            #expect(entries.map(\.name) == [".x.partial", "b", "link", "pipe", nil])
            #expect(entries.map(\.path.description).last == "a/z\\xff\\né")
            #expect(entries.map(\.isPartial) == [true, false, false, false, false])
            #expect(try FolderListing.entries(RelativePath("none"), below: root).isEmpty)
        }
    }

    @Test("A removal follows no link, and removes names that are not UTF-8") func removal() throws {
        try withFolder { root in
            let folder = root.appending(path: "a")
            try AtomicFile.write(Data(), to: root.appending(path: "kept/file"))
            try AtomicFile.write(Data(), to: folder.appending(path: "b/c"), mode: 0o400)
            create([0xFF], in: folder)
            #expect(symlink("../kept", folder.appending(path: "link").path) == 0)
            let entries = try FolderListing.entries(RelativePath("a"), below: root)
            try FileRemoval.remove(try #require(entries.last).path, below: root)
            #expect(try names(in: folder) == ["b", "link"])
            try FileRemoval.remove(folder)
            #expect(try names(in: root) == ["kept"])
            #expect(try names(in: root.appending(path: "kept")) == ["file"])
            #expect(!FileRemoval.exists(RelativePath("a"), below: root))
            try FileRemoval.remove(folder)
            try FileRemoval.remove(RelativePath("kept/file/x"), below: root)
            #expect(FileRemoval.exists(RelativePath("kept/file"), below: root))
        }
    }

    @Test("A path is relative to a folder above it") func relativePath() {
        let root = URL(filePath: "/w")
        #expect(RelativePath(URL(filePath: "/w/a/b"), below: root) == RelativePath("a/b"))
        #expect(RelativePath(URL(filePath: "/wa/b"), below: root) == nil)
    }

    @Test(
        "The names of a run's files are known",
        arguments: [
            ("model.safetensors", true), ("true-label-12.checkpoint", true), ("seed-2.outcome", true),
            ("report.html", true),
            (".lock", true), ("model.safetensors.bak", false), ("mine.safetensors", false),
            ("model-0.safetensors", false),
        ])
    func runFiles(_ name: String, _ isKnown: Bool) { #expect(RunFiles.isKnown(name) == isKnown) }
}
