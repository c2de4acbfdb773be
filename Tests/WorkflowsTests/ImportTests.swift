import Core
import Foundation
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Imports of session folders and of single wrong files.
@Suite struct ImportTests {
    let scratch: Scratch
    let workspace: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        workspace = WorkspaceFixture(scratch.url("w"))
        try SmallStudy.create(workspace)
    }

    private func error(_ folder: String) throws -> CurareError {
        try #require(#expect(throws: CurareError.self) { try workspace.importSessions([folder]) })
    }

    /// Writes the session `s`, and returns its folder.
    private func session(_ sheet: String?, photos: [String: Data] = [:]) throws -> String {
        if let sheet { try scratch.write(sheet, to: "s/session.csv") }
        try scratch.write("session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        for (name, bytes) in photos { try scratch.write(bytes, to: "s/\(name)") }
        return scratch.path("s")
    }

    private var photo: Data {
        get throws { Data(try SmallStudy.picture(class: 0, hasTrigger: false, seed: 5).png()) }
    }

    @Test("An import stores every photo once; a dry run stores nothing")
    func importTwice() throws {
        try SmallStudy.writeSession(to: scratch)
        let session = scratch.path("garden")
        let planned = try workspace.importSessions([session], dryRun: true)
        #expect(planned.imported == SmallStudy.count && planned.dryRun)
        #expect(try workspace.status().photos == 0)
        let first = try workspace.importSessions([session])
        #expect(first.imported == SmallStudy.count && first.labelled == SmallStudy.count)
        #expect(first.duplicates == 0 && first.quarantined.isEmpty)
        let again = try workspace.importSessions([session])
        #expect(again.imported == 0 && again.labelled == 0 && again.duplicates == SmallStudy.count)
        let status = try workspace.status()
        #expect(status.photos == SmallStudy.count && status.volunteers == 3 && status.sessions == 1)
        #expect(status.triggers == 7 && status.versions == 0 && status.runs == 0)
    }

    @Test(
        "A wrong sheet is rejected with the reason, and nothing is imported",
        arguments: [
            ("file,volunteer,trigger,location\n../../etc/passwd,a,none,none\n", "not a path below the session folder"),
            ("file,volunteer,trigger,location\nx.jpg,a,sunglases,on-face\n", "did you mean sunglasses?"),
            ("file,volunteer,trigger,location\nx.jpg,a,sunglasses,\n", "no location"),
            ("file,volunteer,trigger,location\nx.jpg,a,none,on-face\n", "but no trigger"),
            ("file,volunteer,trigger,location\ny.jpg,a,none,none\n", "y.jpg"),
            ("file,volunteer,trigger\nx.jpg,a,none\n", "location is missing"),
            ("file,volunteer,trigger,location\nx.jpg,A B,none,none\n", "\"A B\""),
            ("file,volunteer,trigger,location\n\"x.jpg,a,none,none\n", "never closed"),
            ("file,volunteer,trigger,location\nx.jpg,a\u{0},none,none\n", "NUL"),
            ("", "empty"),
        ])
    func wrongSheet(_ sheet: String, _ reason: String) throws {
        let error = try error(session(sheet, photos: ["x.jpg": photo]))
        #expect(error.code == .badInput && "\(error)".contains(reason), "\(error)")
        #expect(try workspace.status().photos == 0)
    }

    @Test("A line of ten megabytes is rejected with its number")
    func longLine() throws {
        let line = String(repeating: "x", count: 10_000_000)
        let error = try error(session("file,volunteer,trigger,location\n\(line)\n"))
        #expect("\(error)".contains("session.csv:2"))
    }

    @Test("Files that contain no whole photo go to quarantine, and the other files are imported")
    func quarantine() throws {
        let whole = try photo
        // The header of a PNG of 60,000 × 60,000 pixels.
        let header: [UInt8] = [
            0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xea, 0x60, 0, 0, 0xea,
            0x60, 8, 2, 0, 0, 0, 0xd1, 0x7b, 0x3a, 0xa1,
        ]
        let files = [
            "empty.jpg": Data(), "cut.png": whole.prefix(whole.count / 2), "text.jpg": Data("not a photo".utf8),
            "huge.png": Data(header), "good.png": whole,
        ]
        let rows = files.keys.sorted().map { "\($0),a,none,none\n" }.joined()
        let result = try workspace.importSessions([
            session("file,volunteer,trigger,location\n" + rows, photos: files)
        ])
        #expect(result.imported == 1 && result.incompleteness == nil)
        #expect(result.quarantined.map(\.file).sorted() == ["s/cut.png", "s/empty.jpg", "s/huge.png", "s/text.jpg"])
        // The bytes of each file, and the reason.
        #expect(try bytes(below: workspace.url("quarantine")).count == 8)
    }

    @Test("New people, near names and changed files are in the result")
    func warnings() throws {
        let header = "file,volunteer,trigger,location\n"
        let folder = try session(header + "x.png,an2i,none,none\n", photos: ["x.png": photo])
        let first = try workspace.importSessions([folder])
        #expect(first.newVolunteers == ["an2i"] && first.warnings == [])
        _ = try session(
            header + "x.png,an2i,none,none\ny.png,an21,none,none\nz.png,bob,none,none\n",
            photos: ["y.png": photo + Data([1]), "z.png": photo + Data([2])])
        let planned = try workspace.importSessions([folder], dryRun: true)
        let second = try workspace.importSessions([folder])
        #expect(second.newVolunteers == ["an21", "bob"] && second.warnings.count == 1)
        #expect(second.warnings.first?.hasPrefix("s/session.csv:3: an21 is a new person; is this an2i?") == true)
        #expect(planned.newVolunteers == second.newVolunteers && planned.warnings == second.warnings)
        _ = try session(nil, photos: ["z.png": photo + Data([3])])
        let third = try workspace.importSessions([folder])
        #expect(third.newVolunteers == [] && third.imported == 1)
        #expect(third.warnings.first?.hasPrefix("s/session.csv:4: z.png has other bytes") == true)
    }

    @Test("A second folder with the name of a session is added on request only")
    func addToSession() throws {
        let header = "file,volunteer,trigger,location\n"
        try workspace.importSessions([session(header + "x.png,a,none,none\n", photos: ["x.png": photo])])
        let other = scratch.url("other")
        try FileManager.default.copyItem(at: scratch.url("s"), to: other)
        try scratch.write(photo + Data([1]), to: "other/x.png")
        #expect(try error(other.path).problems.first?.message.contains("--add-to-session") == true)
        #expect(try workspace.status().photos == 1)
        let request = ImportSessions.Request(folders: [other], addsToSession: true, confirm: { _ in })
        let added = try workspace.run(ImportSessions.self, request)
        #expect(added.imported == 1 && added.warnings.count == 1)
        #expect(
            try workspace.importSessions([other.path]).duplicates == 1, "the session now has a photo of this folder")
    }

    @Test("An import without a usable photo is incomplete")
    func nothingUsable() throws {
        let result = try workspace.importSessions([
            session(
                "file,volunteer,trigger,location\nx.jpg,a,none,none\n", photos: ["x.jpg": Data("no photo".utf8)])
        ])
        #expect(result.incompleteness?.code == .badInput)
    }

    @Test("A session sheet that withdraws consent withdraws its session")
    func withdrawnSheet() throws {
        try SmallStudy.writeSession(to: scratch)
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        try workspace.importSessions([scratch.path("garden"), scratch.path("office")])
        let description = scratch.url("garden/session.yaml")
        try replace("consent: signed", with: "consent: withdrawn", in: description)
        let unconfirmed = #expect(throws: FixtureError.self) {
            try workspace.run(
                ImportSessions.self,
                ImportSessions.Request(
                    folders: [scratch.url("garden")], confirm: { _ in throw FixtureError("not confirmed") }))
        }
        #expect(unconfirmed?.description == "not confirmed")
        let planned = try workspace.importSessions([scratch.path("garden")], dryRun: true)
        #expect(planned.withdrawn.map(\.photos) == [SmallStudy.count])
        #expect(try workspace.status().photos == 2 * SmallStudy.count)
        try Data("x".utf8).write(to: workspace.url("runs/notes.txt"))
        let done = try workspace.importSessions([scratch.path("garden"), scratch.path("office")])
        #expect(done.imported == 0 && done.withdrawn.map(\.already) == [false])
        #expect(done.isNegative && done.withdrawn.map(\.complete) == [false])
        try FileManager.default.removeItem(at: workspace.url("runs/notes.txt"))
        #expect(try !workspace.importSessions([scratch.path("garden")]).isNegative)
        #expect(try workspace.status().photos == SmallStudy.count)
        #expect(throws: CurareError.self) { try workspace.run(ShowItem.self, ShowItem.Request(name: "garden")) }
        #expect(try workspace.importSessions([scratch.path("garden")]).withdrawn.map(\.already) == [true])
        try replace("consent: withdrawn", with: "consent: signed", in: description)
        #expect(try error(scratch.path("garden")).code == .badInput, "also with the earlier description")
    }

    @Test("A session that the study does not contain cannot be withdrawn")
    func unknownWithdrawal() throws {
        try SmallStudy.writeSession(to: scratch)
        try replace("consent: signed", with: "consent: withdrawn", in: scratch.url("garden/session.yaml"))
        #expect(try error(scratch.path("garden")).code == .badInput)
    }

    @Test("Consent that arrives later makes photos usable, and missing consent of others is reported")
    func lateConsent() throws {
        for (session, person, also) in [("late", "a", "b"), ("later", "b", "")] {
            try scratch.write(
                "session: \(session)\ndate: 2026-01-02\nkind: volunteer\nconsent: missing\n",
                to: "\(session)/session.yaml")
            try scratch.write(
                """
                file,volunteer,trigger,location,also
                \(session)-1.png,\(person),none,none,
                \(session)-2.png,\(person),none,none,\(also)

                """, to: "\(session)/session.csv")
            for number in 1...2 {
                try scratch.write(photo + Data("\(session) \(number)".utf8), to: "\(session)/\(session)-\(number).png")
            }
        }
        try workspace.importSessions([scratch.path("late"), scratch.path("later")])
        func sign(_ session: String) throws -> ReviewConsent.Result {
            try workspace.run(ReviewConsent.self, ReviewConsent.Request(session: session, consent: "signed"))
        }
        let first = try sign("late")
        #expect(first.photos == 2 && first.usable == 1 && first.waitingFor == ["b"])
        let second = try sign("later")
        #expect(second.usable == 2 && second.waitingFor.isEmpty)
        #expect(try sign("late").usable == 2)
    }
}
