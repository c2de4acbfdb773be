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
            #expect(error?.message.hasPrefix("process \(getpid()) (") == true)
            #expect(error?.message.hasSuffix(") is using this workspace") == true)
            #expect(error?.location == folder.path)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func failedLockChangesNothing() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            let lock = try FolderLock(workspace)
            for _ in 0..<3 {
                let error = #expect(throws: CurareError.self) { try FolderLock(workspace) }
                #expect(error?.message.hasPrefix("process \(getpid()) (") == true, "the file still names its owner")
            }
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

    /// The file of a process that ended without releasing the lock, or that could not write, names no living process.
    @Test(arguments: ["", "x", "-1 curare import", "999999999 curare import", "\u{1b}[31m"])
    func unknownOwnerIsAnotherProcess(_ text: String) throws {
        try withFolder { folder in
            let lock = try FolderLock(folder, "run")
            try Data(text.utf8).write(to: folder.appending(path: ".lock"), options: [])
            let error = #expect(throws: CurareError.self) { try FolderLock(folder, "run") }
            #expect(error?.message == "another process is using this run")
            withExtendedLifetime(lock) {}
        }
    }

    @Test func commandOfTheOwnerIsNamedWithoutStrangeCharacters() throws {
        try withFolder { folder in
            let lock = try FolderLock(folder, "run")
            try Data("\(getpid()) curare \u{1b}[31mred import".utf8).write(to: folder.appending(path: ".lock"))
            let error = #expect(throws: CurareError.self) { try FolderLock(folder, "run") }
            #expect(error?.message == "process \(getpid()) (curare) is using this run")
            withExtendedLifetime(lock) {}
        }
    }

    @Test func releasedLockNamesNobody() throws {
        try withFolder { folder in
            _ = try FolderLock(folder, "run")
            #expect(try Data(contentsOf: folder.appending(path: ".lock")).isEmpty)
        }
    }

    @Test func waitingTakesAReleasedLock() throws {
        try withFolder { folder in
            nonisolated(unsafe) var lock: FolderLock? = try FolderLock(folder, "run")
            let release = Thread {
                Thread.sleep(forTimeInterval: 0.2)
                lock = nil
            }
            release.start()
            let other = try FolderLock(folder, "run", wait: .seconds(20))
            #expect(lock == nil)
            withExtendedLifetime(other) {}
        }
    }

    @Test func waitingEnds() throws {
        try withFolder { folder in
            let lock = try FolderLock(folder, "run")
            let start = ContinuousClock.now
            let error = #expect(throws: CurareError.self) { try FolderLock(folder, "run", wait: .milliseconds(200)) }
            #expect(error?.code == .busy)
            #expect(ContinuousClock.now - start >= .milliseconds(200))
            withExtendedLifetime(lock) {}
        }
    }

    @Test func missingFolderCannotBeLocked() throws {
        try withFolder { folder throws in
            let error = #expect(throws: CurareError.self) { try FolderLock(folder.appending(path: "none"), "run") }
            #expect(error?.code == .inputOutput)
        }
    }

    @Test("The lock of a workspace includes its labels until they are released") func labels() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            for _ in 0..<2 { withExtendedLifetime(try LabelLock(workspace)) {} }
            let lock = try FolderLock(workspace)
            let error = #expect(throws: CurareError.self) { try LabelLock(workspace) }
            #expect(error?.code == .busy && error?.message.hasPrefix("process \(getpid()) (") == true)
            lock.releaseLabels()
            let labels = try LabelLock(workspace)
            #expect(throws: CurareError.self) { try LabelLock(workspace) }
            #expect(throws: CurareError.self, "the lock of the workspace stays") { try FolderLock(workspace) }
            withExtendedLifetime((lock, labels)) {}
        }
    }

    @Test func labelsOfAnUnusedWorkspaceNameNobody() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            let labels = try LabelLock(workspace)
            let error = #expect(throws: CurareError.self) { try LabelLock(workspace) }
            #expect(error?.message == "another process is using this workspace")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            withExtendedLifetime(labels) {}
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
