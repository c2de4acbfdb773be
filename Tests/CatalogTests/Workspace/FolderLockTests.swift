import Core
import Foundation
import Storage
import Testing

@Suite struct FolderLockTests {
    @Test func oneHolderAtATime() throws {
        try Study.with { study in
            let lock = try FolderLock(study.workspace)
            let refusal = #expect(throws: CurareError.self) { try FolderLock(study.workspace) }
            #expect(refusal?.code == .busy)
            #expect(refusal?.message == "another process is at work in this workspace")
            #expect(refusal?.location == study.workspace.root.path)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func theLockIsFreeWhenItsHolderIsGone() throws {
        try Study.with { study in
            for _ in 0..<3 {
                let lock = try FolderLock(study.workspace)
                withExtendedLifetime(lock) {}
            }
            #expect(try permissions(study.workspace.root.appending(path: ".lock")) == 0o600)
        }
    }

    @Test func anotherProcessSeesTheLock() throws {
        try Study.with { study in
            let lock = try FolderLock(study.workspace)
            #expect(try Self.otherProcessGetsIt(study.workspace) == false)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func anotherProcessGetsTheLockThatWasGivenBack() throws {
        try Study.with { study in
            _ = try FolderLock(study.workspace)
            #expect(try Self.otherProcessGetsIt(study.workspace))
        }
    }

    @Test func aFolderThatIsNotThereCannotBeLocked() throws {
        try withFolder { folder throws in
            let refusal = #expect(throws: CurareError.self) { try FolderLock(folder.appending(path: "none"), "run") }
            #expect(refusal?.code == .inputOutput)
        }
    }

    /// Whether util-linux's `flock`, a program of its own, gets the lock without waiting.
    private static func otherProcessGetsIt(_ workspace: Workspace) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/flock")
        process.arguments = ["--nonblock", workspace.root.appending(path: ".lock").path, "true"]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
