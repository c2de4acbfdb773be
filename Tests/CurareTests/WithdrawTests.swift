import Foundation
import Testing

/// A volunteer withdraws, through the built program.
@Suite(.serialized) struct WithdrawTests {
    let study: PrivateStudy
    let scratch = Scratch()

    init() throws {
        study = try #require(PrivateStudy.shared)
    }

    private func withdraw(_ workspace: URL, _ arguments: String...) throws -> Program.Outcome {
        try Program.run(["withdraw"] + arguments + ["--json", "--workspace", workspace.path])
    }

    private func photos(_ workspace: URL) throws -> Int? {
        try Program.run("status", "--json", "--workspace", workspace.path).json["photos"] as? Int
    }

    /// What is left of everybody else must be what it was.
    private func expectOthersWhole(_ workspace: URL, _ comment: String = "") throws {
        for folder in ["photos", "images"] {
            let before = try bytes(below: study.workspace.appending(path: folder)).filter { !study.isAdas($0.key) }
            #expect(try bytes(below: workspace.appending(path: folder)) == before, "\(comment) \(folder)")
        }
        let verify = try Program.run("verify", "sunglasses-25", "--json", "--workspace", workspace.path)
        #expect(verify.status == 3, "\(comment) \(verify.err)")
        #expect(verify.json["layers"] as? [String: Bool] == ["files": true, "selection": true, "catalog": false])
        let kinds = Set((verify.json["problems"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String })
        #expect(kinds == ["withdrawn"], "\(comment) \(kinds)")
    }

    @Test func aRawScanFindsNothingThatItFoundBefore() throws {
        let workspace = try study.copy(in: scratch)
        let scan = try study.scan()
        let all = try #require(try photos(workspace))
        #expect(scan.count > 500)
        let before = try scan.places(below: workspace)
        for place in ["photos/", "images/", "quarantine/noted/", "curare.sqlite", "runs/small-1-1/report.html"] {
            #expect(before.contains { $0.hasPrefix(place) }, "\(place)")
        }
        let answer = try withdraw(workspace, "ada", "--yes")
        #expect(answer.status == 0, "\(answer.err)")
        #expect(answer.json["photos"] as? Int == study.photos.count && answer.json["quarantined"] as? Int == 1)
        #expect(try scan.places(below: workspace) == [])
        #expect(try photos(workspace) == all - study.photos.count)
        try expectOthersWhole(workspace)
        let run = try FileManager.default.contentsOfDirectory(atPath: workspace.appending(path: "runs/small-1-1").path)
        #expect(!run.contains { $0.hasSuffix(".safetensors") } && run.contains("report.json"))
        let export = try #require((answer.json["exports"] as? [[String: Any]])?.first)
        #expect(
            export["path"] as? String == study.scratch.path("exported") && export["there"] as? Bool == true
                && export["images"] as? Int ?? 0 > 5)
        #expect(
            ((answer.json["versions"] as? [[String: Any]])?.compactMap { $0["version"] as? String } ?? []) == [
                "small@1", "sunglasses-25@1",
            ])

        let again = try withdraw(workspace, "ada")
        #expect(
            again.status == 0 && again.json["already"] as? Bool == true
                && (again.json["exports"] as? [Any])?.count == 1, "\(again.err)")
        let imported = try Program.run("import", study.scratch.path("noted"), "--workspace", workspace.path)
        #expect(
            imported.status == 65 && imported.err.contains("one.jpg was withdrawn")
                && imported.err.contains("two.jpg was withdrawn") && imported.err.contains("cut.jpg was withdrawn"),
            "\(imported.err)")
        #expect(!imported.err.contains("three.jpg"))
    }

    @Test func killedAtTenMomentsItIsFinishedByTheNextCommand() throws {
        let scan = try study.scan()
        let whole = try #require(try photos(study.workspace))
        let originals = try study.adas("photos")
        let images = try study.adas("images")
        let copy = try #require(
            bytes(below: study.workspace.appending(path: "quarantine")).keys.first { $0.hasSuffix(".bytes") })
        // The file whose going starts the kill; nil: the catalog's log is written to, or at once.
        let moments: [(String, String?)] = [
            ("at once", nil), ("the intention", "curare.sqlite-wal"), ("the first photo", originals[0]),
            ("a photo", originals[originals.count / 2]), ("the last photo", originals[originals.count - 1]),
            ("the first image", images[0]), ("an image", images[images.count / 2]),
            ("the last image", images[images.count - 1]), ("quarantine", "quarantine/\(copy)"),
            ("the models", "runs/small-1-1/model.safetensors"),
        ]
        var cut = 0
        for (index, moment) in moments.enumerated() {
            let workspace = try study.copy(in: scratch, "w\(index)")
            let process = try Program.start(["withdraw", "ada", "--yes", "--workspace", workspace.path])
            let watched = moment.1.map { workspace.appending(path: $0).path }
            let isLog = moment.1?.hasSuffix("-wal") == true
            while process.isRunning, let watched, isLog ? Self.size(watched) == 0 : access(watched, F_OK) == 0 {}
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let next = try Program.run("status", "--json", "--workspace", workspace.path)
            #expect(next.status == 0, "\(moment.0): \(next.err)")
            if next.err.contains("finished the withdrawal of ada") { cut += 1 }
            if next.json["photos"] as? Int == whole {
                #expect(
                    try bytes(below: workspace.appending(path: "photos"))
                        == bytes(below: study.workspace.appending(path: "photos")),
                    "nothing was done, and nothing is lost")
                #expect(try withdraw(workspace, "ada", "--yes").status == 0)
            }
            #expect(try photos(workspace) == whole - study.photos.count)
            #expect(try scan.places(below: workspace) == [], "\(moment.0)")
            try expectOthersWhole(workspace, moment.0)
            try FileManager.default.removeItem(at: workspace)
        }
        #expect(cut >= 5, "this many of ten were cut off in the middle")
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    @Test func withoutATerminalOrAYesNothingIsDone() throws {
        let workspace = try study.copy(in: scratch)
        let before = try bytes(below: workspace).filter { !$0.key.hasPrefix("curare.sqlite") }
        let refused = try withdraw(workspace, "ada")
        #expect(
            refused.status == 64 && refused.err.contains("nothing was done") && refused.err.contains("--yes"),
            "\(refused.err)")
        let rehearsed = try withdraw(workspace, "ada", "--dry-run")
        #expect(
            rehearsed.status == 0 && rehearsed.json["photos"] as? Int == study.photos.count
                && rehearsed.json["dry_run"] as? Bool == true)
        let linked = ((rehearsed.json["exports"] as? [[String: Any]])?.first?["linked"] as? Int) ?? -1
        #expect(linked == 0, "the copy's images are no links of the export's")
        #expect(try bytes(below: workspace).filter { !$0.key.hasPrefix("curare.sqlite") } == before)
        #expect(try photos(workspace) == photos(study.workspace))
    }

    @Test func hardLinksOfAnExportAreCounted() throws {
        let rehearsed = try withdraw(study.workspace, "ada", "--dry-run")
        let export = try #require((rehearsed.json["exports"] as? [[String: Any]])?.first)
        #expect(export["linked"] as? Int == export["images"] as? Int && export["linked"] as? Int ?? 0 > 5)
        #expect(
            try Program.run("withdraw", "ada", "--dry-run", "--workspace", study.workspace.path).out.contains(
                "hard links that keep the images' bytes"))
    }

    @Test(arguments: [("ada", 0), ("no", 64), ("", 64)])
    func aPersonIsAskedForTheName(_ typed: String, _ code: Int32) throws {
        let workspace = try study.copy(in: scratch)
        let script = try scratch.write(
            """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(sys.argv[1], sys.argv[1:2] + ["withdraw", "ada", "--workspace", sys.argv[2]])
            said = b""
            while b"to go on: " not in said:
                said += os.read(terminal, 65536)
            os.write(terminal, (sys.argv[3] + "\\n").encode())
            try:
                while True:
                    more = os.read(terminal, 65536)
                    if not more: break
                    said += more
            except OSError:
                pass
            sys.stdout.write(said.decode())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

            """, to: "ask.py")
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [script, Program.file.path, workspace.path, typed]
        process.standardOutput = out
        try process.run()
        let said = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == code, "\(said)")
        #expect(
            said.contains("ada would be withdrawn: \(study.photos.count) photos") && said.contains("cannot be undone"))
        #expect(try photos(workspace) == photos(study.workspace).map { $0 - (code == 0 ? study.photos.count : 0) })
    }

    @Test(arguments: [
        (["nobody"], 66), (["adda"], 66), (["../ada"], 65), ([], 64), (["ada", "--redact", "--keep-models"], 64),
        (["ada", "--dry-run", "--yes"], 64),
    ])
    func whatCannotBeMeantIsAnswered(_ arguments: [String], _ code: Int) throws {
        let outcome = try Program.run(["withdraw"] + arguments + ["--workspace", study.workspace.path])
        #expect(Int(outcome.status) == code && !outcome.err.isEmpty && outcome.out.isEmpty, "\(outcome.err)")
        if arguments == ["adda"] { #expect(outcome.err.contains("did you mean ada?")) }
    }

    @Test func someoneInNoVersionWithdrawsAndAnotherProcessKeepsOneWaiting() throws {
        let workspace = scratch.url("w")
        try Program.run("init", workspace.path)
        try Program.run("import", study.scratch.path("noted"), "--workspace", workspace.path)
        let lock = open(workspace.appending(path: ".lock").path, O_RDWR)
        #expect(flock(lock, LOCK_EX) == 0)
        #expect(try withdraw(workspace, "bruno", "--yes").status == 75)
        close(lock)
        let answer = try withdraw(workspace, "bruno", "--yes")
        #expect(
            answer.status == 0 && (answer.json["versions"] as? [Any])?.isEmpty == true
                && answer.json["photos"] as? Int == 2, "\(answer.err)")
        #expect(try photos(workspace) == 1)
    }
}
