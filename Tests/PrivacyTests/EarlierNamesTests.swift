import Catalog
import Core
import Foundation
import Storage
import Testing
import Versions

@testable import Privacy

/// A withdrawal under the current name also finds everything that has an earlier name.
@Suite struct EarlierNamesTests {
    let study: PrivateStudy
    private let zoe = WithdrawalSubject.volunteer(VolunteerName("zoe")!)

    /// ada has a version, a run, an export and a quarantined file, and is then renamed to zoe.
    init() throws {
        study = try PrivateStudy()
        try study.split()
        try study.run("t-1-1", of: "t@1", testing: "ada-bare-0")
        try study.split("other", target: nil, more: "classes: {volunteers: [carla], references: none}")
        for (version, path) in [("t@1", "/exports/t"), ("other@1", "/exports/other")] {
            let reference = try #require(VersionReference(version))
            let digest = try VersionStore(study.workspace).read(reference).manifest.digest
            try study.catalog.record(
                ExportRecord(
                    version: version, digest: digest, format: "csv", isAnonymous: false, path: path,
                    made: PrivateStudy.made))
        }
        try study.quarantined("five", ["ada", "carla"], in: "elsewhere")
        try study.catalog.rename(VolunteerName("ada")!, to: VolunteerName("zoe")!)
    }

    private func withdraw(redacts: Bool = false) throws {
        let executor = study.executor()
        #expect(try executor.carryOut(executor.plan(zoe, redacts: redacts), made: PrivateStudy.made).isEmpty)
    }

    @Test("The plan names versions, runs, exports and quarantined files with the earlier name") func plan() throws {
        let plan = try study.executor().plan(zoe)
        #expect(plan.earlierNames.map(\.text) == ["ada"])
        #expect(plan.versions.map(\.version).contains("t@1") && !plan.versions.map(\.version).contains("other@1"))
        #expect(plan.runs.map(\.run) == ["t-1-1"])
        #expect(plan.exports.map(\.record.path) == ["/exports/t"])
        let files = ["one", "five"].map { study.quarantineFiles($0, in: $0 == "one" ? "studio" : "elsewhere") }
        for file in files {
            #expect(plan.order.paths.contains { file.note.path.hasSuffix($0) }, "\(file.note.path)")
        }
    }

    @Test("The earlier name alone makes a version affected") func nameOnly() throws {
        // Another person has the photos of ada: only the name in the recipe is left.
        let version = try VersionStore(study.workspace).read(try #require(VersionReference("t@1")))
        #expect(version.isAffected(by: zoe, [], earlierNames: [VolunteerName("ada")!]))
        #expect(!version.isAffected(by: zoe, []))
    }

    @Test("Models go, and photos, notes and quarantined files leave no trace") func withdrawal() throws {
        try withdraw()
        for word in ["ada-bare-0", "ada-sun-3", "ada-alone", "bruno-with-ada"] {
            #expect(try study.traces(of: word) == [], "\(word)")
        }
        let run = study.workspace.runs.appending(path: "t-1-1")
        #expect(!FileManager.default.fileExists(atPath: run.appending(path: "model.safetensors").path))
        #expect(!FileManager.default.fileExists(atPath: study.quarantineFiles("five", in: "elsewhere").copy.path))
        #expect(try study.catalog.withdrawal(of: zoe)?.earlierNames.map(\.text) == ["ada"])
        #expect(try study.executor().plan(zoe).isDone)
    }

    @Test("Redaction replaces the earlier name, also after the withdrawal", arguments: [true, false])
    func redaction(_ isLater: Bool) throws {
        if isLater { try withdraw() }
        try withdraw(redacts: true)
        for file in ["versions/t/1/manifest.json", "versions/t/1/entries.jsonl", "versions/t/1/recipe.yaml"] {
            let text = String(decoding: try #require(study.files()[file]), as: UTF8.self)
            #expect(text.firstMatch(of: /\b(ada|zoe)\b/) == nil && text.contains("redacted"), "\(file)")
        }
        for file in ["report.json", "predictions.jsonl"] {
            let text = String(decoding: try #require(study.files()["runs/t-1-1/\(file)"]), as: UTF8.self)
            #expect(text.firstMatch(of: /\b(ada|zoe)\b/) == nil && text.contains("redacted-1"), "\(file)")
        }
    }

    @Test("A withdrawal that was interrupted still knows the earlier name") func interrupted() throws {
        struct Killed: Error {}
        let executor = study.executor()
        #expect(throws: Killed.self) {
            try executor.carryOut(executor.plan(zoe, redacts: true), made: PrivateStudy.made) { _ in throw Killed() }
        }
        try study.reopen()
        _ = try study.executor().finishPending()
        let text = String(decoding: try #require(study.files()["versions/t/1/entries.jsonl"]), as: UTF8.self)
        #expect(text.firstMatch(of: /\bada\b/) == nil)
    }

    @Test("A withdrawal under the earlier name is rejected") func earlierName() throws {
        let ada = WithdrawalSubject.volunteer(VolunteerName("ada")!)
        let before = #expect(throws: CurareError.self) { try study.executor().plan(ada) }
        #expect(before?.code == .missingInput && before?.nextStep == "run curare withdraw zoe")
        try withdraw()
        let after = #expect(throws: CurareError.self) { try study.executor().plan(ada) }
        #expect(after?.message == "ada is an earlier name of zoe, who has withdrawn")
    }
}
