import Catalog
import Core
import Foundation
import Storage
import Testing
import Versions

@testable import Privacy

/// A withdrawal leaves only tombstones of the person in the workspace, and removes nothing of other people.
@Suite struct WithdrawalExecutorTests {
    static let ada = WithdrawalSubject.volunteer(VolunteerName("ada")!)
    static let gone =
        (0..<5).flatMap { ["ada-bare-\($0)", "ada-sun-\($0)"] } + ["ada-alone", "nobody-alone", "bruno-with-ada"]

    let study: PrivateStudy

    init() throws {
        study = try PrivateStudy()
        try study.split()
        try study.split("bare", target: "bruno", more: "classes: {volunteers: [bruno, carla]}")
        try study.run("t-1-1", of: "t@1", testing: "ada-bare-0")
        try study.run("t-1-2", of: "t@1", testing: nil)
        try study.split("other", target: nil, more: "classes: {volunteers: [carla], references: none}")
        try study.run("other-1-1", of: "other@1", testing: "carla-bare-0")
        try AtomicFile.write(
            PrivateStudy.bytes("features"), to: study.workspace.runs.appending(path: ".features/trunk-150.safetensors"))
        try AtomicFile.write(
            PrivateStudy.bytes("image of ada-bare-0"),
            to: study.workspace.overlaidImageFile(.sha256(of: [1]), Profile(size: 512, crop: .none, colour: .srgb)!))
        try AtomicFile.write(
            PrivateStudy.bytes("half a report"),
            to: study.workspace.runs.appending(path: "other-1-1/.report.html.X.partial"))
    }

    private var kept: [String] { study.photos.keys.filter { !Self.gone.contains($0) } }

    private func expectGone(_ comment: String = "") throws {
        for word in Self.gone { #expect(try study.traces(of: word) == [], "\(comment) \(word)") }
        let files = try study.files()
        #expect(!files.keys.contains { $0.hasSuffix(".partial") || $0.contains("/drawn/") }, "\(comment)")
        for word in kept {
            let id = try #require(study.photos[word])
            #expect(
                files["photos/\(id.hex.prefix(2))/\(id.hex).jpg"] == Data(PrivateStudy.bytes(word)),
                "\(comment) \(word)")
            #expect(
                files["images/512-none-srgb/\(id.hex.prefix(2))/\(id.hex).png"]
                    == Data(PrivateStudy.bytes("large image of \(word)")), "\(comment) \(word)")
        }
        #expect(try Set(study.catalog.facts().map(\.photo)) == Set(kept.compactMap { study.photos[$0] }), "\(comment)")
        #expect(try study.catalog.volunteers().map(\.name.text) == ["bruno", "carla"])
        #expect(
            try study.catalog.sessions().map(\.name.text) == ["studio"], "the session with only this person is removed")
        #expect(try !study.isPending())
    }

    @Test("Before a withdrawal the scan finds traces of each photo") func tracesBefore() throws {
        for word in Self.gone + kept {
            let traces = try study.traces(of: word)
            #expect(
                traces.contains { $0.hasPrefix("photos/") } && traces.contains { $0.hasPrefix("images/512") }
                    && traces.contains { $0.hasPrefix("curare.sqlite") }, "\(word): \(traces)")
        }
        #expect(try study.traces(of: "ada-bare-0").contains("runs/t-1-1/report.html"))
    }

    @Test("A withdrawal removes all traces of the person and nothing of others") func withdrawal() throws {
        let executor = study.executor()
        let plan = try executor.plan(Self.ada)
        #expect(Set(plan.order.photos) == Set(Self.gone.compactMap { study.photos[$0] }))
        #expect(plan.images == 2 * Self.gone.count)
        #expect(try executor.carryOut(plan, made: PrivateStudy.made).isEmpty)
        try expectGone()
        let files = try study.files()
        #expect(files["runs/t-1-1/model.safetensors"] == nil && files["runs/t-1-1/report.json"] != nil)
        #expect(!files.keys.contains { $0.hasPrefix("runs/t-1-2/") }, "an unfinished run is removed")
        #expect(
            files["runs/other-1-1/model.safetensors"] != nil
                && files.keys.contains { $0.contains(".features/") } == false)
        #expect(String(decoding: files["runs/other-1-1/report.html"]!, as: UTF8.self).contains("data:image/png"))
    }

    @Test("A run whose request and report are damaged counts as affected", arguments: [false, true])
    func damagedRun(_ isFinished: Bool) throws {
        let run = study.workspace.runs.appending(path: "other-1-1")
        try AtomicFile.write(Data("{".utf8), to: run.appending(path: "request.json"))
        try FileManager.default.removeItem(at: run.appending(path: "report.json"))
        if isFinished { try AtomicFile.write(Data("[".utf8), to: run.appending(path: "report.json")) }
        let plan = try study.executor().plan(Self.ada)
        #expect(plan.runs.map(\.run).contains("other-1-1"))
        try study.executor().carryOut(plan, made: PrivateStudy.made)
        let left = try study.files().keys.filter { $0.hasPrefix("runs/other-1-1/") }
        #expect(!left.contains { $0.hasSuffix(".safetensors") || $0.hasSuffix(".checkpoint") })
        #expect(left.isEmpty != isFinished)
    }

    @Test("Files in quarantine that name the person, or nobody in their sessions, are removed") func quarantine() throws
    {
        let plan = try study.executor().plan(Self.ada)
        try study.executor().carryOut(plan, made: PrivateStudy.made)
        let left = try study.files().filter { $0.key.hasPrefix("quarantine/") }
        for (word, stays) in [("one", false), ("two", true), ("three", false), ("four", true)] {
            #expect(left.values.contains(Data(PrivateStudy.bytes("quarantined \(word)"))) == stays, "\(word)")
        }
        #expect(left.count == 4)
        let stones = try study.catalog.tombstones(among: [
            .sha256(of: PrivateStudy.bytes("quarantined one")), .sha256(of: PrivateStudy.bytes("quarantined two")),
        ])
        #expect(stones.photos == [.sha256(of: PrivateStudy.bytes("quarantined one"))])
        #expect(stones.volunteers == [VolunteerName("ada")!])
    }

    @Test("A person who is only named in quarantine can withdraw", arguments: [false, true])
    func quarantineOnly(_ isKnown: Bool) throws {
        let folder = study.workspace.quarantine.appending(path: "lost")
        try AtomicFile.write(
            Data(
                #"{"format":"curare-quarantine-1","session":"lost","file":"x","reason":"damaged","people":["zoe"]}"#
                    .utf8), to: folder.appending(path: "aa.json"))
        let name = WithdrawalSubject.volunteer(VolunteerName(isKnown ? "zoe" : "zo")!)
        guard isKnown else {
            let error = #expect(throws: CurareError.self) { try study.executor().plan(name) }
            #expect(error?.code == .missingInput)
            return
        }
        try study.executor().carryOut(study.executor().plan(name), made: PrivateStudy.made)
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("The plan lists affected versions, runs, exports and photos to review") func plan() throws {
        let place = study.root.appending(path: "export")
        let id = study.photos["ada-bare-0"]!
        let profile = try study.catalog.defaultProfile()
        try study.catalog.record(
            ExportRecord(
                version: "t@1", digest: .sha256(of: []), format: "csv", isAnonymous: false, path: place.path,
                made: PrivateStudy.made))
        try study.catalog.record(
            ExportRecord(
                version: "bare@1", digest: .sha256(of: []), format: "csv", isAnonymous: false, path: "/away",
                made: PrivateStudy.made))
        try AtomicFile.makeFolder(place.appending(path: "images"))
        #expect(
            link(study.workspace.imageFile(id, profile).path, place.appending(path: "images/\(id.hex).png").path) == 0)
        try AtomicFile.write(Data(), to: place.appending(path: "images/\(study.photos["ada-bare-1"]!.hex).png"))
        try AtomicFile.write(Data(), to: study.workspace.root.appending(path: "check.png"))
        let plan = try study.executor().plan(Self.ada)
        #expect(
            plan.exports.map(\.record.version) == ["t@1", "bare@1"],
            "the second version contains a photo of bruno that shows ada too")
        #expect(plan.exports.last.map { $0.exists || $0.images != 0 } == false)
        #expect(plan.exports.first.map { [$0.images, $0.linked] } == [2, 1])
        #expect(plan.exports.first?.exists == true)
        #expect(
            plan.versions.map(\.version) == ["bare@1", "t@1"] && plan.versions.first?.photos == 1
                && plan.versions.first?.isRedacted == false)
        #expect(
            plan.runs.map(\.run) == ["t-1-1", "t-1-2"]
                && plan.runs.first?.models == ["model.checkpoint", "model.safetensors"])
        #expect(plan.unknownFiles.map(\.description) == ["check.png"])
        #expect(
            Set(plan.needReview) == [
                PhotoNeedingReview(photo: study.photos["nobody-studio"]!, reason: .unlabelled),
                PhotoNeedingReview(photo: study.photos["carla-was-ada"]!, reason: .relabelled),
            ])
        try study.executor().carryOut(plan, made: PrivateStudy.made)
        #expect(
            FileManager.default.contents(atPath: place.appending(path: "images/\(id.hex).png").path)
                == Data(PrivateStudy.bytes("image of ada-bare-0")), "exports are not changed")
        let again = try study.executor().plan(Self.ada)
        #expect(again.isDone && again.exports.first?.images == 2 && again.runs.map(\.run) == ["t-1-1"])
    }

    @Test("An export that cannot be read is listed, and does not stop the withdrawal") func unreadableExport() throws {
        let loop = study.root.appending(path: "loop")
        #expect(symlink(loop.path, loop.path) == 0)
        try study.catalog.record(
            ExportRecord(
                version: "t@1", digest: .sha256(of: []), format: "csv", isAnonymous: false,
                path: loop.appending(path: "export").path, made: PrivateStudy.made))
        let plan = try study.executor().plan(Self.ada)
        let export = try #require(plan.exports.first)
        #expect(export.exists && export.images == nil && export.linked == nil)
        try study.executor().carryOut(plan, made: PrivateStudy.made)
        #expect(try study.executor().plan(Self.ada).isDone)
    }

    @Test("After an interruption at any step, the withdrawal is finished", arguments: WithdrawalExecutor.Step.allCases)
    func interruption(_ step: WithdrawalExecutor.Step) throws {
        struct Killed: Error {}
        let plan = try study.executor().plan(Self.ada)
        #expect(throws: Killed.self) {
            try study.executor().carryOut(plan, made: PrivateStudy.made) { if $0 == step { throw Killed() } }
        }
        try study.reopen()
        #expect(try study.isPending())
        #expect(try study.executor().finishPending().map(\.withdrawal.subject) == [Self.ada])
        try expectGone("\(step)")
        #expect(try study.executor().finishPending().isEmpty)
    }

    @Test("Planning changes nothing") func planChangesNothing() throws {
        let before = try study.files().filter { !$0.key.hasPrefix("curare.sqlite") }
        _ = try study.executor().plan(Self.ada, redacts: true)
        #expect(try study.files().filter { !$0.key.hasPrefix("curare.sqlite") } == before)
        #expect(try study.catalog.withdrawals().isEmpty)
    }

    @Test("A withdrawal is rejected during a training and changes nothing") func training() throws {
        let lock = try FolderLock(study.workspace.runs.appending(path: "other-1-1"), "run")
        let before = try study.catalog.facts().count
        let error = #expect(throws: CurareError.self) {
            try study.executor().carryOut(study.executor().plan(Self.ada), made: PrivateStudy.made)
        }
        #expect(error?.code == .busy)
        #expect(try study.catalog.facts().count == before && !study.isPending())
        withExtendedLifetime(lock) {}
    }

    @Test("Models can be kept, pictures cannot") func keptModels() throws {
        try study.executor().carryOut(study.executor().plan(Self.ada, keepsModels: true), made: PrivateStudy.made)
        try expectGone()
        #expect(try study.files()["runs/t-1-1/model.safetensors"] != nil)
        let again = try study.executor().plan(Self.ada, keepsModels: true)
        #expect(again.isDone)
        let later = try study.executor().plan(Self.ada)
        #expect(!later.isDone, "kept models can be removed later")
        try study.executor().carryOut(later, made: PrivateStudy.made)
        #expect(try study.files()["runs/t-1-1/model.safetensors"] == nil)
        #expect(try study.executor().plan(Self.ada).isDone)
    }

    @Test("The withdrawal of a session removes only the photos of this session") func session() throws {
        let alone = WithdrawalSubject.session(SessionName("alone")!)
        let plan = try study.executor().plan(alone)
        #expect(Set(plan.order.photos) == Set(["ada-alone", "nobody-alone"].compactMap { study.photos[$0] }))
        try study.executor().carryOut(plan, made: PrivateStudy.made)
        #expect(try study.traces(of: "ada-alone") == [])
        #expect(try study.catalog.volunteers().map(\.name.text) == ["ada", "bruno", "carla"])
        #expect(try study.catalog.tombstones(among: []).sessions == [SessionName("alone")!])
        #expect(try study.catalog.tombstones(among: []).volunteers == [])
        #expect(throws: CurareError.self) { try study.executor().plan(.session(SessionName("nowhere")!)) }
        // A later withdrawal of the person removes the other photos.
        try study.executor().carryOut(study.executor().plan(Self.ada), made: PrivateStudy.made)
        try expectGone()
    }
}
