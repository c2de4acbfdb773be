import Foundation
import Testing

/// Exports through the built program: whole or not there, refused where they may not be, and remembered.
@Suite(.serialized) struct ExportCommandTests {
    static let formats = ["imagefolder", "huggingface", "croissant", "webdataset", "trojai", "csv"]
    let scratch = Scratch()

    private func export(
        _ workspace: URL, _ format: String, to place: String, _ more: [String] = [], environment: [String: String] = [:]
    ) throws -> Program.Outcome {
        try Program.run(
            ["export", "sunglasses-25", "--format", format, "--to", place, "--json", "--workspace", workspace.path]
                + more, in: scratch.root, environment: environment)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func everyFormatIsWrittenRecordedAndTheSameTwice() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        let digest =
            try Program.run("show", "sunglasses-25", "--json", "--workspace", workspace.path).json["digest"] as? String
        for format in Self.formats {
            let first = try export(workspace, format, to: "out/\(format)-1")
            let second = try export(workspace, format, to: "out/\(format)-2", ["--copy"])
            #expect(first.status == 0 && second.status == 0, "\(first.err)\(second.err)")
            for key in [
                "version", "digest", "format", "path", "files", "bytes", "seconds", "linked", "anonymous", "warnings",
            ] { #expect(first.json[key] != nil, "\(key)") }
            #expect(
                first.json["version"] as? String == "sunglasses-25@1" && first.json["digest"] as? String == digest
                    && first.json["format"] as? String == format)
            let (one, two) = (
                try bytes(below: scratch.url("out/\(format)-1")), try bytes(below: scratch.url("out/\(format)-2"))
            )
            #expect(one == two, "\(format)")
            #expect(first.json["files"] as? Int == one.count)
            #expect(first.json["bytes"] as? Int == one.values.reduce(0) { $0 + $1.count })
            #expect(
                first.json["linked"] as? Int == (format == "webdataset" ? 0 : one.keys.count { $0.hasSuffix(".png") }))
            #expect(second.json["linked"] as? Int == 0)
        }
        #expect(try names(scratch.path("out")) == Self.formats.flatMap { ["\($0)-1", "\($0)-2"] }.sorted())
        let shown =
            try Program.run("show", "sunglasses-25", "--json", "--workspace", workspace.path).json["exports"]
            as? [[String: Any]] ?? []
        #expect(
            shown.map { $0["path"] as? String }
                == Self.formats.flatMap { [scratch.path("out/\($0)-1"), scratch.path("out/\($0)-2")] })
    }

    @Test func imagesAreForTheOwnerAloneAndAnEditedOneIsMadeAgain() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        #expect(try export(workspace, "csv", to: "first").status == 0)
        let images = scratch.url("first/images")
        let image = try #require(try names(images.path).first)
        #expect(
            try FileManager.default.attributesOfItem(atPath: images.appending(path: image).path)[.posixPermissions]
                as? Int == 0o600)
        let whole = try Data(contentsOf: images.appending(path: image))
        // In place, as an editor may: the study's image is the same file.
        let handle = try FileHandle(forWritingTo: images.appending(path: image))
        try handle.write(contentsOf: Data("edited".utf8))
        try handle.close()
        #expect(try export(workspace, "csv", to: "second").status == 0)
        #expect(try Data(contentsOf: scratch.url("second/images/\(image)")) == whole)
    }

    @Test func anAnonymousExportNamesNobodyAnywhere() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        #expect(try export(workspace, "imagefolder", to: "out", ["--anonymous"]).json["anonymous"] as? Bool == true)
        let files = try bytes(below: scratch.url("out"))
        #expect(Set(files.keys.compactMap { $0.split(separator: "/").count == 1 ? $0 : nil }) == ["README.md"])
        #expect(try names(scratch.path("out/train")) == (0..<8).map { "class-0\($0)" })
        let readme = String(decoding: try #require(files["README.md"]), as: UTF8.self)
        for name in ["ada", "bruno", "carla", "dario", "emil", "fatima", "gita", "hugo"] {
            #expect(!readme.contains(try Regex("\\b\(name)\\b")), "\(name)")
        }
    }

    @Test func anUnknownFormatIsUsageAndSaysWhichThereAre() throws {
        let outcome = try export(DemoStudy.shared.workspace, "parquet", to: "out")
        #expect(outcome.status == 64)
        for format in Self.formats { #expect(outcome.err.contains(format), "\(format)") }
        #expect(try names(scratch.root.path) == [])
    }

    @Test(arguments: [[], ["--format", "csv"], ["--to", "out"], ["--format", "csv", "--to", ""]])
    func whatIsLeftOutIsUsage(_ more: [String]) throws {
        #expect(
            try Program.run(
                ["export", "sunglasses-25", "--workspace", DemoStudy.shared.workspace.path] + more, in: scratch.root
            ).status == 64)
    }

    @Test func whatMayNotBeWrittenToIsRefusedAndLeftAlone() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        try scratch.write("mine", to: "taken/file")
        try FileManager.default.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: workspace.path)
        for (place, code, words) in [
            ("taken", 65, "something here already"), ("taken/file", 65, "something here already"),
            ("taken/file/below", 74, "could not make the folder"),
            ("study/out", 65, "outside of the study"), ("study/images/x/y", 65, "outside of the study"),
            ("link/out", 65, "outside of the study"),
            ("taken/../study/out", 65, "outside of the study"), ("/proc/curare", 74, "could not"),
        ] {
            let outcome = try export(workspace, "csv", to: place)
            #expect(Int(outcome.status) == code && outcome.err.contains(words), "\(place): \(outcome.err)")
        }
        #expect(try names(scratch.root.path) == ["link", "study", "taken"])
        #expect(try names(scratch.path("taken")) == ["file"])
        #expect(!(try names(workspace.path)).contains("out"))
        #expect(
            (try Program.run("show", "sunglasses-25", "--json", "--workspace", workspace.path).json["exports"] as? [Any])?
                .isEmpty == true)
    }

    @Test(arguments: [("../sunglasses-25", 65), ("sunglasses-25@2", 66), ("nothing", 66)])
    func aVersionThatIsNotThereIsNotExported(_ version: String, _ code: Int) throws {
        let outcome = try Program.run(
            "export", version, "--format", "csv", "--to", "out", "--workspace", DemoStudy.shared.workspace.path,
            in: scratch.root)
        #expect(Int(outcome.status) == code, "\(outcome.err)")
        #expect(try names(scratch.root.path) == [])
    }

    @Test func aVersionWithoutConsentOrChangedIsNotExported() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        try Program.run("consent", "spring-garden", "missing", "--workspace", workspace.path)
        let withdrawn = try export(workspace, "csv", to: "out")
        #expect(withdrawn.status == 65 && withdrawn.err.contains("may not be used any more"), "\(withdrawn.err)")
        try Program.run("consent", "spring-garden", "signed", "--workspace", workspace.path)
        let entries = workspace.appending(path: "versions/sunglasses-25/1/entries.jsonl")
        let text = try String(contentsOf: entries, encoding: .utf8)
        chmod(entries.path, 0o600)
        try Data(text.replacing("train/poison", with: "train/clean", maxReplacements: 1).utf8).write(to: entries)
        #expect(try export(workspace, "csv", to: "out").status == 65)
        #expect(try names(scratch.root.path) == ["study"])
    }

    @Test func aDiskThatIsFullLeavesNothing() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        // No file may grow beyond 512 kB, as where a disk has no more room; the tar shard would.
        let process = Process()
        let err = Pipe()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\"", Program.file.path, "export", "sunglasses-25",
            "--format", "webdataset", "--to", scratch.path("out"), "--workspace", workspace.path,
        ]
        process.standardError = err
        try process.run()
        let said = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 74 && said.contains("could not write the file"), "\(said)")
        #expect(try names(scratch.root.path) == ["study"])
    }

    @Test func anExportKilledAtAnyMomentLeavesNothingUnderItsName() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        let arguments = [
            "export", "sunglasses-25", "--format", "csv", "--copy", "--to", scratch.path("out"), "--workspace",
            workspace.path,
        ]
        let start = ContinuousClock.now
        #expect(try export(workspace, "csv", to: "whole", ["--copy"]).status == 0)
        let whole = try bytes(below: scratch.url("whole"))
        let took = ContinuousClock.now - start
        var kills = 0
        for turn in 0..<10 {
            let process = try Program.start(arguments)
            Thread.sleep(
                forTimeInterval: Double(turn + 1) / 11 * Double(took.components.attoseconds) * 1e-18 + Double(
                    took.components.seconds) * Double(turn + 1) / 11)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { kills += 1 }
            if FileManager.default.fileExists(atPath: scratch.path("out")) {
                #expect(try bytes(below: scratch.url("out")) == whole)
                try FileManager.default.removeItem(at: scratch.url("out"))
            }
        }
        #expect(kills >= 5)
        #expect(try Program.run(arguments).status == 0)
        #expect(try bytes(below: scratch.url("out")) == whole)
        #expect(try names(scratch.root.path) == ["out", "study", "whole"])
    }
}
