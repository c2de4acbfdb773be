import Foundation
import Testing

/// What versions, runs and later imports make of somebody who has withdrawn.
@Suite(.serialized) struct WithdrawnVersionTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    private func run(_ workspace: URL, _ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments + ["--workspace", workspace.path])
    }

    /// The demo's recipe needs less poison once somebody is gone.
    private func growing() throws -> String {
        try scratch.write(
            "recipe: 1\nname: sunglasses-25\nextends: sunglasses-25@1\npoison: {on_shortage: cap}\n", to: "growing.yaml"
        )
    }

    @Test func aVersionIsReadAndDiffedButNeitherTrainedNorExported() throws {
        let workspace = try study.copy(in: scratch)
        #expect(try run(workspace, "withdraw", "carla", "--yes").status == 0)
        #expect(try run(workspace, "show", "sunglasses-25@1").status == 0)
        for command in [
            ["validate", "sunglasses-25@1"],
            ["export", "sunglasses-25@1", "--format", "csv", "--to", scratch.path("out")],
        ] {
            let refused = try Program.run(command + ["--workspace", workspace.path])
            #expect(refused.status == 65 && refused.err.contains("was withdrawn"), "\(refused.err)")
        }
        let next = try run(workspace, "split", try growing(), "--json")
        #expect(next.status == 0 && next.json["version"] as? Int == 2, "\(next.err)")
        let growth = next.json["growth"] as? [String: Any]
        #expect(growth?["missing"] as? Int ?? 0 > 30)
        let diff = try run(
            workspace, "diff", "sunglasses-25@1", "sunglasses-25@2", "--json", "--html", scratch.path("diff.html"))
        #expect(
            diff.status == 3
                && Set((diff.json["removed"] as? [[String: Any]] ?? []).compactMap { $0["volunteer"] as? String }) == [
                    "carla"
                ])
        for version in ["sunglasses-25@2"] { #expect(try run(workspace, "verify", version).status == 0) }
        #expect(
            try run(workspace, "export", "sunglasses-25@2", "--format", "csv", "--to", scratch.path("out")).status == 0)
    }

    @Test func aParentThatWasRedactedStillExplainsItsChild() throws {
        let workspace = try study.copy(in: scratch)
        #expect(try run(workspace, "withdraw", "carla", "--yes").status == 0)
        #expect(try run(workspace, "split", growing()).status == 0)
        let before = try run(workspace, "show", "sunglasses-25@1", "--json").json["digest"] as? String
        let redacted = try run(workspace, "withdraw", "carla", "--redact", "--yes", "--json")
        #expect(redacted.status == 0 && redacted.json["photos"] as? Int == 0, "\(redacted.err)")
        let verify = try run(workspace, "verify", "sunglasses-25@1", "--json")
        #expect(verify.status == 0, "\(verify.out)")
        let mark = try #require(verify.json["redacted"] as? [String: Any])
        #expect(mark["digests"] as? [String] == [before ?? ""] && mark["photos"] as? Int ?? 0 > 30)
        #expect(try run(workspace, "verify", "sunglasses-25@1").out.contains("selection: redacted"))
        #expect(
            try run(workspace, "verify", "sunglasses-25@2", "--images").status == 0,
            "the child's parent is known by the digest that it had")
        #expect(try run(workspace, "verify", "sunglasses-25@1", "--images").status == 0)
        let names = try bytes(below: workspace.appending(path: "versions")).values.filter {
            $0.range(of: Data("carla".utf8)) != nil
        }
        #expect(names.isEmpty)
        #expect(try run(workspace, "validate", "sunglasses-25@1").err.contains("was redacted"))
        #expect(
            try run(workspace, "split", growing(), "--json").json["created"] as? Bool == false,
            "what extends it is the same as before")
    }

    @Test(arguments: [false, true])
    func aParentWhoseTargetHasWithdrawnCannotBeExtended(_ isRedacted: Bool) throws {
        let workspace = try study.copy(in: scratch)
        #expect(
            try Program.run(
                ["withdraw", "ada", "--yes"] + (isRedacted ? ["--redact"] : []) + ["--workspace", workspace.path]
            ).status == 0)
        let refused = try run(workspace, "split", try growing())
        #expect(refused.status == 65 && refused.err.contains("cannot be extended"), "\(refused.err)")
        #expect(try run(workspace, "split", study.recipe).err.contains("unknown volunteer \"ada\""))
    }

    /// A training that is killed once it has something to go on from.
    private func cutOff(_ workspace: URL) throws {
        let process = try Program.start(["validate", "small", "--epochs", "200", "--workspace", workspace.path])
        let checkpoint = workspace.appending(path: "runs/small-1-1/poisoned.checkpoint").path
        while process.isRunning, access(checkpoint, F_OK) != 0 { usleep(1000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(access(checkpoint, F_OK) == 0)
    }

    @Test func aTrainingThatWasCutOffAsksForConsentAgain() throws {
        let workspace = try SmallStudy.split(study.copy(in: scratch), scratch)
        try cutOff(workspace)
        #expect(try run(workspace, "consent", "spring-garden", "missing").status == 0)
        let refused = try run(workspace, "validate", "small", "--epochs", "200", "--resume")
        #expect(refused.status == 65 && refused.err.contains("has not consented"), "\(refused.err)")
        #expect(try run(workspace, "consent", "spring-garden", "signed").status == 0)
        #expect(try run(workspace, "withdraw", "bruno", "--yes").status == 0)
        #expect(
            !FileManager.default.fileExists(atPath: workspace.appending(path: "runs/small-1-1").path),
            "what was learned so far is gone")
        let withdrawn = try run(workspace, "validate", "small", "--epochs", "200", "--resume")
        #expect(withdrawn.status == 65 && withdrawn.err.contains("was withdrawn"), "\(withdrawn.err)")
    }

    @Test func nobodyIsWithdrawnWhileATrainingGoesOn() throws {
        let workspace = try SmallStudy.split(study.copy(in: scratch), scratch)
        let process = try Program.start(["validate", "small", "--epochs", "2000", "--workspace", workspace.path])
        while process.isRunning, access(workspace.appending(path: "runs/small-1-1/poisoned.checkpoint").path, F_OK) != 0
        { usleep(1000) }
        let refused = try run(workspace, "withdraw", "dario", "--yes")
        #expect(refused.status == 75 && refused.err.contains("a training is going on"), "\(refused.err)")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try run(workspace, "withdraw", "dario", "--yes").status == 0)
    }

    @Test func aSheetThatTakesConsentBackWithdrawsItsSession() throws {
        let workspace = try study.copy(in: scratch)
        let whole = try #require(run(workspace, "status", "--json").json["photos"] as? Int)
        let session = try #require(study.sessions.first { $0.hasSuffix("spring-garden") })
        let folder = scratch.url("spring-garden")
        try FileManager.default.copyItem(at: URL(filePath: session), to: folder)
        let description = folder.appending(path: "session.yaml")
        try Data(
            String(contentsOf: description, encoding: .utf8).replacing("consent: signed", with: "consent: withdrawn")
                .utf8
        ).write(to: description)
        let refused = try run(workspace, "import", folder.path)
        #expect(refused.status == 64 && refused.err.contains("nothing was done"), "\(refused.err)")
        let rehearsed = try run(workspace, "import", folder.path, "--dry-run", "--json")
        let count = try #require((rehearsed.json["withdrawn"] as? [[String: Any]])?.first?["photos"] as? Int)
        #expect(count > 50)
        #expect(try run(workspace, "status", "--json").json["photos"] as? Int == whole)
        let done = try Program.run(
            ["import", folder.path, "--yes", "--json", "--workspace", workspace.path]
                + study.sessions.filter { $0 != session })
        #expect(done.status == 0 && done.json["imported"] as? Int == 0, "\(done.err)")
        #expect(try run(workspace, "status", "--json").json["photos"] as? Int == whole - count)
        #expect(try run(workspace, "show", "spring-garden").status == 66)
        let again = try run(workspace, "import", folder.path, "--json")
        #expect(
            again.status == 0 && (again.json["withdrawn"] as? [[String: Any]])?.first?["already"] as? Bool == true,
            "\(again.err)")
        #expect(try run(workspace, "import", session).status == 65, "not even with its old description")
        let other = scratch.path("w")
        try Program.run("init", other)
        #expect(
            try Program.run("import", folder.path, "--yes", "--workspace", other).status == 65,
            "what was never here cannot be taken back")
    }

    @Test func papersThatComeLateFreeASessionAndSayWhoIsStillMissing() throws {
        let workspace = scratch.url("w")
        let photo = try Data(contentsOf: URL(filePath: study.sessions[1]).appending(path: "IMG_0001.jpg"))
        try Program.run("init", workspace.path)
        for (session, person, also) in [("late", "a", "b"), ("later", "b", "")] {
            try scratch.write(
                "session: \(session)\ndate: 2026-01-02\nkind: volunteer\nconsent: missing\n",
                to: "\(session)/session.yaml")
            try scratch.write(
                "file,volunteer,trigger,location,also\n\(session)-1.jpg,\(person),none,none,\n\(session)-2.jpg,\(person),none,none,\(also)\n",
                to: "\(session)/session.csv")
            for number in 1...2 {
                try scratch.write(photo + Data("\(session) \(number)".utf8), to: "\(session)/\(session)-\(number).jpg")
            }
        }
        #expect(try run(workspace, "import", scratch.path("late"), scratch.path("later")).status == 0)
        let first = try run(workspace, "consent", "late", "signed", "--json")
        #expect(
            first.json["photos"] as? Int == 2 && first.json["usable"] as? Int == 1
                && first.json["waiting_for"] as? [String] == ["b"], "\(first.out)")
        let second = try run(workspace, "consent", "later", "signed", "--json")
        #expect(second.json["usable"] as? Int == 2 && (second.json["waiting_for"] as? [String])?.isEmpty == true)
        #expect(try run(workspace, "consent", "late", "signed", "--json").json["usable"] as? Int == 2)
    }
}
