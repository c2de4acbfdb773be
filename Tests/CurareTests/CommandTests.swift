import Core
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
            ["audit", "small"], ["show", "small"], ["versions"], ["runs"], ["verify", "small*"], ["trigger", "list"],
            ["sheet", "--out", scratch.path("sheet.png")],
            ["label", "garden/ada-0.png", "--trigger", "none"], ["label", "garden/ada-0.png", "--history"],
            ["consent", "garden", "signed"],
            ["export", "small", "--format", "csv", "--to", scratch.path("out")],
            ["validate", "small", "--jobs", "1", "--epochs", "1"], ["compare", "small-1-1"],
            ["validate", "--remake", "small-1-1"], ["prune", "--keep", "1"],
            ["remove", "small-1-1", "--dry-run"], ["predict", "small-1-1", photo],
            ["bundle", "small", "--to", scratch.path("small.tar")],
            ["unbundle", scratch.path("small.tar"), "--to", scratch.path("received")],
            ["verify", scratch.path("received")],
            ["rebuild", scratch.path("received"), "--format", "csv", "--to", scratch.path("rebuilt")],
            ["schema"], ["schema", "recipe"],
            ["faces", "--detector", "hog"], ["faces", "accept", "--all"],
            ["sheet", "--in-version", "small", "--role", "test/clean"],
            ["labels", "export", "garden", "--to", scratch.path("garden.csv")],
            ["labels", "import", scratch.path("garden.csv"), "--author", "bea", "--session", "garden"],
            ["labels", "agreement"], ["labels", "resolve", "garden/ada-1.png", "--from", "bea", "--author", "Ada"],
            ["trigger", "add", "sunglases", "--yes"], ["trigger", "rename", "sunglases", "shades"],
            ["trigger", "remove", "shades"], ["withdraw", "ada", "--dry-run"], ["volunteer", "rename", "ada", "zoe"],
            ["volunteer", "merge", "zoe", "bruno", "--dry-run"], ["volunteer", "merge", "zoe", "bruno", "--yes"],
        ] {
            let place = command[0] == "init" ? [] : ["--workspace", workspace]
            let outcome = try Program.run(command + ["--json"] + place)
            #expect(outcome.status == 0, "\(command): \(outcome.err)")
            #expect(try !outcome.json().isEmpty, "\(command)")
        }
        // The images of this study are too small for saliency maps.
        let maps = try Program.run(
            "explain", "small-1-1", photo, "--out", scratch.path("maps.png"), "--json", "--workspace", workspace)
        #expect(maps.status == 65 && maps.err.contains("  do: train resnet18 with images of at least 193 px"))
        #expect(try maps.json()["error"] != nil)
    }

    private static let unknownCommands: [([String], String, String)] = [
        (["impot", "x"], "unknown command \"impot\"", "did you mean curare import?"),
        (["valdate"], "unknown command \"valdate\"", "did you mean curare validate?"),
        (["quux"], "unknown command \"quux\"", "list the commands with: curare --help"),
        (["verison"], "unknown command \"verison\"", "did you mean curare versions?"),
        (["lable", "x"], "unknown command \"lable\"", "did you mean curare label?"),
        (["delete", "x"], "unknown command \"delete\"", "did you mean curare remove?"),
        (["train"], "unknown command \"train\"", "did you mean curare validate?"),
        (["list"], "unknown command \"list\"", "did you mean curare versions?"),
        (["help", "trian"], "unknown command \"trian\"", "did you mean curare validate?"),
        (["label", "export"], "unknown command \"export\" after curare label", "did you mean curare labels export?"),
        (["trigger", "ad", "hat"], "unknown command \"ad\" after curare trigger", "did you mean curare trigger add?"),
    ]

    @Test("An unknown command is named, with the command that was probably meant", arguments: unknownCommands)
    func unknownCommand(_ arguments: [String], _ message: String, _ step: String) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 64 && outcome.out.isEmpty)
        #expect(outcome.err.contains("curare: \(message)") && outcome.err.contains("  do: \(step)"), "\(outcome.err)")
        let json = try Program.run(arguments + ["--json"])
        #expect(json.status == 64)
        #expect(try json.json()["error"] != nil)
    }

    private static let knownCommands: [([String], Int32)] = [
        (["help", "import"], 0), (["help"], 0), (["label", "x"], 64), (["import", "--hlep"], 64),
        (["trigger", "add"], 64), (["status", "x"], 64),
        (["trigger", "--jobs", "0"], 64), (["--version"], 0),
    ]

    @Test("Known commands and help keep the messages of the argument parser", arguments: knownCommands)
    func knownCommand(_ arguments: [String], _ status: Int32) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == status && !outcome.err.contains("unknown command"), "\(outcome.err)")
    }

    @Test("A dry run of an import prints no time, and a removal names the short name that is free")
    func dryRuns() throws {
        let imported = try run("import", try SmallStudy.shared.session, "--dry-run")
        #expect(imported.status == 0 && imported.out.hasPrefix("would import 0 photos; "), "\(imported.out)")
        let removed = try run("remove", "small@1", "--with-runs", "--dry-run")
        #expect(removed.out.contains("after this, the short name small is free\n"), "\(removed.out)")
    }

    @Test("The folder of a version needs no slash if its name names no version")
    func folderWithoutSlash() throws {
        for name in ["Received", "received"] {
            try FileManager.default.copyItem(at: study.url("versions/small/1"), to: scratch.url(name))
            let outcome = try run("verify", name)
            #expect(outcome.status == 0 && outcome.out.contains("catalog: not checked"), "\(outcome.err)")
        }
        try FileManager.default.createDirectory(at: scratch.url("Empty"), withIntermediateDirectories: false)
        #expect(try run("verify", "Empty").status == 66)
        #expect(try run("verify", "Missing").status == 65)
    }

    @Test("Every command has a text for its interruption")
    func interruptionTexts() {
        let names = Curare.configuration.subcommands.map { $0._commandName }
        #expect(names.count > 20 && Set(names) == Set(InterruptionText.texts.keys))
        #expect(InterruptionText.text(after: TriggerCommand.Add.self) == InterruptionText.change)
        #expect(InterruptionText.text(after: ImportCommand.self).contains("run the same command again"))
    }

    @Test("An interruption at a confirmation reports that nothing was done, and not what a finished step keeps")
    func interruptedConfirmation() {
        let withdrawal = InterruptionText.text(after: WithdrawCommand.self)
        #expect(InterruptionText.message(withdrawal, asking: nil) == "curare: interrupted; \(withdrawal)")
        let error = CurareError(.usage, "no terminal", next: nil)
        func message(_ warning: String?) -> String {
            var confirmation = Confirmation(question: "", word: "ada", withoutTerminal: error)
            if let warning { confirmation.warning = warning }
            return InterruptionText.message(withdrawal, asking: confirmation.nothingDone)
        }
        #expect(message(nil) == "curare: interrupted before the confirmation; nothing was removed")
        #expect(message("") == "curare: interrupted before the confirmation; nothing was changed")
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

    @Test("A list goes to standard output alone, and the message about the contact sheet to standard error")
    func listOnStandardOutput() throws {
        let outcome = try run("sheet", "--volunteer", "ada", "--csv", "-", "--out", "ada.html")
        #expect(outcome.status == 0, "\(outcome.err)")
        let lines = outcome.out.split(separator: "\n")
        #expect(lines.count == 1 + SmallStudy.barePhotos + SmallStudy.triggeredPhotos)
        #expect(lines[0].hasPrefix("id,session,file,") && lines[1].contains(",garden,ada-"))
        #expect(outcome.err.contains("drew 17 photos on ada.html"))
        #expect(FileManager.default.fileExists(atPath: scratch.path("ada.html")))
        let none = try run("sheet", "--problem", "unlabelled", "--csv", "-")
        #expect(none.out.split(separator: "\n").count == 1 && none.err.isEmpty)
        #expect(try run("sheet", "--csv", "-", "--json").status == 64)
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

    @Test("Several versions: the exit code is the highest, the object has each version, and notes are not with --quiet")
    func severalVersions() throws {
        let seed = SmallStudy.recipe.replacing("seed: 3", with: "seed: 4")
        #expect(try run("split", scratch.write(seed, to: "4.yaml")).status == 0)
        #expect(try run("verify", "small@1", "small@2").status == 0)
        let again = try run("split", scratch.write(SmallStudy.recipe, to: "3.yaml"))
        let note = "small means small@1, which the last split of small returned; the highest number is small@2\n"
        #expect(again.status == 0 && again.err == note)
        #expect(try run("show", "small").err == note && run("show", "small", "-q").err.isEmpty)
        try replace("{", with: "", in: study.url("versions/small/2/manifest.json"), maxReplacements: 1)
        try Program.run("consent", "garden", "missing", "--workspace", study.folder.path)
        let both = try run("verify", "small@1", "small@2", "--json")
        #expect(both.status == 65, "\(both.err)")
        let results = try #require(try both.json()["results"] as? [[String: Any]])
        #expect(results.map { $0["version"] as? String } == ["small@1", "small@2"])
        #expect(results[0]["ok"] as? Bool == false && results[1]["error"] != nil)
        #expect(both.err.contains("1 of 2 versions failed") && both.err.contains("small@1 (1 of 2)"))
        #expect(try run("verify", "small@*", "-q").out.contains("2 versions, 1 with a negative result, 1 failed"))
        #expect(try run("verify", "small", "small@1").status == 3)
        #expect(try run("versions").out.contains("damaged"))
        #expect(try run("verify").status == 64 && run("verify", "x-*").status == 66)
    }

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
