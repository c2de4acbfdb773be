import Core
import Foundation
import Testing

@testable import Intake

@Suite struct SessionDescriptionTests {
    private func read(_ yaml: String) throws -> Session {
        try SessionDescription.read(Array(yaml.utf8), file: "s1/session.yaml")
    }

    private static func yaml(
        session: String = "s1", date: String = "2026-05-03", kind: String = "volunteer", consent: String = "signed",
        more: String = ""
    ) -> String {
        "session: \(session)\ndate: \(date)\nkind: \(kind)\nconsent: \(consent)\n\(more)"
    }

    @Test("The values of a description are read as written") func values() throws {
        let session = try read(
            Self.yaml(
                session: "007", date: "2024-02-29", kind: "reference", consent: "public-dataset",
                more: "photographer: on\ncamera: \"Model: X\"\nplace: Göttingen\n"))
        #expect(
            session
                == Session(
                    name: SessionName("007")!, date: "2024-02-29", kind: .reference, consent: .publicDataset,
                    photographer: "on", camera: "Model: X", place: "Göttingen"))
        #expect(try read(Self.yaml(consent: "missing")).consent == .missing)
        #expect(try read(Self.yaml(consent: "withdrawn")).consent == .withdrawn)
    }

    @Test(
        "A date that does not exist or has another format is a problem",
        arguments: [
            "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1", "26-01-01",
            "03.05.2026", "2026-05-3x", "2026/05/03",
            "2026-+1-01", "+026-01-01", "2026--1-01", "1700-01-01", "2026-05-03T10:00", "٢٠٢٦-٠٥-٠٣", "\"\"",
        ])
    func wrongDates(_ date: String) {
        let error = #expect(throws: CurareError.self) { try read(Self.yaml(date: date)) }
        #expect(error?.problems.map(\.location) == ["s1/session.yaml:2"])
        #expect(error?.problems.first?.message.hasPrefix("date: ") == true)
        #expect(error?.problems.first?.message.hasSuffix("is not a date. Write YYYY-MM-DD") == true)
    }

    @Test(
        "A problem of a value contains its key and line",
        arguments: [
            (yaml(session: "S1"), "s1/session.yaml:1: session: \"S1\" is not a name: a name starts with"),
            (yaml(session: "../x"), "s1/session.yaml:1: session: \"../x\" is not a name"),
            (yaml(session: "[s1]"), "s1/session.yaml:1: session: a single value belongs here"),
            (
                yaml(kind: "volunter"),
                "s1/session.yaml:3: kind: \"volunter\" is unknown; did you mean volunteer? Allowed: volunteer, reference"
            ),
            (
                yaml(consent: "yes"),
                "s1/session.yaml:4: consent: \"yes\" is unknown. Allowed: signed, public-dataset, missing, withdrawn"
            ),
            (yaml(consent: "Signed"), "s1/session.yaml:4: consent: \"Signed\" is unknown"),
            (yaml(more: "photograper: x\n"), "s1/session.yaml:5: photograper: unknown key; did you mean photographer?"),
            (yaml(more: "place: [a]\n"), "s1/session.yaml:5: place: a single value belongs here"),
            (
                yaml(more: "place: \"a\\nb\"\n"),
                "s1/session.yaml:5: place: the text must be one line of at most 200 bytes"
            ),
            (
                yaml(more: "camera: \(String(repeating: "x", count: 201))\n"),
                "s1/session.yaml:5: camera: the text must be one line of at most 200 bytes"
            ),
            (
                yaml(more: "place: \"a\\e[31m\"\n"),
                "s1/session.yaml:5: place: the text contains the control character \\u001b; remove the character"
            ),
            (
                yaml(more: "place: \"a\\tb\"\n"),
                "s1/session.yaml:5: place: the text contains the control character \\t; remove the character"
            ),
            ("date: 2026-05-03\nkind: volunteer\nconsent: signed", "s1/session.yaml:1: the key session is missing"),
            (
                "[a]",
                "s1/session.yaml:1: a mapping with session, date, kind, consent, photographer, camera, place belongs here"
            ),
        ])
    func wrongValues(_ yaml: String, _ message: String) {
        let error = #expect(throws: CurareError.self) { try read(yaml) }
        #expect(error?.code == .badInput)
        #expect(
            error?.problems.contains { $0.description.hasPrefix(message) } == true, "\(String(describing: error))")
    }

    @Test("All problems of a description are reported") func allProblems() {
        let error = #expect(throws: CurareError.self) { try read("date: tomorrow\nkind: pet\nhat: x\n") }
        #expect(
            error?.problems.map(\.location).sorted() == [
                "s1/session.yaml:1", "s1/session.yaml:1", "s1/session.yaml:1", "s1/session.yaml:2", "s1/session.yaml:3",
            ])
    }
}

/// Sessions with and without a sheet, and sessions with withdrawn consent.
@Suite struct SessionSourceTests {
    @Test("A missing folder or description is missing input") func missing() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: [])
            try shoot.remove("session.yaml")
            let noSheetFile = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(noSheetFile?.code == .missingInput)
            try FileManager.default.removeItem(at: shoot.folder)
            let noDescription = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(noDescription?.code == .missingInput)
            try Data().write(to: shoot.folder)
            let noFolder = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(noFolder?.code == .missingInput)
        }
    }

    @Test(
        "A description with another name is named",
        arguments: [
            "session.yml", "session.yaml.txt", "session.yml.txt", "Session.yaml", "SESSION.YML", "sessions.yaml",
            "session.yaml.yaml", "sesion.yml",
        ])
    func misnamedDescription(_ name: String) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try shoot.remove("session.yaml")
            try shoot.put("session: s1\n", at: name)
            let error = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(error?.code == .missingInput)
            #expect(error?.message == "the session folder has no session.yaml, but it has \(name)")
            #expect(error?.nextStep == "rename \(name) to session.yaml")
        }
    }

    @Test("A folder that contains session folders is named as such") func parentOfSessions() throws {
        try Study.with { study in
            let parent = study.parent.appending(path: "sessions")
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: false)
            let shoot = try Shoot("s1", in: parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let error = #expect(throws: CurareError.self) {
                try SessionSource(shoot.folder.deletingLastPathComponent(), triggers: [])
            }
            #expect(error?.code == .missingInput)
            #expect(error?.message == "this folder contains a session folder, and is not a session folder")
            #expect(error?.nextStep == "import all of them with: curare import \(parent.path)/*")
            _ = try Shoot("s2", in: parent, sheet: ["b.png,a,none,none"], files: ["b.png": png(2)])
            let above = #expect(throws: CurareError.self) {
                try SessionSource(parent.deletingLastPathComponent(), triggers: [])
            }
            #expect(above?.location == parent.path, "the folder below is named")
            #expect(above?.nextStep == "import all of them with: curare import \(parent.path)/*")
            func current() -> CurareError? {
                #expect(throws: CurareError.self) { try SessionSource(parent, triggers: []) }
            }
            #expect(current()?.message == "this folder contains 2 session folders, and is not a session folder")
            // A pattern that ends in a slash leaves out files.
            try Data().write(to: parent.appending(path: "notes.txt"))
            #expect(current()?.nextStep == "import all of them with: curare import \(parent.path)/*/")
            try FileManager.default.createDirectory(
                at: parent.appending(path: "other"), withIntermediateDirectories: false)
            #expect(
                current()?.nextStep
                    == "import the session folders only, such as: curare import \(parent.path)/s1 \(parent.path)/s2"
            )
        }
    }

    @Test("The steps of several wrong folders are reported too") func severalWrongFolders() throws {
        try Study.with { study in
            let one = try Shoot("s1", in: study.parent, sheet: [])
            let two = try Shoot("s2", in: study.parent, sheet: [])
            for shoot in [one, two] { try shoot.remove("session.yaml") }
            #expect(
                try study.problems(one, two).allSatisfy {
                    $0.contains("has no session.yaml; write session.yaml with four lines")
                })
        }
    }

    @Test(
        "A sheet with another name is named, and folder names are not read as labels",
        arguments: [
            ("Session.csv", "rename"), ("session.CSV", "rename"), ("session.csv.txt", "rename"),
            ("sessions.csv", "rename"), ("session.csv.csv", "rename"), ("session.tsv", "rename"),
            ("session.xlsx", "save"), ("Session.ods", "save"),
        ])
    func misnamedSheet(_ name: String, _ step: String) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: nil, files: ["a/none/1.png": png(1)])
            #expect(try study.plan(shoot).map(\.photosToRead) == [1])
            try shoot.put("x", at: name)
            let error = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(error?.code == .missingInput)
            #expect(error?.message == "the session folder has no session.csv, but it has \(name)")
            #expect(error?.nextStep?.hasPrefix("\(step) \(name) ") == true)
        }
    }

    @Test("A folder with withdrawn consent is recognized") func withdrawnSession() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, consent: "withdrawn", sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            #expect(WithdrawnSession.name(in: shoot.folder) == SessionName("s1")!)
            for consent in ["signed", "yes"] {
                try shoot.describe(consent: consent)
                #expect(WithdrawnSession.name(in: shoot.folder) == nil)
            }
            #expect(
                WithdrawnSession.name(in: study.parent) == nil
                    && WithdrawnSession.name(in: study.parent.appending(path: "nowhere")) == nil)
        }
    }

    @Test("A session with withdrawn consent is rejected, and one with missing consent is stored") func consent() throws
    {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, consent: "withdrawn", sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let error = #expect(throws: CurareError.self) { try study.run(shoot) }
            #expect(error?.message == "the consent to this session was withdrawn; nothing of the session is imported")
            #expect(try study.catalog.counts().sessions == 0)
            try shoot.describe(consent: "missing")
            try study.run(shoot)
            #expect(try study.catalog.facts().map(\.consented) == [false])
        }
    }

    @Test("Without a sheet, the folder names are the labels") func folderNames() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil,
                files: [
                    "a/none/1.png": png(1), "a/sunglasses/on-face/2.png": png(2),
                    "on/bandana+dots/off-face+on-face/3.png": png(3),
                ])
            try study.run(shoot)
            #expect(try study.fact(png(1))?.label == label("a"))
            #expect(try study.fact(png(2))?.label == label("a", "sunglasses", "on-face"))
            #expect(try study.fact(png(3))?.label == label("on", "bandana+dots", "off-face+on-face"))
        }
    }

    @Test("A session without a sheet and without folders is one problem", arguments: [1, 3])
    func missingSheet(_ count: Int) throws {
        try Study.with { study in
            let files = (1...count).map { ("\($0).png", png($0)) }
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil, files: Dictionary(uniqueKeysWithValues: files))
            let problems = try study.problems(shoot)
            #expect(problems.count == 1)
            #expect(
                problems[0].contains(
                    count == 1 ? "the file 1.png is not in a folder" : "none of the 3 files is in a folder"))
        }
    }

    @Test("All paths that are not labels are reported") func wrongFolderNames() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil,
                files: [
                    "1.png": png(1), "a/2.png": png(2), "a/dots/3.png": png(3), "A/none/4.png": png(4),
                    "a/hat/on-face/5.png": png(5), "a/dots/on-face/more/6.png": png(6),
                ])
            let problems = try study.problems(shoot)
            #expect(problems.count == 4)
            #expect(
                problems.first
                    == """
                    s1: there is no session.csv, and 3 of 6 files, such as 1.png, are not in a folder \
                    VOLUNTEER/TRIGGER[/LOCATION]; write session.csv with the line file,volunteer,trigger,location and a \
                    line for each photo, such as 1.png,ada,none,none
                    """)
            #expect(problems.contains("s1/a/dots/3.png: the trigger dots has no location; write on-face or off-face"))
        }
    }
}
