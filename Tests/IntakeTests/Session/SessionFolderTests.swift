import Core
import Foundation
import Intake
import Testing

/// The files of a session folder.
@Suite struct SessionFolderTests {
    @Test("A pipe is a problem, and the import does not wait for it", .timeLimit(.minutes(1))) func pipe() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            #expect(mkfifo(shoot.folder.appending(path: "pipe.jpg").path, 0o600) == 0)
            #expect(try study.problems(shoot) == ["s1/pipe.jpg: not a regular file; remove it from the session folder"])
        }
    }

    @Test(
        "A pipe in place of the sheet or the description is rejected", .timeLimit(.minutes(1)),
        arguments: ["session.csv", "session.yaml"]) func pipeAsSheet(
            _ name: String
        ) throws
    {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try shoot.remove(name)
            #expect(mkfifo(shoot.folder.appending(path: name).path, 0o600) == 0)
            let error = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(error?.message == "\(name) is not a regular file of the session folder")
        }
    }

    @Test("A link inside the folder is a file, and a link to a file outside is a problem") func links() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"], files: ["a.png": png(1)])
            try Data(png(2)).write(to: study.parent.appending(path: "secret.png"))
            func link(_ name: String, to target: String) throws {
                try FileManager.default.createSymbolicLink(
                    atPath: shoot.folder.appending(path: name).path, withDestinationPath: target)
            }
            try link("b.png", to: "a.png")
            #expect(try study.plan(shoot).map(\.duplicates) == [1])
            try link("out.png", to: "../secret.png")
            try link("absolute.png", to: study.parent.appending(path: "secret.png").path)
            try link("nothing.png", to: "none.png")
            try link("around.png", to: "around.png")
            try link("outside", to: "..")
            let problems = try study.problems(shoot)
            for name in ["absolute.png", "out.png", "outside"] {
                #expect(
                    problems.contains(
                        "s1/\(name): symbolic link to a file outside the session folder; copy the file itself into the folder"
                    ),
                    "\(name)")
            }
            #expect(problems.contains { $0.hasPrefix("s1/around.png: ") })
            #expect(problems.contains { $0.hasPrefix("s1/nothing.png: symbolic link to a file that does not exist") })
            #expect(problems.count == 5)
        }
    }

    @Test(
        "A sheet or description that is a link to a file outside is rejected",
        arguments: ["session.csv", "session.yaml"]) func linkedSheet(_ name: String)
        throws
    {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try FileManager.default.moveItem(
                at: shoot.folder.appending(path: name), to: study.parent.appending(path: name))
            try FileManager.default.createSymbolicLink(
                atPath: shoot.folder.appending(path: name).path, withDestinationPath: "../\(name)")
            #expect(throws: CurareError.self) { try study.plan(shoot) }
        }
    }

    @Test("Hidden files and files of file browsers are skipped") func hiddenFiles() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            for path in [".DS_Store", "._a.png", ".git/config", "d/.hidden/x.png", "Thumbs.db", "d/desktop.ini"] {
                try shoot.put("x", at: path)
            }
            #expect(try study.run(shoot).imported == 1)
        }
    }

    /// macOS can write é as two code points, and a spreadsheet as one.
    @Test("The sheet may write a file name in other Unicode code points") func codePoints() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["caf\u{e9}.png,a,none,none"], files: ["cafe\u{301}.png": png(1)])
            let report = try study.run(shoot)
            #expect(report.imported == 1)
            #expect(report.quarantined == [])
            try shoot.put(png(2), at: "caf\u{e9}.png")
            #expect(
                try study.problems(shoot) == [
                    "s1/caf\u{e9}.png: another file has the same name in different Unicode code points; rename one of the two files"
                ])
        }
    }

    @Test("A file name that is not UTF-8 is a problem") func invalidName() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let path = Array(shoot.folder.path.utf8) + Array("/b".utf8) + [0xff, 0xfe] + Array(".png".utf8) + [0]
            let descriptor = path.withUnsafeBytes {
                open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_WRONLY | O_CREAT, 0o600)
            }
            #expect(descriptor >= 0)
            close(descriptor)
            #expect(try study.problems(shoot).count == 1)
        }
    }
}
