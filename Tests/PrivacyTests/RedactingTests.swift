import Core
import Foundation
import Testing
import Versions

@testable import Privacy

/// With redaction, versions and runs lose pseudonym and digests too, and stay versions that can be read, diffed and explained.
@Suite struct RedactingTests {
    static let ada = WithdrawalSubject.volunteer(VolunteerName("ada")!)
    let study: PrivateStudy
    let before: Version

    init() throws {
        study = try PrivateStudy()
        before = try study.split()
        try study.run("t-1-1", of: "t@1", testing: "ada-bare-0")
    }

    private var store: VersionStore { VersionStore(study.workspace) }
    private var folder: URL { study.workspace.versionFolder("t", 1) }

    private func verify() throws -> Verification {
        try Verification(
            folder: folder, facts: FactSource(study.catalog.facts()), withdrawn: study.catalog.withdrawnPhotos()
        ) { _ in nil }
    }

    private func withdraw(redacts: Bool = true) throws {
        #expect(
            try study.withdrawing().carryOut(
                study.withdrawing().plan(Self.ada, redacts: redacts), made: PrivateStudy.made
            ).isEmpty)
    }

    @Test func withoutRedactionAVersionIsNeverChanged() throws {
        let files = try study.files().filter { $0.key.hasPrefix("versions/") }
        try withdraw(redacts: false)
        #expect(try study.files().filter { $0.key.hasPrefix("versions/") } == files)
        let verification = try verify()
        #expect(
            verification.redacted == nil && verification.holds(.files) && verification.holds(.selection)
                && !verification.holds(.catalog))
        #expect(Set(verification.problems.map(\.kind)) == [.withdrawn])
        let refusal = #expect(throws: CurareError.self) { try verification.admit(before) }
        #expect(refusal?.code == .badInput && refusal?.message.contains("was withdrawn") == true)
    }

    @Test func noPseudonymAndNoDigestIsLeftInVersionsAndRuns() throws {
        let ids = WithdrawingTests.gone.compactMap { study.photos[$0]?.hex }
        func telling() throws -> [String] {
            let texts = try study.files().filter { $0.key.hasPrefix("versions/") || $0.key.hasPrefix("runs/") }
            return texts.filter { file in
                let text = String(decoding: file.value, as: UTF8.self)
                return text.contains(/\bada\b/) || ids.contains { text.contains($0) }
            }.map(\.key).sorted()
        }
        #expect(
            try telling() == [
                "runs/t-1-1/predictions.jsonl", "runs/t-1-1/report.html", "runs/t-1-1/report.json",
                "versions/t/1/entries.jsonl", "versions/t/1/manifest.json", "versions/t/1/recipe.yaml",
            ])
        try withdraw()
        #expect(try telling() == [])
        let report = try String(contentsOf: study.workspace.runs.appending(path: "t-1-1/report.json"), encoding: .utf8)
        #expect(report.contains("\"target\" : \"redacted-1\"") && report.contains("\"rate\" : 0.2"))
    }

    @Test func aRedactedVersionIsWholeAndSaysWhatItWas() throws {
        try withdraw()
        let after = try store.read(VersionReference("t@1")!)
        let verification = try verify()
        #expect(verification.ok, "\(verification.problems)")
        let mark = try #require(verification.redacted)
        #expect(mark.digests == [before.manifest.digest])
        let gone = Set(WithdrawingTests.gone.compactMap { study.photos[$0] })
        #expect(mark.photos == before.entries.list.count { gone.contains($0.photo) } && mark.photos > 10)
        #expect(after.manifest.digest != before.manifest.digest)
        #expect(after.manifest.counts.byRole == before.manifest.counts.byRole)
        #expect(
            after.manifest.classes.map(\.name.text) == ["redacted-1", "bruno", "carla"], "a class keeps its number")
        #expect(after.entries.list.filter { !$0.isRedacted }.count == before.entries.list.count - mark.photos)
        for entry in after.entries.list where entry.isRedacted {
            #expect(entry.face == nil && entry.perceptualHash == nil && entry.session.text == "redacted")
        }
        let refusal = #expect(throws: CurareError.self) { try verification.admit(after) }
        #expect(refusal?.message.contains("was redacted") == true)
        #expect(!Difference(from: before, to: after).isEmpty)
        for name in ["manifest.json", "entries.jsonl", "recipe.yaml", "provenance.json"] {
            #expect(
                try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)[.posixPermissions]
                    as? Int == 0o400)
        }
    }

    @Test func whatIsNotTrueOfARedactedVersionIsStillSaid() throws {
        try withdraw()
        let entries = folder.appending(path: "entries.jsonl")
        let text = try String(contentsOf: entries, encoding: .utf8)
        chmod(entries.path, 0o600)
        try Data(text.replacing("train/clean", with: "test/other", maxReplacements: 1).utf8).write(to: entries)
        let verification = try verify()
        #expect(!verification.holds(.files) && !verification.holds(.selection))
    }

    @Test func redactionCanBeAskedForLater() throws {
        try withdraw(redacts: false)
        let plan = try study.withdrawing().plan(Self.ada, redacts: true)
        #expect(!plan.isDone && plan.versions.first?.photos ?? 0 > 10)
        try withdraw()
        #expect(try verify().ok)
        let again = try study.withdrawing().plan(Self.ada, redacts: true)
        #expect(
            again.isDone && again.versions.map(\.version) == ["t@1"] && again.versions.first?.isRedacted == true,
            "it is still known where they were")
    }

    @Test func twoWhoWithdrawAreToldApartAndBothDigestsAreKept() throws {
        try withdraw()
        let between = try store.read(VersionReference("t@1")!)
        let bruno = WithdrawalSubject.volunteer(VolunteerName("bruno")!)
        try study.withdrawing().carryOut(study.withdrawing().plan(bruno, redacts: true), made: PrivateStudy.made)
        let after = try store.read(VersionReference("t@1")!)
        #expect(after.manifest.classes.map(\.name.text) == ["redacted-1", "redacted-2", "carla"])
        #expect(try verify().redacted?.digests == [before.manifest.digest, between.manifest.digest])
        #expect(Set(after.entries.list.map(\.photo)).count == after.entries.list.count)
        #expect(try verify().ok)
    }

    @Test func cutOffBetweenTwoRenamesAVersionIsThereAgain() throws {
        let old = study.workspace.versions.appending(path: "t/.1.replaced")
        for isNewThere in [false, true] {
            if isNewThere {
                try FileManager.default.copyItem(at: folder, to: old)
            } else {
                try FileManager.default.moveItem(at: folder, to: old)
            }
            #expect(
                try store.redact(VersionReference("t@1")!, photos: [.sha256(of: [])], .volunteer(VolunteerName("zoe")!))
                    == false)
            #expect(try store.read(VersionReference("t@1")!).manifest.digest == before.manifest.digest)
            #expect(!FileManager.default.fileExists(atPath: old.path))
        }
    }

    @Test(arguments: Withdrawing.Step.allCases)
    func cutOffAtAnyStepEveryVersionIsOldOrRedacted(_ step: Withdrawing.Step) throws {
        struct Killed: Error {}
        let plan = try study.withdrawing().plan(Self.ada, redacts: true)
        #expect(throws: Killed.self) {
            try study.withdrawing().carryOut(plan, made: PrivateStudy.made) { if $0 == step { throw Killed() } }
        }
        try study.reopen()
        #expect(try study.withdrawing().finishPending().count == 1)
        #expect(try verify().ok)
        #expect(try verify().redacted?.digests == [before.manifest.digest])
    }

    @Test func aDamagedVersionKeepsNothingWaiting() throws {
        let manifest = folder.appending(path: "manifest.json")
        chmod(manifest.path, 0o600)
        try Data("{}".utf8).write(to: manifest)
        let plan = try study.withdrawing().plan(Self.ada, redacts: true)
        #expect(plan.unreadable == ["t@1"])
        try study.withdrawing().carryOut(plan, made: PrivateStudy.made)
        #expect(try !study.isPending())
        for word in WithdrawingTests.gone { #expect(try study.traces(of: word) == [], "\(word)") }
    }
}
