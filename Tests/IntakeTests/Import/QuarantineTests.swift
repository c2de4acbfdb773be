import Core
import Foundation
import Imaging
import Intake
import Testing

/// Each damaged file is quarantined with its reason. The other files are imported.
@Suite struct QuarantineTests {
    private static let names = ["cut.jpg", "empty.jpg", "huge.pnm", "text.jpg"]

    private func damaged(in study: Study) throws -> Shoot {
        let whole = try picture(1, width: 64, height: 64).encoded(as: .jpeg)
        return try Shoot(
            "s1", in: study.parent, sheet: (Self.names + ["good.png"]).map { "\($0),a,none,none" },
            files: [
                "cut.jpg": Array(whole.prefix(whole.count / 2)), "empty.jpg": [],
                "text.jpg": Array("I am no photo.".utf8), "huge.pnm": Array("P6\n60000 60000\n255\n".utf8),
                "good.png": png(2),
            ])
    }

    private func notes(_ study: Study) throws -> [String: String] {
        let folder = study.workspace.quarantine.appending(path: "s1")
        var notes: [String: String] = [:]
        for file in study.files(below: folder) where file.hasSuffix(".json") {
            let note = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: file))) as? [String: Any]
            )
            #expect(note["format"] as? String == "curare-quarantine-1")
            #expect(note["session"] as? String == "s1")
            #expect(note["people"] as? [String] == ["a"])
            notes[note["file"] as? String ?? ""] = note["reason"] as? String
        }
        return notes
    }

    @Test("Each damaged file is quarantined with its reason, and the other files are imported") func damages() throws {
        try Study.with { study in
            let report = try study.run(damaged(in: study))
            #expect(report.imported == 1)
            #expect(report.quarantined.map(\.file) == Self.names.map { "s1/\($0)" })
            let reasons = report.quarantined.map { String($0.reason.prefix { $0 != ":" }) }
            #expect(reasons == ["damaged", "empty", "too-many-pixels", "not-a-photo"])
            #expect(
                try notes(study) == Dictionary(uniqueKeysWithValues: zip(Self.names, report.quarantined.map(\.reason))))
            let kept = study.workspace.quarantine.appending(
                path: "s1/\(FileDigest.sha256(of: "text.jpg".utf8).hex).bytes")
            #expect(try Data(contentsOf: kept) == Data("I am no photo.".utf8))
            #expect(try FileManager.default.attributesOfItem(atPath: kept.path)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("A photo whose box extends outside is rejected, and none of its files is kept") func boxOutside() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none,0 0 4 3", "b.png,a,none,none,2 0 99 3"],
                more: ",box", files: ["a.png": png(1), "b.png": png(2)])
            let report = try study.run(shoot)
            #expect(report.imported == 1)
            #expect(report.quarantined.map { String($0.reason.prefix { $0 != ":" }) } == ["box-outside"])
            #expect(study.files(below: study.workspace.photos).count == 1)
        }
    }

    @Test("A session without a usable photo is not stored") func noUsablePhoto() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": []])
            #expect(try study.run(shoot).imported == 0)
            #expect(try study.catalog.sessions().isEmpty && study.catalog.volunteers().isEmpty)
        }
    }

    @Test("A file is removed from quarantine once its replacement is imported") func replacedFile() throws {
        try Study.with { study in
            let shoot = try damaged(in: study)
            try study.run(shoot)
            try shoot.put(png(3), at: "text.jpg")
            let second = try study.run(shoot)
            #expect((second.imported, second.duplicates, second.quarantined.count) == (1, 1, 3))
            #expect(try notes(study).keys.sorted() == ["cut.jpg", "empty.jpg", "huge.pnm"])
            // A duplicate of an imported photo removes the file from quarantine too.
            for name in ["cut.jpg", "empty.jpg", "huge.pnm"] { try shoot.put(png(2), at: name) }
            let third = try study.run(shoot)
            #expect((third.imported, third.duplicates, third.quarantined.count) == (0, 5, 0))
            #expect(study.files(below: study.workspace.quarantine) == [])
        }
    }

    @Test("A file that changes during the import is imported the next time") func changingFile() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                files: ["a.png": png(1), "b.png": png(2)])
            let plans = try study.plan(shoot)
            try shoot.put(png(3), at: "a.png")
            try shoot.remove("b.png")
            let report = try Importer(
                study.workspace, study.catalog, threads: ThreadBudget(2), limits: DecodingLimits()
            ) {
                ""
            }.run(plans, .none) { _ in }
            #expect(report.imported == 0)
            #expect(report.quarantined.map { String($0.reason.prefix { $0 != ":" }) } == ["changed", "unreadable"])
            try shoot.put(png(2), at: "b.png")
            #expect(try study.run(shoot).imported == 2)
            #expect(study.files(below: study.workspace.quarantine) == [])
        }
    }

    @Test("The report lists the file when no photo is usable") func report() throws {
        try Study.with { study in
            let report = try study.run(
                Shoot("s1", in: study.parent, sheet: ["a.jpg,a,none,none"], files: ["a.jpg": []]))
            #expect((report.imported, report.duplicates, report.quarantined.count) == (0, 0, 1))
            #expect(try study.catalog.counts().photos == 0)
        }
    }

    @Test("A photo above the limits is quarantined, and imported with higher limits") func limits() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                files: ["a.png": png(1), "b.png": try picture(2, width: 400, height: 300).png()])
            let pixels = try study.run(shoot, limits: DecodingLimits(pixels: 400))
            #expect(pixels.quarantined.map(\.file) == ["s1/b.png"])
            #expect(pixels.quarantined.first?.reason.hasPrefix("too-many-pixels:") == true)
            let bytes = try study.run(shoot, limits: DecodingLimits(bytes: 10_000))
            #expect(bytes.quarantined.first?.reason.hasPrefix("too-many-bytes:") == true)
            #expect(try study.run(shoot).imported == 1)
            #expect(study.files(below: study.workspace.quarantine) == [])
        }
    }

    /// No file name may lead outside the quarantine.
    @Test("File names with special characters are stored as text in the note") func unusualFileName() throws {
        try Study.with { study in
            let name = "d/;rm -rf \"x\"\n$(id).jpg"
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["\"d/;rm -rf \"\"x\"\"\n$(id).jpg\",a,none,none"], files: [name: []])
            try study.run(shoot)
            #expect(try notes(study).keys.sorted() == [name])
        }
    }

    @Test("A folder in place of a note or a copy counts as damage", arguments: ["ab.bytes", "ab.json"])
    func folderInsteadOfFile(_ name: String) throws {
        try Study.with { study in
            let folder = study.workspace.quarantine.appending(path: "s1/\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = try #require(QuarantinedFile.all(in: study.workspace).first)
            #expect(file.isDamaged && file.digest == nil && file.people == nil)
            #expect(file.paths == ["quarantine/s1/\(name)"])
        }
    }

    @Test("A note of another file, another session, another format or without people is damaged") func wrongNote()
        throws
    {
        try Study.with { study in
            try study.run(Shoot("s1", in: study.parent, sheet: ["b.png,a,none,none"], files: ["b.png": []]))
            let file = try #require(QuarantinedFile.all(in: study.workspace).first)
            #expect(!file.isDamaged && file.people == ["a"])
            let note = study.workspace.root.appending(path: file.paths[0])
            let text = try String(contentsOf: note, encoding: .utf8)
            for (old, new) in [
                ("b.png", "c.png"), ("\"s1\"", "\"s2\""), ("quarantine-1", "quarantine-2"), ("people", "peopel"),
                ("{", ""),
            ] {
                #expect(text.contains(old))
                try Data(text.replacing(old, with: new).utf8).write(to: note)
                #expect(try QuarantinedFile.all(in: study.workspace).map(\.isDamaged) == [true], "\(new)")
            }
        }
    }

    @Test("Files that do not belong to a session in quarantine are ignored") func otherFiles() throws {
        try Study.with { study in
            try Data("x".utf8).write(to: study.workspace.quarantine.appending(path: "notes.txt"))
            #expect(try QuarantinedFile.all(in: study.workspace).isEmpty)
        }
    }
}
