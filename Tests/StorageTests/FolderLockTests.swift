import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FolderLockTests {
    @Test func secondLockIsBusy() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            let lock = try FolderLock(workspace)
            let error = #expect(throws: CurareError.self) { try FolderLock(workspace) }
            #expect(error?.code == .busy)
            #expect(error?.message == "another process is using this workspace")
            #expect(error?.location == folder.path)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func lockIsReleasedWithItsOwner() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            for _ in 0..<3 {
                let lock = try FolderLock(workspace)
                withExtendedLifetime(lock) {}
            }
            #expect(try permissions(folder.appending(path: ".lock")) == 0o600)
        }
    }

    @Test func otherProcessCannotTakeLock() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            let lock = try FolderLock(workspace)
            #expect(try Self.otherProcessGetsLock(workspace) == false)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func otherProcessCanTakeReleasedLock() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            _ = try FolderLock(workspace)
            #expect(try Self.otherProcessGetsLock(workspace))
        }
    }

    @Test func missingFolderCannotBeLocked() throws {
        try withFolder { folder throws in
            let error = #expect(throws: CurareError.self) { try FolderLock(folder.appending(path: "none"), "run") }
            #expect(error?.code == .inputOutput)
        }
    }

    /// Returns whether another process, the program `flock` of util-linux, gets the lock without waiting.
    private static func otherProcessGetsLock(_ workspace: Workspace) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/flock")
        process.arguments = ["--nonblock", workspace.root.appending(path: ".lock").path, "true"]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
