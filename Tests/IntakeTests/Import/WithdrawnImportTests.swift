import Catalog
import Core
import Foundation
import Testing

@testable import Intake

/// Imports of withdrawn photos, people and sessions.
@Suite struct WithdrawnImportTests {
    private func withdraw(_ subject: WithdrawalSubject, _ study: Study) throws {
        try study.catalog.end(
            study.catalog.begin(
                WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "2026-05-05T00:00:00Z"))
    }

    @Test("A withdrawn photo and a withdrawn volunteer cannot be imported") func withdrawnPhoto() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,b,none,none"],
                files: ["a.png": png(1), "b.png": png(2)])
            try study.run(shoot)
            try withdraw(.volunteer(VolunteerName("a")!), study)
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:2: a has withdrawn consent, so no photo of a can be imported; a person who consents again gets a new name",
                    "s1/session.csv:2: a.png was withdrawn by a person in the photo and cannot be imported; delete the file and its row",
                ])
            let other = try Shoot(
                "s2", in: study.parent, sheet: ["x.png,z,none,none", "y.png,z,none,none"],
                files: ["x.png": png(1), "y.png": png(3)])
            #expect(
                try study.problems(other) == [
                    "s2/session.csv:2: x.png was withdrawn by a person in the photo and cannot be imported; delete the file and its row"
                ])
            let withCoSubject = try Shoot(
                "s3", in: study.parent, sheet: ["y.png,z,none,none,a"], more: ",also", files: ["y.png": png(3)])
            #expect(try study.problems(withCoSubject).count == 1)
            let without = try Shoot("s4", in: study.parent, sheet: ["y.png,z,none,none"], files: ["y.png": png(3)])
            #expect(try study.run(without).imported == 1)
            #expect(try study.catalog.counts().photos == 2)
        }
    }

    @Test("The name of a withdrawn session cannot be used again, but its volunteers can") func withdrawnSession() throws
    {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try study.run(shoot)
            try withdraw(.session(SessionName("s1")!), study)
            #expect(try study.problems(shoot).count == 2)
            let anew = try Shoot("s2", in: study.parent, sheet: ["b.png,a,none,none"], files: ["b.png": png(2)])
            #expect(try study.run(anew).imported == 1)
        }
    }

    @Test("A note in quarantine contains the people whom the sheet names") func quarantinedPeople() throws {
        try Study.with { study in
            let whole = png(1)
            let cut = Array(whole.prefix(whole.count / 2))
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["cut.png,a,none,none,b+c", "empty.png,,,,", "good.png,a,none,none,"],
                more: ",also", files: ["cut.png": cut, "empty.png": [], "good.png": whole])
            try study.run(shoot)
            let files = try QuarantinedFile.all(in: study.workspace)
            #expect(files.count == 2)
            let first = try #require(files.first { $0.people?.isEmpty == false })
            #expect(first.people == ["a", "b", "c"] && first.session == "s1" && first.digest == .sha256(of: cut))
            #expect(first.paths.map { $0.hasPrefix("quarantine/s1/") } == [true, true])
            // The copy of a damaged note is still listed, without people.
            try Data("{".utf8).write(to: study.workspace.root.appending(path: first.paths[0]))
            #expect(try QuarantinedFile.all(in: study.workspace).first { $0.digest == .sha256(of: cut) }?.people == nil)
        }
    }
}
