import Foundation
import Testing

/// What the world does to an import: a disk that is full, a card that is taken out, another machine's settings. What was imported is kept, the
/// words are clear, and going on works.
@Suite(.serialized) struct TroubleTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    private func photos(_ workspace: String) throws -> Int? {
        try Program.run("status", "--json", "--workspace", workspace).json["photos"] as? Int
    }

    /// Needs a small file system of its own; where none may be mounted, nothing is tested.
    @Test func aFullDiskLosesNothingAndGoingOnWorks() throws {
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard Self.shell("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk) == 0 else {
            print("skipped: no file system can be mounted here")
            return
        }
        defer { _ = Self.shell("umount", disk) }
        let workspace = disk + "/w"
        try Program.run("init", workspace)
        let full = try Program.run("import", study.sessions[1], "--json", "--workspace", workspace)
        #expect(full.status == 74, "\(full.err)")
        #expect(full.err.contains("No space left on device") || full.err.contains("disk is full"), "\(full.err)")
        #expect(full.err.contains("see that the disk has room"))
        let kept = try #require(try photos(workspace))
        #expect(Self.shell("mount", "-o", "remount,size=200m", disk) == 0)
        let again = try Program.run("import", study.sessions[1], "--json", "--workspace", workspace)
        #expect(again.status == 0, "\(again.err)")
        let all = try Self.count(study.sessions[1])
        #expect(kept < all)
        #expect(again.json["imported"] as? Int == all - kept)
        #expect(try photos(workspace) == all)
    }

    @Test func aFolderThatGoesAwayHalfWayEndsWith74AndKeepsWhatWasImported() throws {
        let workspace = scratch.path("w")
        let shoot = scratch.path("shoot")
        try FileManager.default.copyItem(atPath: study.sessions[0], toPath: shoot)
        try Program.run("init", workspace)
        let said = scratch.url("said")
        try Data().write(to: said)
        let importing = try Program.start(
            ["import", shoot, "--jobs", "1", "--workspace", workspace], err: FileHandle(forWritingTo: said))
        // Once it has stored originals it is beyond its plan.
        while importing.isRunning, try FileManager.default.subpathsOfDirectory(atPath: workspace + "/photos").isEmpty {
            usleep(2000)
        }
        try FileManager.default.moveItem(atPath: shoot, toPath: shoot + "-away")
        importing.waitUntilExit()
        let words = try String(contentsOf: said, encoding: .utf8)
        let kept = try #require(try photos(workspace))
        let all = try Self.count(study.sessions[0])
        #expect(importing.terminationStatus == 74, "\(words)")
        #expect(words.contains("the session's folder went away"), "\(words)")
        #expect(kept > 0 && kept < all)
        try FileManager.default.moveItem(atPath: shoot + "-away", toPath: shoot)
        let again = try Program.run("import", shoot, "--json", "--workspace", workspace)
        #expect(again.status == 0)
        #expect(again.json["imported"] as? Int == all - kept)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace + "/quarantine").isEmpty)
    }

    @Test func aFileThatCannotBeReadEndsWith74AndTheOthersAreTaken() throws {
        let workspace = scratch.path("w")
        let photo = try Data(contentsOf: URL(filePath: study.sessions[1]).appending(path: "IMG_0001.jpg"))
        try scratch.write(
            "file,volunteer,trigger,location\ngood.jpg,a,none,none\nlocked.jpg,a,none,none\n", to: "s/session.csv")
        try scratch.write("session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        try scratch.write(photo, to: "s/good.jpg")
        let locked = try scratch.write(photo.dropLast(), to: "s/locked.jpg")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
        guard access(locked, R_OK) != 0 else {
            print("skipped: this user reads every file")
            return
        }
        try Program.run("init", workspace)
        let outcome = try Program.run("import", scratch.path("s"), "--json", "--workspace", workspace)
        #expect(outcome.status == 74)
        #expect(outcome.json["imported"] as? Int == 1, "one object, the answer")
        #expect(outcome.err.contains("1 files could not be read"))
    }

    /// libvips' own switches must not reach a pixel.
    @Test(arguments: [
        ["VIPS_NOVECTOR": "1"], ["VIPS_CONCURRENCY": "4"], ["VIPS_CONCURRENCY": "1", "VIPS_NOVECTOR": "0"],
    ])
    func noSettingOfTheMachineReachesAnImage(_ environment: [String: String]) throws {
        let (usual, other) = (scratch.path("usual"), scratch.path("other"))
        for (workspace, environment) in [(usual, [:]), (other, environment)] {
            try Program.run("init", workspace)
            try Program.run(["import", study.sessions[1], "--workspace", workspace], environment: environment)
        }
        let images = try Self.images(usual)
        let all = try Self.count(study.sessions[1])
        #expect(images.count == all)
        #expect(try Self.images(other) == images)
    }

    /// By path below the workspace's images.
    private static func images(_ workspace: String) throws -> [String: Data] {
        let root = URL(filePath: workspace + "/images")
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".png") }
        return try Dictionary(uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: root.appending(path: $0))) })
    }

    /// Photos in a session's folder.
    private static func count(_ session: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: session).count { !$0.hasPrefix("session.") }
    }

    private static func shell(_ arguments: String...) -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
