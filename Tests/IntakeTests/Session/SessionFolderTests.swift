import Core
import Foundation
import Imaging
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

    @Test(
        "A folder without a file that can be a photo is an error",
        arguments: [
            ([], ""), (["clip.mov"], "; its other file is a clip or a sidecar file, which is skipped"),
            (["clip.mov", "a/x.xmp"], "; its 2 other files are clips or sidecar files, which are skipped"),
        ])
    func noPhotos(_ files: [String], _ end: String) throws {
        try Study.with { study in
            for sheet in [nil, []] as [[String]?] {
                let shoot = try Shoot("s1", in: study.parent, sheet: sheet)
                for file in files { try shoot.put("x", at: file) }
                let error = #expect(throws: CurareError.self) { try study.plan(shoot) }
                #expect(error?.code == .missingInput && error?.message == "the session folder has no photos\(end)")
                #expect(error?.location == shoot.folder.path)
                #expect(error?.nextStep == "copy the photos into this folder, then run the command again")
                try FileManager.default.removeItem(at: shoot.folder)
            }
            // Files that turn out to be no photos, and photos of the catalog, are no error of the folder.
            let damaged = try Shoot("s2", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": [1, 2]])
            #expect(try study.run(damaged).quarantined.count == 1)
            let good = try Shoot("s3", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            #expect(try study.run(good).imported == 1 && study.run(good).duplicates == 1)
            // A sheet that names missing files has its own message.
            let lost = try Shoot("s4", in: study.parent, sheet: ["a.png,a,none,none"])
            #expect(try study.problems(lost) == ["s4/session.csv:2: there is no file a.png"])
        }
    }

    @Test(
        "A file in place of a session folder is named as a file",
        arguments: [("s1/session.yaml", true), ("s1/a.png", true), ("x/b.JPG", true), ("x/notes.txt", false)])
    func fileInsteadOfFolder(_ path: String, _ isInSession: Bool) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: [], files: ["a.png": png(1)])
            let file = study.parent.appending(path: path)
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: file.path) { try Data("x".utf8).write(to: file) }
            let error = #expect(throws: CurareError.self) {
                try ImportPlanner(study.catalog, limits: DecodingLimits()).plan([file])
            }
            #expect(error?.code == .missingInput && error?.message == "this is a file, and not a session folder")
            #expect(error?.location == file.path)
            #expect(
                error?.nextStep
                    == (isInSession
                        ? "name the folder that holds the file: \(folder.path)"
                        : "name the folder that contains the photos and session.yaml"))
            withExtendedLifetime(shoot) {}
        }
    }

    @Test("A session folder of another case is named") func otherCase() throws {
        try Study.with { study in
            let shoot = try Shoot("Spring", in: study.parent, sheet: [], files: ["a.png": png(1)])
            let other = study.parent.appending(path: "spring")
            let error = #expect(throws: CurareError.self) {
                try ImportPlanner(study.catalog, limits: DecodingLimits()).plan([other])
            }
            #expect(error?.code == .missingInput && error?.nextStep == "did you mean \(shoot.folder.path)?")
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

    /// Creates an empty file whose name need not be UTF-8.
    private func create(_ name: [UInt8], in folder: URL) {
        let path = Array(folder.path.utf8) + [UInt8(ascii: "/")] + name + [0]
        let descriptor = path.withUnsafeBytes {
            open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_WRONLY | O_CREAT, 0o600)
        }
        #expect(descriptor >= 0)
        close(descriptor)
    }

    @Test("A file name that is not UTF-8 is a problem, and its bytes are shown") func invalidName() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["d/a.png": png(1)])
            try shoot.sheet(["d/a.png,a,none,none"])
            create(Array("b".utf8) + [0xff, 0x1b] + Array(".png".utf8), in: shoot.folder.appending(path: "d"))
            #expect(
                try study.problems(shoot) == [
                    "s1/d/b\\xff\\x1b.png: the name is not UTF-8; rename the file, and write the new name in session.csv"
                ])
        }
    }

    @Test("A file name with control characters is imported and reported, and the characters are escaped")
    func controlCharacters() throws {
        try Study.with { study in
            let names = ["b\u{1b}[2J.png", "d\n/c.png", "e\u{9b}.png"]
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: names.map { "\"\($0)\",a,none,none" },
                files: Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, png($0)) }))
            let reason = "the name contains control characters, shown here as escapes"
            #expect(
                try study.plan(shoot).flatMap(\.warnings) == [
                    "s1/b\\u001b[2J.png: \(reason)", "s1/d\\n/c.png: \(reason)", "s1/e\\u009b.png: \(reason)",
                ])
            #expect(try study.run(shoot).imported == 3)
            #expect(try study.catalog.photos(in: SessionName("s1")!).map(\.file) == names)
        }
    }

    /// Chat programs write such marks into file names.
    @Test("A file name with marks of the writing direction is a file like others") func directionMarks() throws {
        try Study.with { study in
            let name = "\u{200e}photo\u{2069}.png"
            let shoot = try Shoot("s1", in: study.parent, sheet: ["\(name),a,none,none"], files: [name: png(1)])
            #expect(try study.run(shoot).imported == 1)
        }
    }

    @Test("A session folder that is a symbolic link is followed") func linkedFolder() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "d/b.png,a,none,none"],
                files: ["a.png": png(1), "d/b.png": png(2)])
            let link = study.parent.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: shoot.folder)
            let twice = study.parent.appending(path: "twice")
            try FileManager.default.createSymbolicLink(at: twice, withDestinationURL: link)
            let planner = ImportPlanner(study.catalog, threads: ThreadBudget(1), limits: DecodingLimits())
            for folder in [link, twice, URL(filePath: link.path + "/")] {
                #expect(try planner.plan([folder]).map(\.photosToRead) == [2], "\(folder)")
            }
            try shoot.sheet(["a.png,a,none,none"])
            let error = #expect(throws: CurareError.self) { try planner.plan([link]) }
            #expect(error?.problems.map(\.location) == ["link/d/b.png"])
            try FileManager.default.removeItem(at: shoot.folder)
            let dangling = #expect(throws: CurareError.self) { try planner.plan([link]) }
            #expect(dangling?.code == .missingInput)
        }
    }
}
