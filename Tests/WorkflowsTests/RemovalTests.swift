import Catalog
import Core
import Foundation
import Storage
import Testing
import Validation
import WorkflowTestSupport

@testable import Checking
@testable import Workflows

/// The removal of versions, runs and models, by name and by rule.
@Suite struct RemovalTests {
    /// A study with the version small@1, a finished run and an unfinished run.
    let study: WorkspaceFixture
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
        try PlantedRuns.write(to: workspace)
    }

    private var workspace: Workspace { Workspace(root: study.folder) }

    @discardableResult
    private func remove(_ names: String..., withRuns: Bool = false, dryRun: Bool = false) throws -> RemovalSummary {
        try study.run(
            RemoveItems.self, RemoveItems.Request(names: names, withRuns: withRuns, dryRun: dryRun, confirm: { _ in }))
    }

    @discardableResult
    private func prune(
        newest: Int = 0, verdict: Verdict.Outcome? = nil, models: Bool = false, dryRun: Bool = false
    ) throws -> RemovalSummary {
        try study.run(
            PruneRuns.self,
            PruneRuns.Request(
                newest: newest, verdict: verdict, removesOnlyModels: models, dryRun: dryRun, confirm: { _ in }))
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: study.url(path).path) }

    private func faults() throws -> [String] {
        try study.run(CheckWorkspace.self, CheckWorkspace.Request()).problems.map { "\($0.kind) \($0.path)" }
    }

    private func error(_ names: String..., withRuns: Bool = false) throws -> CurareError {
        let request = RemoveItems.Request(names: names, withRuns: withRuns, confirm: { _ in })
        return try #require(#expect(throws: CurareError.self) { try study.run(RemoveItems.self, request) })
    }

    /// Copies the finished run under another number.
    private func copyRun(_ number: Int, verdict: String = "none") throws {
        let folder = study.url("runs/small-1-\(number)")
        try FileManager.default.copyItem(at: study.url("runs/\(PlantedRuns.finished)"), to: folder)
        try PlantedFault.edit(RunFiles(folder).report) {
            let text = String(decoding: $0, as: UTF8.self).replacing("small-1-1", with: "small-1-\(number)")
            $0 = Data(text.replacing("\"outcome\":\"none\"", with: "\"outcome\":\"\(verdict)\"").utf8)
        }
    }

    // MARK: - By name

    @Test("A run is removed with its files, and nothing reports it as missing") func removedRun() throws {
        let files = try bytes(below: study.url("runs/small-1-1"))
        let summary = try remove("small-1-1", "small-1-1")
        #expect(summary.items.map(\.name) == ["small-1-1"] && summary.items.map(\.kind) == ["run"])
        #expect(summary.files == files.count && summary.bytes == files.values.reduce(0) { $0 + $1.count })
        #expect(!exists("runs/small-1-1") && exists("runs/small-1-2") && exists("versions/small/1"))
        #expect(try faults() == [])
        #expect(try Catalog(workspace).removed(.run) == ["small-1-1"])
    }

    @Test("A dry run and a missing confirmation change nothing") func unconfirmed() throws {
        let before = try bytes(below: study.folder).filter { !$0.key.hasPrefix("curare.sqlite") }
        let planned = try remove("small@1", withRuns: true, dryRun: true)
        #expect(planned.dryRun && planned.items.map(\.name) == ["small@1", "small-1-1", "small-1-2"])
        var question: RemovalSummary?
        #expect(throws: FixtureError.self) {
            try study.run(
                RemoveItems.self,
                RemoveItems.Request(
                    names: ["small-1-1"],
                    confirm: {
                        question = $0
                        throw FixtureError("no")
                    }))
        }
        #expect(question?.items.map(\.name) == ["small-1-1"])
        let after = try bytes(below: study.folder).filter { !$0.key.hasPrefix("curare.sqlite") }
        #expect(Set(before.keys).isSubset(of: after.keys))
        #expect(after.filter { before[$0.key] != $0.value }.keys.filter { !$0.hasSuffix(".lock") } == [])
        #expect(try Catalog(workspace).removals() == [])
    }

    @Test("A version with runs needs the option, and its number is never used again") func removedVersion() throws {
        let refused = try error("small@1")
        #expect(refused.code == .badInput && refused.nextStep?.contains("--with-runs") == true)
        #expect(refused.problems.map(\.location) == ["small-1-1", "small-1-2"])
        #expect(exists("versions/small/1"))
        try remove("small@1", withRuns: true)
        #expect(!exists("versions/small") && !exists("runs/small-1-1") && !exists("runs/small-1-2"))
        #expect(try faults() == [])
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        #expect(try study.split(recipe).version == 2)
        try remove("small@2")
        #expect(try study.split(recipe).version == 3)
    }

    @Test("An export of a removed version is listed, and the version is not missed") func exportedVersion() throws {
        let folder = scratch.url("out")
        try study.run(
            ExportVersion.self, ExportVersion.Request(version: "small@1", format: .csv, folder: folder))
        let summary = try remove("small@1", withRuns: true)
        #expect(summary.items[0].exports.map(\.path) == [folder.path])
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "photos.csv").path))
        #expect(try faults() == [])
    }

    @Test("A version that another version extends stays, unless both are removed") func extendedVersion() throws {
        try remove("small-1-1", "small-1-2")
        let recipe = try scratch.write("recipe: 1\nname: small\nextends: small@1\n", to: "e.yaml")
        #expect(try study.split(recipe).version == 2)
        let refused = try error("small@1")
        #expect(refused.code == .badInput && refused.problems.map(\.description) == ["small@2: extends small@1"])
        // A version that cannot be read may extend any version.
        let manifest = VersionFiles(study.url("versions/small/2")).manifest
        try PlantedFault.edit(manifest) { $0 = Data("{".utf8) }
        #expect(try error("small@1").problems.map(\.location) == ["small@2"])
        try remove("small@1", "small@2")
        #expect(!exists("versions/small"))
    }

    @Test(
        "Unknown names and versions without a number are rejected",
        arguments: [
            ("small-1-9", CurareError.Code.missingInput, "small-1-1"), ("small@9", .missingInput, "small@1"),
            ("small", .badInput, "name one of: small@1"), ("../runs/small-1-1", .missingInput, "runs: "),
            (".features", .missingInput, "runs: "), ("", .missingInput, "runs: "), ("@1", .badInput, "NAME@V"),
            ("small@01", .badInput, "NAME@V"), ("sm*", .badInput, "name the versions: small@1"),
            ("x*", .badInput, "curare versions"), ("smal@1", .missingInput, "did you mean small?"),
        ])
    func badNames(_ name: String, _ code: CurareError.Code, _ next: String) throws {
        let error = try error("small-1-1", name)
        #expect(error.code == code && error.nextStep?.contains(next) == true, "\(error)")
        #expect(exists("runs/small-1-1"), "one wrong name keeps everything")
    }

    @Test("A grid is not removed by its name, and its versions are listed") func grid() throws {
        let text = SmallStudy.recipe.replacing("name: small", with: "name: sweep")
        let grid = text.replacing(", injection_rate: 0.2", with: "") + "vary: {injection_rate: [0.05, 0.1]}\n"
        let recipe = try scratch.write(grid, to: "sweep.yaml")
        try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe))
        let error = try error("sweep")
        #expect(error.code == .badInput && error.message.hasPrefix("remove takes versions (NAME@V) and runs"))
        #expect(error.nextStep == "name the versions: sweep-rate-0.05@1 sweep-rate-0.1@1")
    }

    @Test("A removed version is named as removed, and a name without a version gets the closest name")
    func nameOfRemovedVersion() throws {
        try remove("small@1", withRuns: true)
        for name in ["small@1", "small", "small@2"] {
            let unknown = #expect(throws: CurareError.self) { try study.verify(name) }
            let message = name == "small@2" ? "there is no version with the name small" : "small@1 was removed"
            #expect(unknown?.code == .missingInput && unknown?.message == message)
        }
        let removed = try error("small@1")
        #expect(removed.message == "small@1 was removed")
        let near = #expect(throws: CurareError.self) { try SmallStudy.shared.workspace.verify("smalll") }
        #expect(near?.nextStep == "did you mean small?")
    }

    @Test("A run without a readable request and report belongs to the version in its name") func damagedRun() throws {
        for file in [RunFiles(study.url("runs/small-1-1")).request, RunFiles(study.url("runs/small-1-1")).report] {
            try PlantedFault.edit(file) { $0 = Data("{".utf8) }
        }
        #expect(try error("small@1").problems.map(\.location) == ["small-1-1", "small-1-2"])
        try remove("small-1-1")
        #expect(try faults() == [])
    }

    @Test("Runs that started from the weights of a removed run are named") func startedRuns() throws {
        try copyRun(3)
        let digest = try PlantedRuns.weights(1).digest
        try PlantedFault.edit(RunFiles(study.url("runs/small-1-3")).request) {
            let text = String(decoding: $0, as: UTF8.self)
            $0 = Data(text.replacing("\"batch\":4", with: "\"batch\":4,\"start_digest\":\"\(digest)\"").utf8)
        }
        #expect(try remove("small-1-1", dryRun: true).items[0].startedRuns == ["small-1-3"])
        #expect(try remove("small-1-1", "small-1-3", dryRun: true).items.map(\.startedRuns) == [[], []])
    }

    @Test("A run in which a training is in progress stays") func busyRun() throws {
        let lock = try FolderLock(study.url("runs/small-1-2"), "run")
        for names in [["small-1-1", "small-1-2"], ["small@1"]] {
            let request = RemoveItems.Request(names: names, withRuns: true, confirm: { _ in })
            let error = #expect(throws: CurareError.self) { try study.run(RemoveItems.self, request) }
            #expect(error?.code == .busy && error?.message.contains("small-1-2") == true)
        }
        #expect(exists("runs/small-1-1") && exists("versions/small/1"))
        #expect(try Catalog(workspace).removals() == [])
        withExtendedLifetime(lock) {}
    }

    // MARK: - Interruptions

    @Test(
        "After an interruption at any step, the next command completes the removal",
        arguments: RemovalExecutor.Step.allCases)
    func interruption(_ step: RemovalExecutor.Step) throws {
        struct Killed: Error {}
        do {
            let catalog = try Catalog(workspace)
            let plan = try RemovalPlan(removing: ["small@1"], withRuns: true, workspace, catalog)
            #expect(throws: Killed.self) {
                try RemovalExecutor(workspace, catalog).carryOut(plan, made: "2026-05-04T00:00:00Z") {
                    if $0 == step { throw Killed() }
                }
            }
        }
        #expect(try faults().contains("pending-removal curare.sqlite"))
        let repaired = try study.run(CheckWorkspace.self, CheckWorkspace.Request(repairs: true))
        #expect(repaired.ok && repaired.repaired > 0, "\(repaired.problems)")
        #expect(!exists("versions/small") && !exists("runs/small-1-1") && !exists("runs/small-1-2"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: study.url("runs").path) == [".features"])
        #expect(try Catalog(workspace).removals().allSatisfy { !$0.isPending })
    }

    @Test("Any command that changes the workspace completes a removal, and reports it") func completion() throws {
        try Catalog(workspace).begin(removals: [(.run, "small-1-1"), (.models, "small-1-3")], made: "")
        try copyRun(3)
        var completed: [[String]] = []
        let consent = ReviewConsent.Request(session: "garden", consent: "signed")
        for _ in 0..<2 {
            try study.run(ReviewConsent.self, consent) {
                if case .finishedRemoval(let names) = $0 { completed.append(names) }
            }
        }
        #expect(completed == [["small-1-3", "small-1-1"]])
        #expect(!exists("runs/small-1-1") && exists("runs/small-1-3/report.json"))
        #expect(!exists("runs/small-1-3/model.safetensors"))
        #expect(try faults() == [])
    }

    @Test("A removal that fails stops only remove, prune and check --repair, and no withdrawal") func failure() throws {
        // The name of the unfinished folder would be longer than 255 bytes.
        let stuck = String(repeating: "r", count: 240)
        try FileManager.default.createDirectory(
            at: study.url("runs/\(stuck)"), withIntermediateDirectories: false)
        try Catalog(workspace).begin(removals: [(.run, stuck)], made: "")
        var failures: [CurareError.Code?] = []
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "signed")) {
            if case .failedRemoval(let error) = $0 { failures.append((error as? CurareError)?.code) }
        }
        #expect(failures == [.inputOutput])
        #expect(try error("small-1-1").code == .inputOutput && exists("runs/small-1-1"))
        let pruning = #expect(throws: CurareError.self) { try prune() }
        let repair = #expect(throws: CurareError.self) {
            try study.run(CheckWorkspace.self, CheckWorkspace.Request(repairs: true))
        }
        #expect(pruning?.code == .inputOutput && repair?.code == .inputOutput)
        #expect(try study.withdraw("ada").complete)
        #expect(try Catalog(workspace).withdrawals(.done).map(\.subject.description) == ["ada"])
    }

    // MARK: - Names

    @Test("The removal of the version that a name means reports the new meaning") func changedNames() throws {
        try remove("small-1-1", "small-1-2")
        for seed in [4, 5, 4] {
            let text = SmallStudy.recipe.replacing("seed: 3", with: "seed: \(seed)")
            try study.split(scratch.write(text, to: "\(seed).yaml"))
        }
        func names(_ summary: RemovalSummary) -> [String] {
            (summary.names ?? []).map { "\($0.name) \($0.means ?? "-")" }
        }
        #expect(try names(remove("small@1", dryRun: true)) == [])
        #expect(try names(remove("small@2", "small@3", dryRun: true)) == ["small small@1"])
        #expect(try names(remove("small@2")) == ["small small@3"])
        var notes: [VersionChoice] = []
        try study.run(AuditDataset.self, AuditDataset.Request(version: "small")) {
            if case .chosenVersions(let choices) = $0 { notes += choices }
        }
        #expect(notes.map { "\($0.version) \($0.missing?.description ?? "-")" } == ["small@3 small@2"])
        let last = try remove("small@1", "small@3")
        #expect(names(last) == ["small -"])
        #expect(try ResultJSON.text(of: last).contains("\"means\" : null"))
        #expect(try prune(dryRun: true).names == nil)
    }

    // MARK: - Prune

    @Test("Prune keeps the newest runs, unfinished runs and damaged runs") func prunedRuns() throws {
        for number in [3, 10] { try copyRun(number) }
        try copyRun(4, verdict: "pass")
        try copyRun(5)
        try PlantedFault.edit(RunFiles(study.url("runs/small-1-5")).report) { $0 = Data("{".utf8) }
        let planned = try prune(newest: 1, verdict: .pass, dryRun: true)
        #expect(planned.items.map(\.name) == ["small-1-1", "small-1-3"] && exists("runs/small-1-3"))
        #expect(planned.kept == ["small-1-10", "small-1-4"])
        #expect(planned.skipped?.map(\.run) == ["small-1-2", "small-1-5"])
        try prune(newest: 1, verdict: .pass)
        #expect(
            try workspace.runFolders().map(\.lastPathComponent) == [
                "small-1-10", "small-1-2", "small-1-4", "small-1-5",
            ])
        #expect(try prune(newest: 1, verdict: .pass).items.isEmpty)
    }

    @Test("Prune removes only models, and check reports only models that nobody removed") func prunedModels() throws {
        try copyRun(3)
        let summary = try prune(newest: 1, models: true)
        #expect(summary.items.map(\.kind) == ["models"] && summary.items.map(\.name) == ["small-1-1"])
        #expect(summary.files == 2)
        #expect(!exists("runs/small-1-1/model.safetensors") && exists("runs/small-1-1/report.html"))
        #expect(exists("runs/small-1-3/model.safetensors"))
        #expect(try faults() == [])
        #expect(try prune(newest: 1, models: true).items.isEmpty)
        try FileManager.default.removeItem(at: study.url("runs/small-1-3/model.safetensors"))
        #expect(try faults() == ["missing-model runs/small-1-3/model.safetensors"])
        let photo = try SmallStudy.shared.session + "/ada-0.png"
        let prediction = PredictImages.Request(model: .run("small-1-1", control: false), photos: [photo])
        let explanation = ExplainRun.Request(run: "small-1-1", photos: [photo], output: scratch.url("maps.png"))
        for use in [
            { _ = try study.run(PredictImages.self, prediction) }, { _ = try study.run(ExplainRun.self, explanation) },
        ] {
            let error = #expect(throws: CurareError.self) { try use() }
            #expect(error?.code == .missingInput && error?.nextStep?.contains("--remake small-1-1") == true)
        }
    }

    // MARK: - Withdrawal

    @Test("A withdrawal after removals is complete, and lists the exports and names of removed versions")
    func withdrawal() throws {
        let recipe = SmallStudy.recipe.replacing("name: small", with: "name: with-bruno")
        try study.split(scratch.write(recipe, to: "named.yaml"))
        try study.run(
            ExportVersion.self,
            ExportVersion.Request(version: "with-bruno", format: .csv, folder: scratch.url("out")))
        try remove("with-bruno@1", "small-1-1")
        let summary = try study.withdraw("bruno")
        #expect(summary.complete && summary.runs.map(\.run) == ["small-1-2"])
        #expect(summary.namesContainingPseudonym == ["with-bruno@1"])
        #expect(summary.exports.map(\.version) == ["with-bruno@1"])
        #expect(try faults() == [])
        #expect(try study.withdraw("bruno").already)
    }

    @Test("A withdrawal completes a removal that was interrupted, and leaves no file of the run") func pending() throws
    {
        struct Killed: Error {}
        do {
            let catalog = try Catalog(workspace)
            let plan = try RemovalPlan(removing: ["small-1-1"], withRuns: false, workspace, catalog)
            #expect(throws: Killed.self) {
                try RemovalExecutor(workspace, catalog).carryOut(plan, made: "2026-05-04T00:00:00Z") {
                    if $0 == .renamed { throw Killed() }
                }
            }
        }
        #expect(try study.withdraw("ada").complete)
        #expect(try faults() == [])
        #expect(try workspace.runFolders().isEmpty)
    }
}
