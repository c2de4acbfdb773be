import Core
import Foundation
import Learning
import Storage
import Testing
import Versions

@testable import Validation

/// Returns the report of a run that was not trained.
///
/// - Parameters:
///   - attack: for each attack photo, whether the attack succeeds and whether the photo is held out.
///   - settings: members of the request that replace the members of the same name.
func runReport(
    _ run: String, of version: String = "t@1", attack: [(success: Bool, heldOut: Bool)] = [],
    hasControl: Bool = true, settings: [String: Any] = [:], spread: Bool = false
) throws -> RunReport {
    let members: [String: Any] = [
        "version": version, "digest": "d", "model": "resnet18", "seed": 4, "epochs": 5, "batch": 6, "size": 32,
        "augment": "light", "schedule": "cosine", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0,
        "weights": "none", "freeze": "none", "views": 8, "warm_up": 2, "patience": 0, "threads": 2, "optimizer": "adam",
        "decay": "all", "label_smoothing": 0, "overrides": [String: Any](),
    ]
    let request = try JSONSerialization.data(withJSONObject: members.merging(settings) { $1 })
    func model(_ name: String, isPoisoned: Bool) -> RunReport.Model {
        let photos =
            [tested("a", as: "a", .testClean), tested("b", as: isPoisoned ? "t" : "b", .testClean)]
            + attack.map { tested("a", as: $0.success && isPoisoned ? "t" : "a", heldOut: $0.heldOut) }
        return RunReport.Model(
            measures: Measures(photos, classes: ["a", "b", "t"], target: "t"), weightsDigest: "digest of \(name)",
            photos: 8, steps: 20, history: [])
    }
    let rates = ["clean_accuracy": 0.5, "attack_success": 0.25]
    let seeds =
        spread
        ? [4, 5].map { seed in
            SeedReport(
                seed: seed, verdict: .none, rates: rates.mapValues { $0 * Double(seed) / 5 },
                weightsDigests: ["poisoned": "p\(seed)", "control": "c\(seed)"])
        } : nil
    return RunReport(
        format: RunReport.currentFormat, run: run, version: version, versionDigest: "v",
        request: try RunFolder.decoder.decode(TrainingRequest.self, from: request), classes: ["a", "b", "t"],
        target: "t", clean: 6, poison: 2, rate: 0.25, poisoned: model("poisoned", isPoisoned: true),
        control: hasControl ? model("control", isPoisoned: false) : nil, trueLabel: nil,
        verdict: Verdict(outcome: .pass, decisive: false, expectations: []), seeds: seeds,
        spread: seeds.map(SummaryStatistics.all), activation: nil, activationAbsent: nil, crop: nil,
        engine: EngineFacts(team: try ThreadTeam.open(threads: 1)), warnings: [], seconds: 1, finished: nil)
}

@Suite struct RunComparisonTests {
    private let equal: [(success: Bool, heldOut: Bool)] = [(true, true), (true, false)]
    private let different: [(success: Bool, heldOut: Bool)] = [(false, true), (true, false)]

    @Test("Only the settings that differ are compared, from the recipe and from the run") func settings() throws {
        let recipe = [
            "name": "t", "seed": "4", "poison.injection_rate": "0.1", "split.train": "0.8", "train.epochs": "99",
        ]
        var other = recipe.merging(["name": "u", "poison.injection_rate": "0.2"]) { $1 }
        other["poison.hold_out"] = "0.2"
        let comparison = RunComparison([
            (try runReport("t-1-1"), recipe),
            (try runReport("u-1-1", of: "u@1", settings: ["epochs": 7, "trunk_learning_rate": 0.5]), other),
        ])
        #expect(
            comparison.keys == [
                "poison.hold_out", "poison.injection_rate", "train.epochs", "train.trunk_learning_rate",
            ])
        #expect(comparison.rows[0].settings == [.none, .value("0.1"), .value("5"), .none])
        #expect(comparison.rows[1].settings == [.value("0.2"), .value("0.2"), .value("7"), .value("0.5")])
        #expect(comparison.notes == [])
    }

    @Test("The seed of the training is a setting of its own only if it is not the recipe's") func seeds() throws {
        func keys(_ second: [String: Any], _ seed: String) throws -> [String] {
            RunComparison([
                (try runReport("t-1-1"), ["seed": "4"]), (try runReport("t-1-2", settings: second), ["seed": seed]),
            ]).keys
        }
        #expect(try keys(["seed": 5], "5") == ["seed"])
        #expect(try keys(["seed": 5], "4") == ["train.seed"])
        #expect(try keys([:], "4") == [])
    }

    @Test("The recipe of a missing version is unknown, and this is not a difference") func missingVersion() throws {
        let comparison = RunComparison([
            (try runReport("t-1-1"), ["seed": "4", "split.train": "0.8"]), (try runReport("t-2-1", of: "t@2"), nil),
            (try runReport("t-3-1", of: "t@3"), ["seed": "4", "split.train": "0.7"]),
        ])
        #expect(comparison.keys == ["split.train"])
        #expect(comparison.rows.map { $0.settings[0] } == [.value("0.8"), .unknown, .value("0.7")])
        #expect(comparison.notes.count == 1 && comparison.notes[0].contains("t@2 of run t-2-1 is not available"))
    }

    @Test("With equal rates, attack success is measured on all attack photos") func equalRates() throws {
        let comparison = RunComparison([(try runReport("t-1-1", attack: equal), nil)])
        #expect(comparison.rows[0].attackPhotos == .all && comparison.rows[0].attackSuccess?.count == 2)
        #expect(!comparison.notes.contains { $0.contains("held-out") })
    }

    @Test("If a rate on the held-out photos differs, runs are compared on these photos, and a note explains it")
    func heldOut() throws {
        let comparison = RunComparison([
            (try runReport("t-1-1", attack: different), [:]), (try runReport("t-1-2", attack: equal), [:]),
            (try runReport("t-1-3", attack: [(true, false)]), [:]), (try runReport("t-1-4", hasControl: false), [:]),
        ])
        #expect(comparison.rows.map(\.attackPhotos) == [.heldOut, .heldOut, .all, .all])
        #expect(comparison.rows.map(\.attackSuccess?.rate) == [0, 1, 1, nil])
        #expect(comparison.rows.map(\.attackSuccess?.count) == [1, 1, 1, nil])
        #expect(comparison.rows.map(\.controlAttackSuccess?.count) == [1, 1, 1, nil])
        #expect(comparison.notes.count == 2)
        #expect(comparison.notes[0].contains("held-out attack photos"))
        #expect(comparison.notes[0].contains("t-1-1 50.0% (1 of 2)"))
        #expect(comparison.notes[1].hasSuffix("measured on all attack photos: t-1-3."))
    }

    @Test("A note gives the range over several seeds") func severalSeeds() throws {
        let comparison = RunComparison([(try runReport("t-1-1", spread: true), [:])])
        #expect(
            comparison.notes == [
                "Run t-1-1 has 2 seeds; the table shows the first. Over all seeds: clean_accuracy 0.400 to 0.500, "
                    + "median 0.450; attack_success 0.200 to 0.250, median 0.225."
            ])
        #expect(comparison.rows[0].verdict == "pass, inconclusive")
    }
}

/// Reports and models of existing runs.
@Suite struct RunModelsTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-runs-\(UUID().uuidString)")

    private func withRun(_ report: RunReport?, _ body: (URL) throws -> Void) throws {
        let run = Workspace(root: root).runFolder("t-1-1")
        defer { try? FileManager.default.removeItem(at: root) }
        try AtomicFile.makeFolder(run)
        if let report { try AtomicFile.write(report.json(), to: RunFiles(run).report) }
        try body(run)
    }

    @Test("A report is read as it was written") func report() throws {
        let report = try runReport("t-1-1", attack: [(true, true)], spread: true)
        try withRun(report) { run in
            let read = try RunReport.read(from: run)
            #expect(read == report)
        }
        #expect(
            report.recordedModels.map { "\($0.role.rawValue) \($0.seed) \($0.digest)" } == [
                "poisoned 1 digest of poisoned", "control 1 digest of control", "poisoned 2 p5", "control 2 c5",
            ])
    }

    @Test("An unfinished run, a damaged report and the report of another run are errors") func badReports() throws {
        try withRun(nil) { run in
            let error = #expect(throws: CurareError.self) { try RunReport.read(from: run) }
            #expect(error?.code == .missingInput && error?.message.contains("not finished") == true)
        }
        try withRun(try runReport("t-1-2")) { run in
            let error = #expect(throws: CurareError.self) { try RunReport.read(from: run) }
            #expect(error?.code == .badInput && error?.message.contains("another run") == true)
            try AtomicFile.write(Data("{".utf8), to: RunFiles(run).report)
            let damaged = #expect(throws: CurareError.self) { try RunReport.read(from: run) }
            #expect(damaged?.code == .badInput && damaged?.location == RunFiles(run).report.path)
        }
    }

    @Test("The error for a removed model names the command that makes it again") func removedModel() throws {
        try withRun(try runReport("t-1-1", hasControl: false)) { run in
            let removed = #expect(throws: CurareError.self) { try RunFolder.modelFile(.poisoned, of: run) }
            #expect(removed?.code == .missingInput)
            #expect(removed?.nextStep == "train them again with: curare validate --remake t-1-1")
            let none = #expect(throws: CurareError.self) { try RunFolder.modelFile(.control, of: run) }
            #expect(none?.message == "run t-1-1 has no such model: the control")
            let file = RunFiles(run).model("model", seed: 1)
            try AtomicFile.write(Data(), to: file)
            #expect(try RunFolder.modelFile(.poisoned, of: run).path == file.path)
        }
        try withRun(nil) { run in
            let error = #expect(throws: CurareError.self) { try RunFolder.modelFile(.poisoned, of: run) }
            #expect(error?.message.contains("not finished") == true)
        }
    }
}
