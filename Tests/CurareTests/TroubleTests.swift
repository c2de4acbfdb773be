import Foundation
import Testing
import WorkflowTestSupport

/// A full disk, a folder that disappears, a file that cannot be read, and settings of the machine. Imported photos are
/// kept, the message is clear, and the command can be
/// repeated.
@Suite(.serialized) struct TroubleTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Whether this user may mount a file system.
    private static let canMount: Bool = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-mount-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { rmdir(folder) }
            guard try shell("mount", "-t", "tmpfs", "-o", "size=1m", "none", folder) == 0 else { return false }
            return try shell("umount", folder) == 0
        } catch {
            return false
        }
    }()

    @Test("A full disk loses nothing, and the import can be repeated", .enabled(if: canMount))
    func fullDisk() throws {
        let session = try ImportedDemo.shared.sessions[1]
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try #require(try Self.shell("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk) == 0)
        defer { unmount(disk) }
        let workspace = WorkspaceFixture(URL(filePath: "\(disk)/w"), threads: 2)
        try Program.run("init", workspace.folder.path)
        let full = try Program.run("import", session, "--json", "--workspace", workspace.folder.path)
        #expect(full.status == 74, "\(full.err)")
        #expect(full.err.contains("No space left on device") || full.err.contains("disk is full"), "\(full.err)")
        let kept = try workspace.status().photos
        #expect(try Self.shell("mount", "-o", "remount,size=200m", disk) == 0)
        let all = try Self.count(session)
        #expect(kept < all)
        #expect(try workspace.importSessions([session]).imported == all - kept)
        #expect(try workspace.status().photos == all)
    }

    private func unmount(_ folder: String) {
        do {
            let status = try Self.shell("umount", folder)
            #expect(status == 0)
        } catch {
            Issue.record(error)
        }
    }

    @Test("A full disk leaves nothing of an export")
    func fullDiskDuringExport() throws {
        let workspace = try ImportedDemo.shared.copy(in: scratch)
        // No file may grow beyond 512 kB, as on a full disk. The tar shard would be larger.
        let script = "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\""
        let process = Process()
        let err = Pipe()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", script, Program.file.path, "export", "sunglasses-25", "--format", "webdataset", "--to",
            scratch.path("out"), "--workspace", workspace.folder.path,
        ]
        process.standardError = err
        try process.run()
        let message = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 74 && message.contains("could not write the file"), "\(message)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.root.path) == ["study"])
    }

    @Test("A session folder that disappears during its import ends with 74, and the imported photos are kept")
    func missingFolder() throws {
        let workspace = WorkspaceFixture(scratch.url("w"), threads: 2)
        let session = scratch.path("session")
        try FileManager.default.copyItem(atPath: ImportedDemo.shared.sessions[0], toPath: session)
        try Program.run("init", workspace.folder.path)
        let messages = scratch.url("messages")
        try Data().write(to: messages)
        let importing = try Program.start(
            ["import", session, "--jobs", "1", "--workspace", workspace.folder.path],
            err: FileHandle(forWritingTo: messages))
        // The first stored photo shows that the import is past its plan.
        let photos = workspace.url("photos").path
        while importing.isRunning, try FileManager.default.subpathsOfDirectory(atPath: photos).isEmpty { usleep(2000) }
        try FileManager.default.moveItem(atPath: session, toPath: session + "-away")
        importing.waitUntilExit()
        let kept = try workspace.status().photos
        let all = try Self.count(session + "-away")
        let text = try String(contentsOf: messages, encoding: .utf8)
        #expect(importing.terminationStatus == 74, "\(text)")
        #expect(kept > 0 && kept < all)
        try FileManager.default.moveItem(atPath: session + "-away", toPath: session)
        #expect(try workspace.importSessions([session]).imported == all - kept)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.url("quarantine").path).isEmpty)
    }

    @Test(
        "A file that cannot be read ends the import with 74, and the other files are imported",
        .enabled(if: getuid() != 0))
    func unreadableFile() throws {
        let photo = Data(try SmallStudy.picture(class: 0, hasTrigger: false, seed: 5).png())
        try scratch.write(
            "file,volunteer,trigger,location\ngood.png,a,none,none\nlocked.png,a,none,none\n", to: "s/session.csv")
        try scratch.write("session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        try scratch.write(photo, to: "s/good.png")
        let locked = try scratch.write(photo.dropLast(), to: "s/locked.png")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
        let workspace = scratch.path("w")
        try Program.run("init", workspace)
        let outcome = try Program.run("import", scratch.path("s"), "--json", "--workspace", workspace)
        #expect(outcome.status == 74 && outcome.err.contains("1 file could not be read"))
        #expect(try outcome.json()["imported"] as? Int == 1)
    }

    @Test(
        "The settings of libvips change no pixel",
        arguments: [
            ["VIPS_NOVECTOR": "1"], ["VIPS_CONCURRENCY": "4"], ["VIPS_CONCURRENCY": "1", "VIPS_NOVECTOR": "0"],
        ])
    func libvipsSettings(_ environment: [String: String]) throws {
        // Twelve photos contain every format of the demo.
        let source = URL(filePath: try ImportedDemo.shared.sessions[1])
        let sheet = try String(contentsOf: source.appending(path: "session.csv"), encoding: .utf8)
        let rows = sheet.split(separator: "\n").prefix(13)
        try scratch.write(rows.joined(separator: "\n") + "\n", to: "s/session.csv")
        let files = rows.dropFirst().compactMap { $0.split(separator: ",").first.map(String.init) }
        for file in files + ["session.yaml"] {
            try FileManager.default.copyItem(at: source.appending(path: file), to: scratch.url("s/\(file)"))
        }
        for (workspace, environment) in [("usual", [:]), ("other", environment)] {
            try Program.run("init", scratch.path(workspace))
            try Program.run(
                ["import", scratch.path("s"), "--workspace", scratch.path(workspace)], environment: environment)
        }
        let images = try bytes(below: scratch.url("usual/images"))
        #expect(images.count == files.count)
        #expect(try bytes(below: scratch.url("other/images")) == images)
    }

    /// The number of photos in a session's folder.
    private static func count(_ session: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: session).count { !$0.hasPrefix("session.") }
    }

    private static func shell(_ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
