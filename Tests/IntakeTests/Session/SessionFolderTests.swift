import Core
import Foundation
import Intake
import Testing

/// What may lie in a session's folder beside photos.
@Suite struct SessionFolderTests {
    @Test(.timeLimit(.minutes(1))) func aPipeIsSaidToBeOneAndNobodyWaitsForIt() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            #expect(mkfifo(shoot.folder.appending(path: "pipe.jpg").path, 0o600) == 0)
            #expect(try study.problems(shoot) == ["s1/pipe.jpg: it is no regular file"])
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["session.csv", "session.yaml"]) func aPipeForASheetIsRefused(
        _ name: String
    ) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try shoot.remove(name)
            #expect(mkfifo(shoot.folder.appending(path: name).path, 0o600) == 0)
            let refusal = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(refusal?.message == "this is not a regular file of the session")
        }
    }

    @Test func aLinkThatLeadsOutIsRefusedAndOneThatStaysIsAFile() throws {
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
                        "s1/\(name): it is a link that leads out of the session's folder; copy the file itself there"),
                    "\(name)")
            }
            #expect(problems.contains { $0.hasPrefix("s1/around.png: it ") })
            #expect(problems.contains { $0.hasPrefix("s1/nothing.png: it is a link to nothing") })
            #expect(problems.count == 5)
        }
    }

    @Test(arguments: ["session.csv", "session.yaml"]) func aSheetThatIsALinkOutOfTheFolderIsNotRead(_ name: String)
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

    @Test func hiddenFilesAndWhatFileBrowsersLeaveArePassedOver() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            for path in [".DS_Store", "._a.png", ".git/config", "d/.hidden/x.png", "Thumbs.db", "d/desktop.ini"] {
                try shoot.put("x", at: path)
            }
            #expect(try study.run(shoot).imported == 1)
        }
    }

    /// A Mac may write é as two code points where a spreadsheet writes one.
    @Test func aNameMayBeSpelledInOtherCodePointsThanTheSheets() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["caf\u{e9}.png,a,none,none"], files: ["cafe\u{301}.png": png(1)])
            let report = try study.run(shoot)
            #expect(report.imported == 1)
            #expect(report.quarantined == [])
            try shoot.put(png(2), at: "caf\u{e9}.png")
            #expect(
                try study.problems(shoot) == [
                    "s1/caf\u{e9}.png: another file has the same name in other code points; rename one of them"
                ])
        }
    }

    @Test func aNameThatIsNoTextIsAnswered() throws {
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

    @Test func aFolderOrADescriptionThatIsNotThereIsMissingInput() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: [])
            try shoot.remove("session.yaml")
            let refusal1 = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(refusal1?.code == .missingInput)
            try FileManager.default.removeItem(at: shoot.folder)
            let refusal2 = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(refusal2?.code == .missingInput)
            try Data().write(to: shoot.folder)
            let refusal3 = #expect(throws: CurareError.self) { try study.plan(shoot) }
            #expect(refusal3?.code == .missingInput)
        }
    }

    @Test func aFolderSaysWhichSessionIsWithdrawn() throws {
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

    @Test func withdrawnConsentIsRefusedAndMissingConsentIsStored() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, consent: "withdrawn", sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            let refusal = #expect(throws: CurareError.self) { try study.run(shoot) }
            #expect(refusal?.message == "the consent to this session was withdrawn: none of it is stored")
            #expect(try study.catalog.tally().sessions == 0)
            try shoot.describe(consent: "missing")
            try study.run(shoot)
            #expect(try study.catalog.facts().map(\.consented) == [false])
        }
    }

    @Test func foldersSayWhatASheetWould() throws {
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

    @Test func foldersThatDoNotSayItAreNamedAllAtOnce() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil,
                files: [
                    "1.png": png(1), "a/2.png": png(2), "a/dots/3.png": png(3), "A/none/4.png": png(4),
                    "a/hat/on-face/5.png": png(5), "a/dots/on-face/more/6.png": png(6),
                ])
            let problems = try study.problems(shoot)
            #expect(problems.count == 6)
            #expect(
                problems.contains(
                    "s1/1.png: there is no session.csv, and the path is not VOLUNTEER/TRIGGER[/LOCATION]/file"))
            #expect(problems.contains("s1/a/dots/3.png: the trigger dots has no location; write on-face or off-face"))
        }
    }
}
