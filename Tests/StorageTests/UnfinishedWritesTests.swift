import Core
import Foundation
import Storage
import TestSupport
import Testing

/// Each test has its own register: the end of the register of the process would stop the other tests.
@Suite struct UnfinishedWritesTests {
    private struct PlannedError: Error {}

    private let writes = UnfinishedWrites()

    private func add(_ file: URL) throws {
        try writes.add(file.path) { try Data("x".utf8).write(to: file) }
    }

    @Test func unfinishedFilesAndFoldersAreRemovedAndFinishedOnesStay() throws {
        try withFolder { root throws in
            func url(_ name: String) -> URL { root.appending(path: name) }
            for name in ["a", "b", "other"] { try add(url(name)) }
            try writes.finish(url("a").path) { try FileManager.default.moveItem(at: url("a"), to: url("A")) }
            writes.forget(url("other").path)
            try writes.add(url("folder").path) { try AtomicFile.makeFolder(url("folder/inner")) }
            try add(url("folder/inner/c"))
            writes.removeAll()
            #expect(try names(in: root) == ["A", "other"])
        }
    }

    @Test func nothingGetsItsFinalNameAfterTheRemoval() throws {
        try withFolder { root throws in
            let file = root.appending(path: "a")
            try add(file)
            writes.removeAll()
            let finish = #expect(throws: CurareError.self) {
                try writes.finish(file.path) { Issue.record("the file was renamed") }
            }
            #expect(finish?.code == .inputOutput && finish?.message.contains("interrupted") == true)
            let begin = #expect(throws: CurareError.self) { try add(root.appending(path: "b")) }
            #expect(begin?.code == .inputOutput)
            #expect(try names(in: root) == [])
        }
    }

    @Test func aFileWhoseRenameFailsIsStillRemoved() throws {
        try withFolder { root throws in
            let file = root.appending(path: "a")
            try add(file)
            #expect(throws: PlannedError.self) { try writes.finish(file.path) { throw PlannedError() } }
            writes.removeAll()
            #expect(try names(in: root) == [])
        }
    }

    @Test func aFileThatCouldNotBeCreatedIsUnknown() throws {
        try withFolder { root throws in
            let file = root.appending(path: "a")
            #expect(throws: PlannedError.self) { try writes.add(file.path) { throw PlannedError() } }
            try Data("of another process".utf8).write(to: file)
            writes.removeAll()
            #expect(try names(in: root) == ["a"])
        }
    }
}
