import Foundation
import Testing
import WorkflowTestSupport

@testable import curare

/// The commands through the built program: exit codes, standard output and standard error.
@Suite(.serialized) struct CommandTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments + ["--workspace", study.folder.path], in: scratch.root)
    }

    @Test("A study from init to predict prints one JSON object for each command")
    func wholeStudy() throws {
        let workspace = scratch.path("w")
        try SmallStudy.writeSession(to: scratch)
        let session = scratch.path("garden")
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        let photo = "\(session)/ada-0.png"
        for command in [
            ["init", workspace, "--profile", "32-centre-srgb"],
            ["import", session], ["status"], ["split", recipe, "--dry-run"], ["split", recipe], ["verify", "small"],
            ["audit", "small"], ["show", "small"], ["trigger", "list"], ["sheet", "--out", scratch.path("sheet.png")],
            ["label", "garden/ada-0.png", "--trigger", "none"], ["consent", "garden", "signed"],
            ["export", "small", "--format", "csv", "--to", scratch.path("out")],
            ["validate", "small", "--jobs", "1", "--epochs", "1"], ["predict", "small-1-1", photo],
            ["explain", "small-1-1", photo, "--out", scratch.path("maps.png")], ["schema"], ["schema", "recipe"],
            ["faces", "--detector", "hog"],
            ["withdraw", "ada", "--dry-run"],
        ] {
            let place = command[0] == "init" ? [] : ["--workspace", workspace]
            let outcome = try Program.run(command + ["--json"] + place)
            #expect(outcome.status == 0, "\(command): \(outcome.err)")
            #expect(try !outcome.json().isEmpty, "\(command)")
        }
    }

    @Test("OpenMP threads spin briefly or sleep at once, unless the environment of the user sets another way")
    func threadWaiting() throws {
        func display(_ environment: [String: String?]) throws -> String {
            try Program.run(
                ["predict", "--weights", "missing.safetensors", "missing.png"], in: scratch.root,
                environment: ["OMP_DISPLAY_ENV": "verbose", "OMP_WAIT_POLICY": nil].merging(environment) { $1 }
            ).err
        }
        // The way depends on what other programs do on the machine now.
        let own = try display([:])
        #expect(
            own.contains("GOMP_SPINCOUNT = '\(ThreadWaiting.spinCount)'") || own.contains("OMP_WAIT_POLICY = 'PASSIVE'")
        )
        let chosen = try display(["GOMP_SPINCOUNT": "7"])
        #expect(chosen.contains("GOMP_SPINCOUNT = '7'") && !chosen.contains("'\(ThreadWaiting.spinCount)'"))
        let passive = try display(["OMP_WAIT_POLICY": "passive"])
        #expect(passive.contains("OMP_WAIT_POLICY = 'PASSIVE'") && !passive.contains("'\(ThreadWaiting.spinCount)'"))
    }

    @Test("A negative result ends with 3, and its object is on standard output")
    func negativeResults() throws {
        try Program.run("consent", "garden", "missing", "--workspace", study.folder.path)
        for command in ["verify", "audit"] {
            let outcome = try run(command, "small", "--json")
            #expect(outcome.status == 3, "\(outcome.err)")
            #expect(try outcome.json()["problems"] != nil || outcome.json()["findings"] != nil)
        }
        #expect(try run("verify", "small").out.contains("catalog: DIFFERS"))
        let failed = try run("validate", "small", "--json")
        #expect(failed.status == 65)
        #expect(try failed.json()["error"] != nil)
    }

    private static let usageErrors: [[String]] = [
        ["validate", "small", "--seeds", "0"],
        ["validate", "small", "--controls", "true-label"],
        ["validate", "small", "--controls", "clean,clear"],
        ["label"],
        ["diff", "small"],
        ["import"],
        ["frobnicate"],
        ["status", "--jobs", "0"],
        ["export", "small", "--format", "zip", "--to", "x"],
        ["export", "small"],
        ["export", "small", "--format", "csv"],
        ["export", "small", "--to", "x"],
        ["export", "small", "--format", "csv", "--to", ""],
        ["withdraw", "ada"],
        ["withdraw"],
        ["withdraw", "ada", "--redact", "--keep-models"],
        ["withdraw", "ada", "--dry-run", "--yes"],
        ["explain", "small-1-1", "--out", "x.png"],
        ["explain", "small-1-1", "x.png", "--out", "x.jpg"],
        ["faces"],
        ["faces", "--detector", "nose"],
        ["init", "x", "--face-detector", "nose"],
        ["sheet"],
        ["sheet", "--out", "x.jpg"],
        ["sheet", "--out", "x.png", "--problem", "ugly"],
        ["sheet", "--out", "x.png", "--size", "9"],
        ["sheet", "--out", "x.png", "--columns", "0"],
        ["rebuild", "small"],
        ["init", "far", "--group-distance=4"],
        ["init", "far", "--group-distance=-1"],
        ["init", "far", "--group-distance=two"],
    ]
    private static let badInput: [[String]] = [
        ["verify", "../x"],
        ["validate", "small", "--model", "vgg99"],
        ["validate", "small", "--augment", "magic"],
        ["label", "ffffffffffff", "--trigger", "none"],
        ["consent", "garden", "withdrawn"],
        ["trigger", "add", "None!"],
        ["schema", "nothing"],
    ]
    private static let missingInput: [[String]] = [
        ["verify", "nothing"],
        ["verify", "small@9"],
        ["show", "ffffffffffff"],
        ["split", "no-such-file.yaml"],
        ["import", "no-such-folder"],
        ["validate", "nothing"],
        ["validate", "small", "--resume"],
        ["predict", "no-run", "x.jpg"],
        ["consent", "nobody", "signed"],
    ]

    /// Expects the exit code, a message, and nothing on standard output.
    private func expectError(_ code: Int32, _ arguments: [String]) throws {
        let outcome = try Program.run(arguments + ["--workspace", study.folder.path], in: scratch.root)
        #expect(outcome.status == code, "\(outcome.err)")
        #expect(!outcome.err.isEmpty && outcome.out.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("far")))
    }

    @Test("A wrong use of a command ends with 64", arguments: usageErrors)
    func usage(_ arguments: [String]) throws { try expectError(64, arguments) }

    @Test("A wrong value ends with 65", arguments: badInput)
    func wrongValue(_ arguments: [String]) throws { try expectError(65, arguments) }

    @Test("A missing file, version, run or session ends with 66", arguments: missingInput)
    func missing(_ arguments: [String]) throws { try expectError(66, arguments) }

    @Test("A folder that is not a workspace, and a workspace that exists, are reported")
    func wrongWorkspace() throws {
        #expect(try Program.run("status", "--workspace", scratch.path("nowhere")).status == 66)
        #expect(try Program.run("status", in: scratch.root, environment: ["CURARE_WORKSPACE": ""]).status == 66)
        #expect(try Program.run("init", study.folder.path).status == 65)
    }

    @Test("An error message has the problem, the file with line and key, and the next step")
    func wholeMessage() throws {
        let file = try scratch.write("recipe: 1\nname: x\nseeed: 3\n", to: "r.yaml")
        let lines = try run("split", file, "--dry-run").err.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("curare: ") && lines[1] == "  at: r.yaml")
        #expect(lines[2].hasPrefix("  - r.yaml:3: seeed: unknown key; did you mean seed?"), "\(lines[2])")
        #expect(lines[3].hasPrefix("  do: "))
    }

    @Test("The error for an unknown schema, format or problem lists the known names")
    func knownNames() throws {
        let schema = try Program.run("schema", "recipes")
        #expect(schema.err.contains("did you mean recipe?") && schema.err.contains("run-report"))
        #expect(try run("export", "small", "--format", "parquet", "--to", "x").err.contains("webdataset"))
        #expect(try run("sheet", "--out", "x.png", "--problem", "no-fcae").err.contains("no-face"))
    }

    @Test("A training with fewer threads than requested ends with 70")
    func threadLimit() throws {
        let outcome = try Program.run(
            ["validate", "small", "--jobs", "2", "--workspace", study.folder.path],
            environment: ["OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "2"])
        #expect(outcome.status == 70 && outcome.err.contains("thread"), "\(outcome.err)")
    }

    @Test("A withdrawal asks the user to type the name", arguments: [("ada", Int32(0)), ("no", 64), ("", 64)])
    func withdrawalQuestion(_ typed: String, _ code: Int32) throws {
        let script = try scratch.write(
            """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(sys.argv[1], sys.argv[1:2] + ["withdraw", "ada", "--workspace", sys.argv[2]])
            output = b""
            while b"to go on: " not in output:
                output += os.read(terminal, 65536)
            os.write(terminal, (sys.argv[3] + "\\n").encode())
            try:
                while True:
                    more = os.read(terminal, 65536)
                    if not more: break
                    output += more
            except OSError:
                pass
            sys.stdout.write(output.decode())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

            """, to: "ask.py")
        let outcome = try python([script, Program.file.path, study.folder.path, typed])
        #expect(outcome.status == code, "\(outcome.output)")
        let photos = SmallStudy.count / SmallStudy.volunteers.count
        #expect(outcome.output.contains("ada would be withdrawn: \(photos) photos"), "\(outcome.output)")
        #expect(outcome.output.contains("cannot be undone"))
        #expect(try study.status().photos == SmallStudy.count - (code == 0 ? photos : 0))
    }

    @Test("No volunteer can withdraw while a training is in progress, and an interrupted training checks consent again")
    func withdrawalDuringTraining() throws {
        let arguments = ["validate", "small", "--jobs", "1", "--epochs", "500", "--workspace", study.folder.path]
        let checkpoint = study.url("runs/small-1-1/model.checkpoint").path
        let process = try Program.start(arguments)
        while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint) { usleep(1000) }
        let busy = try run("withdraw", "bruno", "--yes")
        #expect(busy.status == 75 && busy.err.contains("training"), "\(busy.err)")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(FileManager.default.fileExists(atPath: checkpoint))

        try Program.run("consent", "garden", "missing", "--workspace", study.folder.path)
        let unsigned = try Program.run(arguments + ["--resume"])
        #expect(unsigned.status == 65 && unsigned.err.contains("consent"), "\(unsigned.err)")
        try Program.run("consent", "garden", "signed", "--workspace", study.folder.path)
        #expect(try run("withdraw", "bruno", "--yes").status == 0)
        #expect(!FileManager.default.fileExists(atPath: study.url("runs/small-1-1").path))
        let withdrawn = try Program.run(arguments + ["--resume"])
        #expect(withdrawn.status == 65 && withdrawn.err.contains("withdrawn"), "\(withdrawn.err)")
    }
}
