import Core
import Foundation
import Testing
import Versions

@testable import Privacy

/// Redaction removes the pseudonym and the photo ids from versions and runs. The versions stay readable.
@Suite struct RedactionTests {
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
            try study.executor().carryOut(
                study.executor().plan(Self.ada, redacts: redacts), made: PrivateStudy.made
            ).isEmpty)
    }

    @Test("Without redaction no version is changed") func noRedaction() throws {
        let files = try study.files().filter { $0.key.hasPrefix("versions/") }
        try withdraw(redacts: false)
        #expect(try study.files().filter { $0.key.hasPrefix("versions/") } == files)
        let verification = try verify()
        #expect(
            verification.redacted == nil && verification.holds(.files) && verification.holds(.selection)
                && !verification.holds(.catalog))
        #expect(Set(verification.problems.map(\.kind)) == [.withdrawn])
        let error = #expect(throws: CurareError.self) { try verification.validateForUse(before) }
        #expect(error?.code == .badInput && error?.message.contains("was withdrawn") == true)
    }

    @Test("Redaction removes the pseudonym and the photo ids from versions and runs") func redaction() throws {
        let ids = WithdrawalExecutorTests.gone.compactMap { study.photos[$0]?.hex }
        func filesWithPersonalData() throws -> [String] {
            let texts = try study.files().filter { $0.key.hasPrefix("versions/") || $0.key.hasPrefix("runs/") }
            return texts.filter { file in
                let text = String(decoding: file.value, as: UTF8.self)
                return text.contains(/\bada\b/) || ids.contains { text.contains($0) }
            }.map(\.key).sorted()
        }
        #expect(
            try filesWithPersonalData() == [
                "runs/t-1-1/predictions.jsonl", "runs/t-1-1/report.html", "runs/t-1-1/report.json",
                "versions/t/1/entries.jsonl", "versions/t/1/manifest.json", "versions/t/1/recipe.yaml",
            ])
        try withdraw()
        #expect(try filesWithPersonalData() == [])
        let report = try String(contentsOf: study.workspace.runs.appending(path: "t-1-1/report.json"), encoding: .utf8)
        #expect(report.contains("\"target\" : \"redacted-1\"") && report.contains("\"rate\" : 0.2"))
    }

    @Test("A redacted version is valid and records its former digest") func redactedVersion() throws {
        try withdraw()
        let after = try store.read(VersionReference("t@1")!)
        let verification = try verify()
        #expect(verification.ok, "\(verification.problems)")
        let mark = try #require(verification.redacted)
        #expect(mark.digests == [before.manifest.digest])
        let gone = Set(WithdrawalExecutorTests.gone.compactMap { study.photos[$0] })
        #expect(mark.photos == before.entries.list.count { gone.contains($0.photo) } && mark.photos > 10)
        #expect(after.manifest.digest != before.manifest.digest)
        #expect(after.manifest.counts.byRole == before.manifest.counts.byRole)
        #expect(
            after.manifest.classes.map(\.name.text) == ["redacted-1", "bruno", "carla"],
            "the order of the classes is unchanged")
        #expect(after.entries.list.filter { !$0.isRedacted }.count == before.entries.list.count - mark.photos)
        for entry in after.entries.list where entry.isRedacted {
            #expect(entry.face == nil && entry.perceptualHash == nil && entry.session.text == "redacted")
        }
        let error = #expect(throws: CurareError.self) { try verification.validateForUse(after) }
        #expect(error?.message.contains("was redacted") == true)
        #expect(!Difference(from: before, to: after).isEmpty)
        for name in ["manifest.json", "entries.jsonl", "recipe.yaml", "provenance.json"] {
            #expect(
                try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)[.posixPermissions]
                    as? Int == 0o400)
        }
    }

    @Test("Verification reports a change of a redacted version") func changedRedactedVersion() throws {
        try withdraw()
        let entries = folder.appending(path: "entries.jsonl")
        let text = try String(contentsOf: entries, encoding: .utf8)
        chmod(entries.path, 0o600)
        try Data(text.replacing("train/clean", with: "test/other", maxReplacements: 1).utf8).write(to: entries)
        let verification = try verify()
        #expect(!verification.holds(.files) && !verification.holds(.selection))
    }

    @Test("A version can be redacted after the withdrawal") func laterRedaction() throws {
        try withdraw(redacts: false)
        let plan = try study.executor().plan(Self.ada, redacts: true)
        #expect(!plan.isDone && plan.versions.first?.photos ?? 0 > 10)
        try withdraw()
        #expect(try verify().ok)
        let again = try study.executor().plan(Self.ada, redacts: true)
        #expect(
            again.isDone && again.versions.map(\.version) == ["t@1"] && again.versions.first?.isRedacted == true,
            "the affected versions are still listed")
    }

    @Test("Two withdrawn volunteers get different names, and both former digests are recorded") func twoVolunteers()
        throws
    {
        try withdraw()
        let between = try store.read(VersionReference("t@1")!)
        let bruno = WithdrawalSubject.volunteer(VolunteerName("bruno")!)
        try study.executor().carryOut(study.executor().plan(bruno, redacts: true), made: PrivateStudy.made)
        let after = try store.read(VersionReference("t@1")!)
        #expect(after.manifest.classes.map(\.name.text) == ["redacted-1", "redacted-2", "carla"])
        #expect(try verify().redacted?.digests == [before.manifest.digest, between.manifest.digest])
        #expect(Set(after.entries.list.map(\.photo)).count == after.entries.list.count)
        #expect(try verify().ok)
    }

    @Test("A version is restored after an interruption between two renames") func interruptedRename() throws {
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

    @Test("After an interruption at any step, the redaction is finished", arguments: WithdrawalExecutor.Step.allCases)
    func interruptedRedaction(_ step: WithdrawalExecutor.Step) throws {
        struct Killed: Error {}
        let plan = try study.executor().plan(Self.ada, redacts: true)
        #expect(throws: Killed.self) {
            try study.executor().carryOut(plan, made: PrivateStudy.made) { if $0 == step { throw Killed() } }
        }
        try study.reopen()
        #expect(try study.executor().finishPending().count == 1)
        #expect(try verify().ok)
        #expect(try verify().redacted?.digests == [before.manifest.digest])
    }

    @Test("A damaged version does not block a withdrawal") func damagedVersion() throws {
        let manifest = folder.appending(path: "manifest.json")
        chmod(manifest.path, 0o600)
        try Data("{}".utf8).write(to: manifest)
        let plan = try study.executor().plan(Self.ada, redacts: true)
        #expect(plan.unreadable == ["t@1"])
        let left = try study.executor().carryOut(plan, made: PrivateStudy.made)
        #expect(left.map(\.printablePath) == ["versions/t/1"])
        #expect(try !study.isPending())
        for word in WithdrawalExecutorTests.gone { #expect(try study.traces(of: word) == [], "\(word)") }
    }
}
