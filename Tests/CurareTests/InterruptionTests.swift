import Foundation
import Testing
import WorkflowTestSupport
import Workflows

/// Ctrl-C and SIGTERM: the program prints what is kept, ends with 130 or 143, and the same command continues.
@Suite(.serialized) struct InterruptionTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// A shell in the background ignores SIGINT, and its programs do too. These tests then send SIGTERM only.
    private static let signals: [(Int32, Int32)] = [(SIGINT, 130), (SIGTERM, 143)].filter { number, _ in
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            != unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private func count(_ folder: String) -> Int {
        FileManager.default.enumerator(atPath: scratch.path(folder))?.allObjects.count ?? 0
    }

    @Test("An interrupted import keeps its photos, and the same command imports the others", arguments: signals)
    func importing(_ signal: Int32, _ code: Int32) throws {
        let sessions = (1...8).map { "session-\($0)" }
        for (seed, name) in sessions.enumerated() {
            try SmallStudy.writeSession(to: scratch, name, seed: UInt64(seed))
        }
        let workspace = WorkspaceFixture(scratch.url("w"))
        try SmallStudy.create(workspace)
        let arguments =
            ["import", "--jobs", "1", "--workspace", workspace.folder.path]
            + sessions.map { scratch.path($0) }
        let outcome = try Program.interrupt(arguments, signal, in: scratch) { count("w/photos") > 2 }
        #expect(outcome.status == code, "\(outcome.err)")
        #expect(
            outcome.err
                .hasSuffix(
                    """
                    curare: interrupted; photos that were imported are kept. Files of other photos may remain in the \
                    workspace until you run the same command again, which imports the other photos.

                    """
                ))
        let kept = try workspace.status().photos
        #expect(kept < sessions.count * SmallStudy.count)
        #expect(try Program.run(arguments).status == 0)
        #expect(try workspace.status().photos == sessions.count * SmallStudy.count)
        #expect(try Program.run("check", "--workspace", workspace.folder.path).status == 0)
    }

    @Test("An interrupted training continues from its checkpoint", arguments: signals)
    func training(_ signal: Int32, _ code: Int32) throws {
        let study = try SmallStudy.shared.copy(in: scratch)
        let arguments = ["validate", "small", "--jobs", "1", "--epochs", "5", "--workspace", study.folder.path]
        let run = study.url("runs/small-1-1")
        let outcome = try Program.interrupt(arguments, signal, in: scratch) {
            FileManager.default.fileExists(atPath: run.appending(path: "model.checkpoint").path)
        }
        #expect(outcome.status == code, "\(outcome.err)")
        #expect(outcome.err.hasSuffix("Run the same command again to continue it.\n"))
        #expect(!FileManager.default.fileExists(atPath: run.appending(path: "report.json").path))
        let resumed = try Program.run(arguments + ["--resume"])
        #expect(resumed.status == 0 && resumed.err.contains("continuing run small-1-1"), "\(resumed.err)")
    }

    @Test("An interrupted export leaves nothing", arguments: signals)
    func exporting(_ signal: Int32, _ code: Int32) throws {
        let study = try ImportedDemo.shared.copy(in: scratch)
        let arguments = [
            "export", "sunglasses-25", "--format", "csv", "--copy", "--to", scratch.path("out"), "--workspace",
            study.folder.path,
        ]
        let outcome = try Program.interrupt(arguments, signal, in: scratch) { count(".out.partial") > 20 }
        #expect(outcome.status == code && outcome.err.contains("the new folder was not made"), "\(outcome.err)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.root.path).sorted() == ["err", "study"])
        #expect(try Program.run(arguments).status == 0)
    }

    @Test("An interrupted bundle leaves no file", arguments: signals)
    func bundling(_ signal: Int32, _ code: Int32) throws {
        let study = try ImportedDemo.shared.copy(in: scratch)
        let folder = scratch.url("out")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let arguments = [
            "bundle", "sunglasses-25", "--images", "--originals", "--with-metadata", "--to",
            folder.appending(path: "a.tar").path, "--workspace", study.folder.path,
        ]
        let outcome = try Program.interrupt(arguments, signal, in: scratch) { count("out") > 0 }
        #expect(outcome.status == code && outcome.err.contains("no unfinished bundle was kept"), "\(outcome.err)")
        #expect(count("out") == 0)
        #expect(try Program.run(arguments).status == 0)
    }

    @Test("A program that ignores SIGINT from its start goes on")
    func ignoredSignal() throws {
        let script = "trap '' INT; \"$0\" demo \"$1\" & kill -INT $!; wait $!"
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script, Program.file.path, scratch.path("demo")]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && count("demo") > 100)
    }
}
