import Core
import Foundation
import Intake
import GRDB
import Storage
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// Which version a name means, and commands for several versions.
@Suite struct VersionNameTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private func split(seed: Int = 3, report: @escaping (WorkflowEvent) -> Void = { _ in }) throws -> CreatedVersion {
        let text = SmallStudy.recipe.replacing("seed: 3", with: "seed: \(seed)")
        let recipe = CreateVersion.Request(recipe: try scratch.write(text, to: "\(seed).yaml"))
        guard case .created(let version) = try study.run(CreateVersion.self, recipe, report: report) else {
            throw FixtureError("not one version")
        }
        return version
    }

    @Test("A folder and a version are no recipe", arguments: [("small", 66), ("small@1", 66), (".", 65)])
    func noRecipe(_ path: String, _ code: Int32) {
        let error = #expect(throws: CurareError.self) {
            _ = try study.run(CreateVersion.self, CreateVersion.Request(recipe: path))
        }
        #expect(error?.exitCode.rawValue == code)
        #expect(error?.nextStep == "split takes a recipe: curare split FILE.yaml")
    }

    /// Makes the versions `NAME-rate-0.05@1` and `NAME-rate-0.1@1`.
    private func splitGrid(_ name: String = "sweep") throws {
        let text = SmallStudy.recipe.replacing(", injection_rate: 0.2", with: "").replacing(
            "name: small", with: "name: \(name)")
        let recipe = try scratch.write(text + "vary: {injection_rate: [0.05, 0.1]}\n", to: "\(name).yaml")
        _ = try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe))
    }

    /// Returns the version that a workflow uses for `name`, and what the workflow reports about the choice.
    private func used(_ name: String = "small") throws -> (version: String, notes: [VersionChoice]) {
        var notes: [VersionChoice] = []
        let result = try study.run(ShowItem.self, ShowItem.Request(name: name)) { event in
            if case .chosenVersions(let choices) = event { notes += choices }
        }
        guard case .version(let version) = result else { throw FixtureError("not a version") }
        return (version.version, notes)
    }

    private func verify(_ names: String..., report: @escaping (WorkflowEvent) -> Void = { _ in }) throws
        -> EachVersion<VerifyVersion>.Result
    {
        try study.run(
            EachVersion<VerifyVersion>.self, .init(names) { VerifyVersion.Request(version: $0.text) }, report: report)
    }

    private func several<Task>(_ result: EachVersion<Task>.Result) throws -> [EachVersion<Task>.VersionResult] {
        guard case .several(let results) = result else { throw FixtureError("not several results") }
        return results
    }

    private func execute(_ sql: String) throws {
        try DatabaseQueue(path: study.url("curare.sqlite").path).write { try $0.execute(sql: sql) }
    }

    // MARK: - The meaning of a name

    @Test("A name means the version that its last split returned, also if another number is higher")
    func lastSplit() throws {
        #expect(try split(seed: 4).version == 2)
        #expect(try used().version == "small@2")
        #expect(try used().notes.isEmpty)
        var notes: [VersionChoice] = []
        let again = try split { event in
            if case .chosenVersions(let choices) = event { notes += choices }
        }
        #expect(again.version == 1 && !again.created)
        let first: VersionReference = try #require(VersionReference("small@1"))
        #expect(notes == [VersionChoice(version: first, highest: 2, relabelled: 0)])
        #expect(try used().version == "small@1" && used().notes == notes)
        #expect(try used("small@2").version == "small@2" && used("small@2").notes.isEmpty)
        let export = ExportVersion.Request(version: "small", format: .csv, folder: scratch.url("out"))
        #expect(try study.run(ExportVersion.self, export).version == "small@1")
        let audit = try study.run(AuditDataset.self, AuditDataset.Request(version: "small"))
        let other = try study.run(AuditDataset.self, AuditDataset.Request(version: "small@1"))
        #expect(try ResultJSON.text(of: audit) == ResultJSON.text(of: other))
        let difference = try study.run(CompareVersions.self, CompareVersions.Request(first: "small", second: "small@2"))
        #expect(difference.from == "small@1")
        #expect(try split(seed: 4).version == 2)
        #expect(try used().version == "small@2")
    }

    @Test("Without a record, and without the folder of the recorded version, a name means the highest number")
    func fallback() throws {
        _ = try split(seed: 4)
        _ = try split(seed: 5)
        _ = try split(seed: 4)
        #expect(try used().version == "small@2")
        try FileManager.default.removeItem(at: study.url("versions/small/2"))
        #expect(try used().version == "small@3")
        #expect(try used().notes.map(\.missing) == [VersionReference("small@2")])
        // A split that is killed before the record leaves the former meaning.
        try execute("UPDATE current_version SET number = 1")
        #expect(try used().version == "small@1" && used().notes.map(\.highest) == [3])
        try execute("DELETE FROM current_version")
        #expect(try used().version == "small@3" && used().notes.isEmpty)
    }

    @Test("A dry run and a failed split change no name")
    func noSplit() throws {
        _ = try split(seed: 4)
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        _ = try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: true))
        let wrong = try scratch.write(SmallStudy.recipe.replacing("0.2", with: "0.9"), to: "wrong.yaml")
        #expect(throws: CurareError.self) { try study.split(wrong) }
        #expect(try used().version == "small@2")
    }

    @Test("Changed labels of a version's photos are reported, until they are corrected; new photos are not")
    func changedLabels() throws {
        func label(_ trigger: String, _ location: String) throws {
            try study.run(
                LabelPhotos.self,
                LabelPhotos.Request(
                    .change(
                        .named([PhotoReference("garden/bruno-0.png")]),
                        LabelChange(trigger: trigger, location: location))))
        }
        try label("bandana", "on-face")
        #expect(try used().notes.map(\.relabelled) == [1])
        #expect(try used("small@1").notes.isEmpty)
        try label("none", "")
        #expect(try used().notes.isEmpty)
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        try study.importSessions([scratch.path("office")])
        #expect(try used().notes.isEmpty)
        // The damage of the version is the concern of the command, not of the note.
        try label("bandana", "on-face")
        try replace("role", with: "rule", in: study.url("versions/small/1/entries.jsonl"))
        #expect(throws: CurareError.self) { try used() }
    }

    // MARK: - Several versions

    @Test("One version has the result of its workflow; a grid and a pattern have a list")
    func form() throws {
        try splitGrid()
        let one = try ResultJSON.text(of: verify("small"))
        #expect(try one == ResultJSON.text(of: study.verify("small")))
        for names in [["sweep"], ["sweep-*"], ["sweep-rate-*@1"], ["sweep", "sweep-rate-0.1@1", "*-0.05"]] {
            let result = try study.run(
                EachVersion<VerifyVersion>.self, .init(names) { VerifyVersion.Request(version: $0.text) })
            #expect(try several(result).map(\.version) == ["sweep-rate-0.05@1", "sweep-rate-0.1@1"], "\(names)")
            #expect(!result.isNegative && result.incompleteness == nil)
            let json = try JSONSerialization.jsonObject(with: Data(ResultJSON.text(of: result).utf8)) as? [String: Any]
            let results = try #require(json?["results"] as? [[String: Any]])
            #expect(results.map { $0["version"] as? String } == ["sweep-rate-0.05@1", "sweep-rate-0.1@1"])
            #expect(results.allSatisfy { $0["ok"] as? Bool == true && $0["error"] == nil })
        }
        #expect(try several(verify("small", "small@1")).map(\.version) == ["small@1"])
    }

    @Test("A version beats a grid of the same name, and show names both")
    func nameOfVersionAndGrid() throws {
        try splitGrid("small")
        guard case .one = try verify("small") else { throw FixtureError("not the version") }
        guard case .version(let details) = try study.run(ShowItem.self, ShowItem.Request(name: "small")) else {
            throw FixtureError("not the version")
        }
        #expect(details.isAlsoGrid && details.grid == nil && details.current)
        #expect(try several(verify("small-*")).count == 2)
    }

    @Test("A grid has the versions that existed before its split; a failed split of a grid records nothing")
    func gridOfExistingVersions() throws {
        let single = SmallStudy.recipe.replacing("injection_rate: 0.2", with: "injection_rate: 0.1").replacing(
            "name: small", with: "name: sweep-rate-0.1")
        try study.split(scratch.write(single, to: "single.yaml"))
        #expect(throws: CurareError.self) { try verify("sweep") }
        try splitGrid()
        #expect(try several(verify("sweep")).map(\.version) == ["sweep-rate-0.05@1", "sweep-rate-0.1@1"])
        #expect(try used("sweep-rate-0.1").version == "sweep-rate-0.1@1")
        guard case .version(let details) = try study.run(ShowItem.self, ShowItem.Request(name: "sweep-rate-0.1")) else {
            throw FixtureError("not a version")
        }
        #expect(details.grid == "sweep")
        let wrong = SmallStudy.recipe.replacing(", injection_rate: 0.2", with: "").replacing(
            "name: small", with: "name: high")
        let recipe = try scratch.write(wrong + "vary: {injection_rate: [0.05, 0.95]}\n", to: "high.yaml")
        #expect(throws: CurareError.self) {
            try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe))
        }
        #expect(throws: CurareError.self) { try verify("high") }
        for folder in ["sweep-rate-0.05", "sweep-rate-0.1"] {
            try FileManager.default.removeItem(at: study.url("versions/\(folder)"))
        }
        #expect(try #require(throws: CurareError.self) { try verify("sweep") }.code == .missingInput)
    }

    @Test("An unknown version or a pattern without a match is an error before the first version begins")
    func unknown() throws {
        var events = 0
        for (names, code) in [
            (["small", "nothing"], CurareError.Code.missingInput), (["small@1", "other-*"], .missingInput),
            (["small", "small@7"], .missingInput), (["small", "../small"], .badInput), (["*@7"], .missingInput),
            (["nothing"], .missingInput), (["[", "small"], .missingInput), ([""], .badInput),
        ] {
            let error = #expect(throws: CurareError.self, "\(names)") {
                try study.run(
                    EachVersion<ExportVersion>.self,
                    .init(names) {
                        ExportVersion.Request(
                            version: $0.text, format: .csv, folder: $0.folder(in: scratch.url("out")))
                    }, report: { if case .beginning = $0 { events += 1 } })
            }
            #expect(error?.code == code, "\(names)")
        }
        #expect(events == 0 && !FileManager.default.fileExists(atPath: scratch.path("out")))
    }

    @Test("A damaged version does not stop the others, and decides the exit code")
    func damagedVersion() throws {
        try splitGrid()
        try replace("{", with: "", in: study.url("versions/sweep-rate-0.05/1/manifest.json"), maxReplacements: 1)
        var begun: [String] = []
        let result = try verify("sweep", "small") { event in
            if case .beginning(let version, let number, let count) = event {
                begun.append("\(version) \(number)/\(count)")
            }
        }
        #expect(begun == ["sweep-rate-0.05@1 1/3", "sweep-rate-0.1@1 2/3", "small@1 3/3"])
        let results = try several(result)
        #expect(results.map { $0.failure == nil } == [false, true, true])
        #expect(result.incompleteness?.code == .badInput)
        #expect(result.incompleteness?.problems.map(\.location) == ["sweep-rate-0.05@1"])
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        let negative = try verify("sweep-rate-0.1", "small")
        #expect(negative.isNegative && negative.incompleteness == nil)
    }

    @Test("An export of several versions has a folder for each, and leaves existing folders unchanged")
    func exports() throws {
        try splitGrid()
        func export() throws -> EachVersion<ExportVersion>.Result {
            try study.run(
                EachVersion<ExportVersion>.self,
                .init(["sweep", "small"]) {
                    ExportVersion.Request(version: $0.text, format: .csv, folder: $0.folder(in: scratch.url("out")))
                })
        }
        let folders = ["small-1", "sweep-rate-0.05-1", "sweep-rate-0.1-1"]
        #expect(try several(export()).allSatisfy { $0.failure == nil })
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).sorted() == folders)
        let before = try bytes(below: scratch.url("out"))
        try FileManager.default.removeItem(at: scratch.url("out/small-1"))
        let again = try export()
        #expect(again.incompleteness?.code == .badInput && again.incompleteness?.problems.count == 2)
        #expect(try bytes(below: scratch.url("out")) == before)
    }

    @Test("Audit and plans of trainings take several versions")
    func auditAndPlan() throws {
        try splitGrid()
        let audit = try study.run(
            EachVersion<AuditDataset>.self, .init(["sweep"]) { AuditDataset.Request(version: $0.text) })
        #expect(try several(audit).count == 2)
        let plans = try study.run(
            EachVersion<ValidateVersion>.self,
            .init(["*"]) { ValidateVersion.Request(version: $0.text, plansOnly: true) })
        #expect(try several(plans).count == 3 && plans.incompleteness == nil)
        let resumed = try study.run(
            EachVersion<ValidateVersion>.self,
            .init(["sweep"]) { ValidateVersion.Request(version: $0.text, mustResume: true) })
        #expect(resumed.incompleteness?.code == .missingInput && resumed.incompleteness?.problems.count == 2)
    }
}
