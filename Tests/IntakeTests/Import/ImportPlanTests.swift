import Core
import Foundation
import Intake
import Testing

/// Contradictions between a sheet, its folder and the catalog.
@Suite struct ImportPlanTests {
    @Test("A row without a file and a file without a row are problems") func rowsAndFiles() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent,
                sheet: ["img_1.png,a,none,none", "img_3.png,a,none,none", "far-away.tiff,a,none,none"],
                files: ["img_1.png": png(1), "img_2.png": png(2)])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: there is no file img_3.png, and img_2.png has no row; did you mean img_2.png?",
                    "s1/session.csv:4: there is no file far-away.tiff",
                ])
        }
    }

    @Test("A file name in another case is one problem, also when two files differ in case only") func otherCase()
        throws
    {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent,
                sheet: ["IMG_1.JPG,a,none,none", "Day/b.png,a,none,none", "c.png,a,none,none", "x.png,a,none,none"],
                files: [
                    "img_1.jpg": png(1), "day/B.PNG": png(2), "c.png": png(3), "C.png": png(4), "zebra.png": png(5),
                ])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:2: the row names IMG_1.JPG, but the file is img_1.jpg; write img_1.jpg",
                    "s1/session.csv:3: the row names Day/b.png, but the file is day/B.PNG; write day/B.PNG",
                    "s1/session.csv:5: there is no file x.png, and C.png has no row; did you mean C.png?",
                    "s1/zebra.png: the file has no row in session.csv",
                ])
        }
    }

    @Test("A file with two rows is a problem") func twoRows() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "a.png,a,none,none"], files: ["a.png": png(1)])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: a.png has two rows; the first is s1/session.csv:2. Delete one of the two rows"
                ])
        }
    }

    @Test("A file without a row is reported although other rows have problems") func fileWithoutRow() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,hat,on-face", "c.png,a,none,none,,"],
                files: ["a.png": png(1), "b.png": png(2), "c.png": png(3)])
            #expect(mkfifo(shoot.folder.appending(path: "pipe").path, 0o600) == 0)
            let problems = try study.problems(shoot)
            #expect(problems.map { String($0.prefix { $0 != " " }) } == ["s1/pipe:", "s1/session.csv:2:", "s1/b.png:"])
        }
    }

    @Test("Two files with the same bytes are one photo, and different labels of them are a problem")
    func duplicateFiles() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                files: ["a.png": png(1), "b.png": png(1)])
            #expect(try study.plan(shoot).map(\.duplicates) == [1])
            try shoot.sheet(["a.png,a,none,none", "b.png,b,none,none"])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: b.png is the same photo as a.png (s1/session.csv:2) with a different label: b without a trigger and a without a trigger"
                ])
            try shoot.sheet(["a.png,a,none,none", "b.png,a,dots,on-face"])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: b.png is the same photo as a.png (s1/session.csv:2) with a different label: a with dots on-face and a without a trigger"
                ])
            try shoot.sheet(["a.png,a,none,none,b", "b.png,a,none,none,c"], more: ",also")
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: b.png is the same photo as a.png (s1/session.csv:2) with different people in also"
                ])
        }
    }

    @Test("A different label than in an imported session is a problem") func labelOfOtherSession() throws {
        try Study.with { study in
            try study.run(Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)]))
            let second = try Shoot("s2", in: study.parent, sheet: ["x.png,b,none,none"], files: ["x.png": png(1)])
            #expect(
                try study.problems(second) == [
                    "s2/session.csv:2: x.png is a photo of session s1 with a different label: b without a trigger and a without a trigger"
                ])
            try second.sheet(["x.png,a,none,none"])
            let report = try study.run(second)
            #expect((report.imported, report.duplicates, report.labelled) == (0, 1, 0))
            #expect(try study.catalog.sessionPhotos(of: .sha256(of: png(1))).map(\.session.text) == ["s1", "s2"])
        }
    }

    @Test("Different labels in two sessions of one command are a problem") func labelsOfTwoSessions() throws {
        try Study.with { study in
            let first = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let second = try Shoot("s2", in: study.parent, sheet: ["x.png,b,none,none"], files: ["x.png": png(1)])
            #expect(
                try study.problems(first, second) == [
                    "s2/session.csv:2: x.png is a photo of session s1 with a different label: b without a trigger and a without a trigger"
                ])
            #expect(
                try study.problems(second, first) == [
                    "s1/session.csv:2: a.png is a photo of session s2 with a different label: a without a trigger and b without a trigger"
                ])
        }
    }

    @Test("A photo without a label in one session takes the label of another session") func labelFromOtherSession()
        throws
    {
        try Study.with { study in
            let first = try Shoot("s1", in: study.parent, sheet: ["a.png,,,"], files: ["a.png": png(1)])
            let second = try Shoot("s2", in: study.parent, sheet: ["x.png,a,dots,on-face"], files: ["x.png": png(1)])
            let third = try Shoot("s3", in: study.parent, sheet: ["y.png,b,none,none"], files: ["y.png": png(1)])
            #expect(try study.problems(first, second, third).count == 1)
            let report = try study.run(first, second)
            #expect((report.imported, report.labelled) == (1, 1))
            #expect(try study.fact(png(1))?.label == label("a", "dots", "on-face"))
        }
    }

    @Test("A volunteer of the other kind is a problem") func otherKind() throws {
        try Study.with { study in
            let volunteers = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let references = try Shoot(
                "s2", in: study.parent, kind: "reference", sheet: ["x.png,a,none,none"], files: ["x.png": png(2)])
            let message = "s2/session.csv:2: a is a volunteer in the catalog; this session has kind reference"
            #expect(try study.problems(volunteers, references) == [message])
            try study.run(volunteers)
            #expect(try study.problems(references) == [message])
            try volunteers.describe(kind: "reference")
            #expect(
                try study.problems(volunteers).first
                    == "s1/session.yaml: the catalog has this session with kind volunteer, the description has reference; the kind of a session cannot change"
            )
        }
    }

    @Test("Two folders with the same session name are a problem") func twoFolders() throws {
        try Study.with { study in
            let first = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let second = try Shoot("other", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(2)])
            try second.put("session: s1\ndate: 2026-05-03\nkind: volunteer\nconsent: signed\n", at: "session.yaml")
            #expect(
                try study.problems(first, second) == [
                    "other/session.yaml: the folder s1 is session s1 too; give each folder its own session name, or import the second one later with --add-to-session"
                ])
        }
    }

    @Test("A row with a backslash means a file in a folder, and a file name with a backslash is a problem")
    func backslashes() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["d\\a.png,a,none,none", "./b.png,a,none,none"],
                files: ["d/a.png": png(1), "b.png": png(2)])
            #expect(try study.run(shoot).imported == 2)
            #expect(try study.catalog.photos(in: SessionName("s1")!).map(\.file) == ["b.png", "d/a.png"])
            try shoot.put(png(3), at: "d\\c.png")
            #expect(
                try study.problems(shoot) == [
                    "s1/d\\c.png: the file has no row in session.csv; rename the file: its name contains a backslash"
                ])
        }
    }

    @Test("All problems of all sessions are reported, and nothing is stored") func allProblems() throws {
        try Study.with { study in
            let good = try Shoot("s0", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let bad = try Shoot(
                "s1", in: study.parent, sheet: ["b.png,b,hat,on-face", "c.png,b,none,none"], files: ["b.png": png(2)])
            let worse = try Shoot("s2", in: study.parent, consent: "perhaps", sheet: [])
            let none = try Shoot("s3", in: study.parent, sheet: [])
            try none.remove("session.yaml")
            let problems = try study.problems(good, bad, worse, none)
            #expect(problems.count == 4)
            for start in [
                "s1/session.csv:2: unknown trigger", "s1/session.csv:3: there is no file c.png",
                "s2/session.yaml:4: consent:", "\(none.folder.path): the session folder has no",
            ] {
                #expect(problems.contains { $0.hasPrefix(start) }, "\(start) in \(problems)")
            }
            #expect(try study.catalog.counts().sessions == 0)
            #expect(study.files(below: study.workspace.photos) == [])
        }
    }

    /// Each search compares all names of the folder. The names in the sheet differ from those on disk.
    @Test("A similar name is searched for the first hundred missing files only") func manyMissingFiles() throws {
        try Study.with { study in
            let numbers = 10_000..<12_000
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: numbers.map { "2026-05-03/IMG_\($0).jpeg,a,none,none" },
                files: Dictionary(uniqueKeysWithValues: numbers.map { ("2026-05-03/IMG_\($0).jpg", []) }))
            let problems = try study.problems(shoot)
            #expect(problems.count == 2_000 + 1_900)
            #expect(problems.count { $0.contains("; did you mean ") } == 100)
            #expect(
                problems.first
                    == """
                    s1/session.csv:2: there is no file 2026-05-03/IMG_10000.jpeg, and 2026-05-03/IMG_10000.jpg has no row; \
                    did you mean 2026-05-03/IMG_10000.jpg?
                    """)
        }
    }

    @Test("The case of file names needs no search") func manyOtherCases() throws {
        try Study.with { study in
            let numbers = 0..<500
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: numbers.map { "IMG_\($0).JPG,a,none,none" },
                files: Dictionary(uniqueKeysWithValues: numbers.map { ("IMG_\($0).jpg", []) }))
            let problems = try study.problems(shoot)
            #expect(problems.count == 500 && problems.allSatisfy { $0.contains(", but the file is ") })
        }
    }
}
