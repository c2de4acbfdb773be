import Foundation
import Testing

/// What is wrong is answered with the right exit code and a clear word, and changes nothing. One after another: a workspace that is being
/// changed answers 75 to whoever else would.
@Suite(.serialized) struct BadInputTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    private func session(
        _ sheet: String?, description: String = "session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\n",
        photos: [String: Data] = [:]
    ) throws -> String {
        if let sheet { try scratch.write(sheet, to: "s/session.csv") }
        try scratch.write(description, to: "s/session.yaml")
        for (name, bytes) in photos { try scratch.write(bytes, to: "s/\(name)") }
        return scratch.path("s")
    }

    private func importing(_ folder: String) throws -> Program.Outcome {
        if !FileManager.default.fileExists(atPath: scratch.path("w")) { try Program.run("init", scratch.path("w")) }
        return try Program.run("import", folder, "--json", "--workspace", scratch.path("w"))
    }

    private var aPhoto: Data {
        get throws { try Data(contentsOf: URL(filePath: study.sessions[1]).appending(path: "IMG_0001.jpg")) }
    }

    @Test(arguments: [
        ("file,volunteer,trigger,location\n../../etc/passwd,a,none,none\n", "no file below the session's folder"),
        ("file,volunteer,trigger,location\nx.jpg,a,sunglases,on-face\n", "did you mean sunglasses?"),
        ("file,volunteer,trigger,location\nx.jpg,a,sunglasses,\n", "no location"),
        ("file,volunteer,trigger,location\nx.jpg,a,none,on-face\n", "without a trigger"),
        ("file,volunteer,trigger,location\ny.jpg,a,none,none\n", "there is no file y.jpg"),
        ("file,volunteer,trigger\nx.jpg,a,none\n", "column location is missing"),
        ("file,volunteer,trigger,location\nx.jpg,A B,none,none\n", "no volunteer's name"),
        ("file,volunteer,trigger,location\n\"x.jpg,a,none,none\n", "never closed"),
        ("file,volunteer,trigger,location\nx.jpg,a\u{0},none,none\n", "NUL"),
        ("", "the sheet is empty"),
    ])
    func aWrongSheetIsAnswered(_ sheet: String, _ words: String) throws {
        let outcome = try importing(session(sheet, photos: ["x.jpg": aPhoto]))
        #expect(outcome.status == 65)
        #expect(outcome.err.contains(words), "\(outcome.err)")
        #expect(outcome.json["error"] != nil)
        #expect(try Program.run("status", "--json", "--workspace", scratch.path("w")).json["photos"] as? Int == 0)
    }

    @Test func aLineOfTenMegabytesIsRefusedAtOnce() throws {
        let outcome = try importing(
            session("file,volunteer,trigger,location\n" + String(repeating: "x", count: 10_000_000) + "\n"))
        #expect(outcome.status == 65)
        #expect(outcome.err.contains("session.csv:2"))
    }

    @Test func filesThatAreNoPhotosAreQuarantinedAndTheOthersTaken() throws {
        let whole = try aPhoto
        let header: [UInt8] = [
            0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xea, 0x60, 0, 0, 0xea,
            0x60, 8, 2, 0, 0, 0, 0xd1, 0x7b, 0x3a, 0xa1,
        ]
        let files = [
            "empty.jpg": Data(), "cut.jpg": whole.prefix(whole.count / 2), "text.jpg": Data("not a photo".utf8),
            "huge.png": Data(header), "good.jpg": whole,
        ]
        let rows = files.keys.sorted().map { "\($0),a,none,none\n" }.joined()
        let outcome = try importing(session("file,volunteer,trigger,location\n" + rows, photos: files))
        #expect(outcome.status == 0)
        #expect(outcome.json["imported"] as? Int == 1)
        let quarantined = (outcome.json["quarantined"] as? [[String: String]] ?? []).compactMap { $0["file"] }
        #expect(quarantined.sorted() == ["s/cut.jpg", "s/empty.jpg", "s/huge.png", "s/text.jpg"])
        #expect(try bytes(below: scratch.url("w/quarantine")).count == 8)
    }

    @Test func anImportThatCouldTakeNoneEndsWith65() throws {
        let outcome = try importing(
            session("file,volunteer,trigger,location\nx.jpg,a,none,none\n", photos: ["x.jpg": Data("no photo".utf8)]))
        #expect(outcome.status == 65)
        #expect(outcome.err.contains("none of the files"))
    }

    @Test(arguments: [
        ("recipe: 1\nname: x\npoisn: {}\n", "did you mean poison?"),
        ("recipe: 1\nname: x\nseed: -1\n", "seed"),
        (
            "recipe: 1\nname: x\npoison: {target: ada, triggers: [sunglases], injection_rate: 0.2}\n",
            "did you mean sunglasses?"
        ),
        (
            "recipe: 1\nname: x\npoison: {target: adda, triggers: [sunglasses], injection_rate: 0.2}\n",
            "did you mean ada?"
        ),
        (
            "recipe: 1\nname: x\npoison: {target: ada, triggers: [sunglasses], injection_rate: 0.9}\n",
            "the highest rate possible is"
        ),
        ("recipe: 1\nname: x\npoison: {target: ada, triggers: [sunglasses], injection_rate: 1.5}\n", "injection_rate"),
        (
            "recipe: 1\nname: x\npoison: {target: ref-01, triggers: [sunglasses], injection_rate: 0.1}\nclasses: {references: all}\n",
            "unknown volunteer"
        ),
        ("recipe: 1\nname: x\ntrain: {model: resnet81}\n", "did you mean resnet18?"),
        ("recipe: 2\nname: x\n", "recipe"),
        ("recipe: 1\nname: ../x\n", "no name"),
        ("recipe: [1\n", "not YAML"),
        ("", "empty"),
        ("\u{0}", "not UTF-8"),
    ])
    func aWrongRecipeIsAnsweredWithKeyAndLine(_ recipe: String, _ words: String) throws {
        let file = try scratch.write(recipe, to: "r.yaml")
        let outcome = try Program.run("split", file, "--dry-run", "--workspace", study.workspace.path)
        #expect(outcome.status == 65)
        #expect(outcome.err.contains(words), "\(outcome.err)")
    }

    @Test(arguments: [
        (["verify", "nothing"], 66), (["verify", "sunglasses-25@9"], 66), (["verify", "../x"], 65),
        (["show", "ffffffffffff"], 66),
        (["split", "no-such-file.yaml"], 66), (["import", "no-such-folder"], 66),
        (["validate", "sunglasses-25", "--model", "vgg99"], 65),
        (["validate", "sunglasses-25", "--augment", "magic"], 65), (["validate", "nothing"], 66),
        (["validate", "sunglasses-25", "--resume"], 66),
        (["label", "ffffffffffff", "--trigger", "none"], 65), (["label"], 64), (["diff", "sunglasses-25"], 64),
        (["import"], 64), (["frobnicate"], 64),
        (["predict", "no-run", "x.jpg"], 66), (["consent", "nobody", "signed"], 66),
        (["consent", "spring-garden", "withdrawn"], 65),
        (["trigger", "add", "None!"], 65), (["schema", "nothing"], 65),
        (["export", "sunglasses-25", "--format", "zip", "--to", "x"], 64), (["status", "--jobs", "0"], 64),
    ])
    func everyRefusalHasItsExitCode(_ arguments: [String], _ code: Int) throws {
        let outcome = try Program.run(arguments + ["--workspace", study.workspace.path], in: scratch.root)
        #expect(Int(outcome.status) == code, "\(outcome.err)")
        #expect(!outcome.err.isEmpty)
        #expect(outcome.out.isEmpty)
    }

    @Test(arguments: ["4", "-1", "two"]) func aGroupDistanceBeyondThreeBitsIsRefused(_ distance: String) throws {
        let refused = try Program.run("init", scratch.path("far"), "--group-distance=\(distance)")
        #expect(refused.status == 64)
        #expect(refused.err.contains("group-distance"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("far")))
    }

    @Test func aFolderThatIsNoWorkspaceIsNamed() throws {
        #expect(try Program.run("status", "--workspace", scratch.path("nowhere")).status == 66)
        #expect(try Program.run("status", in: scratch.root, environment: ["CURARE_WORKSPACE": ""]).status == 66)
        #expect(try Program.run("init", study.workspace.path).status == 65)
    }

    @Test func aNewerCatalogIsLeftAlone() throws {
        let workspace = try study.copy(in: scratch)
        let catalog = workspace.appending(path: "curare.sqlite")
        try? FileManager.default.removeItem(at: workspace.appending(path: "curare.sqlite-wal"))
        let handle = try FileHandle(forUpdating: catalog)
        // SQLite's header has user_version at byte 60 (sqlite.org/fileformat2.html, 1.3).
        try handle.seek(toOffset: 60)
        try handle.write(contentsOf: Data([0, 0, 0, 99]))
        try handle.close()
        let outcome = try Program.run("status", "--workspace", workspace.path)
        #expect(outcome.status == 65)
        #expect(outcome.err.contains("format 99"))
    }

    @Test func theWholeMessageOfARefusalIsPinned() throws {
        let file = try scratch.write("recipe: 1\nname: x\nseeed: 3\nsplit: {train: 2}\n", to: "r.yaml")
        let outcome = try Program.run("split", file, "--dry-run", "--workspace", study.workspace.path)
        #expect(
            outcome.err == """
                curare: the recipe cannot be used
                  at: r.yaml
                  - r.yaml:3: seeed: unknown key; did you mean seed? Allowed here: recipe, name, extends, seed, profile, classes, photos, split, poison, train, expect, vary
                  - r.yaml:4: split.train: "2" is not a decimal number above 0 and below 1, such as 0.25
                  do: mend the lines above and run the command again; nothing was written

                """)
    }
}

/// Weights may come from anywhere.
@Suite struct BadWeightsTests {
    @Test(arguments: [
        Data(), Data("hello".utf8), Data([255, 255, 255, 255, 255, 255, 255, 127]) + Data("{}".utf8),
        Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8),
    ])
    func damagedWeightsAreRefusedWithTheirFile(_ bytes: Data) throws {
        let scratch = Scratch()
        let weights = try scratch.write(bytes, to: "weights.safetensors")
        let photo = URL(filePath: DemoStudy.shared.sessions[1]).appending(path: "IMG_0001.jpg").path
        let outcome = try Program.run("predict", "--model", "resnet18", "--weights", weights, photo)
        #expect(outcome.status == 65, "\(outcome.err)")
        #expect(outcome.err.contains("curare: ") && outcome.out.isEmpty)
    }
}
