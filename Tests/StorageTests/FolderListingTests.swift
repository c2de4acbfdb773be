import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct FolderListingTests {
    @Test func listsEverythingBelowAFolderAndFollowsNoLink() throws {
        try withFolder { folder in
            for name in ["b/c/d", "b.txt", ".hidden/e"] {
                try AtomicFile.write(Data(), to: folder.appending(path: name))
            }
            #expect(symlink("/", folder.appending(path: "b/link").path) == 0)
            #expect(
                try FolderListing.paths(below: folder) == [
                    ".hidden", ".hidden/e", "b", "b.txt", "b/c", "b/c/d", "b/link",
                ])
            #expect(try FolderListing.visibleFolders(in: folder) == ["b"])
            #expect(try FolderListing.visibleFolders(in: folder.appending(path: "b")) == ["c"])
            #expect(try FolderListing.visibleNames(in: folder) == ["b", "b.txt"])
        }
    }

    @Test func aMissingFolderIsEmptyAndAFileIsAnError() throws {
        try withFolder { folder throws in
            let missing = folder.appending(path: "none")
            #expect(try FolderListing.names(in: missing) == [])
            #expect(try FolderListing.paths(below: missing) == [])
            let file = folder.appending(path: "file")
            try Data().write(to: file)
            #expect(try FolderListing.namesIfFolder(file) == [])
            #expect(try FolderListing.namesIfFolder(folder) == ["file"])
            let error = #expect(throws: CurareError.self) { try FolderListing.names(in: file) }
            #expect(error?.code == .inputOutput && error?.location == file.path)
        }
    }

    @Test(.enabled(if: getuid() != 0, "root may read every folder")) func aFolderThatCannotBeReadIsAnError() throws {
        try withFolder { folder throws in
            let closed = folder.appending(path: "closed")
            try AtomicFile.makeFolder(closed)
            #expect(chmod(closed.path, 0) == 0)
            defer { chmod(closed.path, 0o700) }
            let error = #expect(throws: CurareError.self) { try FolderListing.paths(below: folder) }
            #expect(error?.code == .inputOutput && error?.location == closed.path)
        }
    }
}
