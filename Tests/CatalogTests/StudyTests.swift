import Catalog
import Core
import GRDB
import TestSupport
import Testing

@Suite struct StudyTests {
    @Test func namesLikeNumbersStayText() throws {
        try SyntheticStudy.with { study in
            let names = ["007", "9336923", "on", "1e3", "0x10", "null"]
            for name in names { try study.session(name, of: [name]) }
            try study.catalog.add(triggers: names.compactMap(TriggerName.init))
            #expect(try study.catalog.sessions().map(\.name.text) == ["007", "0x10", "1e3", "9336923", "null", "on"])
            #expect(try study.catalog.volunteers().map(\.name.text) == ["007", "0x10", "1e3", "9336923", "null", "on"])
            #expect(try Set(names).isSubset(of: study.catalog.triggers().map(\.text)))
            #expect(try study.catalog.session(SessionName("007")!)?.name.text == "007")
            #expect(try study.catalog.session(SessionName("7")!) == nil)
            for table in ["session", "volunteer", "trigger"] {
                #expect(
                    try study.raw { try String.fetchAll($0, sql: "SELECT DISTINCT typeof(name) FROM \(table)") } == [
                        "text"
                    ])
            }
        }
    }

    @Test func recordsAreSortedByBytesOfNames() throws {
        try SyntheticStudy.with { study in
            let names = ["ab", "a_b", "a0", "a.b", "a-b", "a", "9", "10"]
            try study.session("s1", of: names)
            #expect(
                try study.catalog.volunteers().map(\.name.text) == ["10", "9", "a", "a-b", "a.b", "a0", "a_b", "ab"])
        }
    }

    @Test func groupDistanceIsStoredInCatalog() throws {
        try SyntheticStudy.with { study in
            #expect(try study.catalog.groupDistance() == .standard)
            #expect(
                try study.raw { try String.fetchOne($0, sql: "SELECT value FROM setting WHERE key = 'group_distance'") }
                    == "2", "another default must not change it")
            for (value, distance) in [("0", 0), ("3", 3)] {
                try study.raw {
                    try $0.execute(sql: "UPDATE setting SET value = ? WHERE key = 'group_distance'", arguments: [value])
                }
                #expect(try study.catalog.groupDistance().bits == distance)
            }
            for damaged in ["4", "-1", "", "two"] {
                try study.raw {
                    try $0.execute(
                        sql: "UPDATE setting SET value = ? WHERE key = 'group_distance'", arguments: [damaged])
                }
                #expect(throws: CurareError.self) { try study.catalog.groupDistance() }
            }
            try study.raw { try $0.execute(sql: "DELETE FROM setting") }
            #expect(try study.catalog.groupDistance() == .standard, "an interrupted creation")
        }
    }

    @Test func triggerIsAddedOnce() throws {
        try SyntheticStudy.with { study throws in
            #expect(try study.catalog.add(triggers: ["hat", "dots", "hat"].compactMap(TriggerName.init)) == 1)
            #expect(try study.catalog.counts().triggers == 8)
        }
    }

    @Test func existingSessionIsUnchanged() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"], consent: .missing)
            try study.session("s1", of: ["b"], consent: .signed)
            #expect(try study.catalog.session(SessionName("s1")!)?.consent == .missing)
            #expect(try study.catalog.volunteers().map(\.name.text) == ["a", "b"])
        }
    }

    @Test func batchIsOneTransaction() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            func newPhoto(_ word: String, _ label: Label?) -> NewPhoto {
                let photo = Photo(
                    id: photoID(word), bytes: 9, format: "png", width: 4, height: 3, captured: nil, camera: nil)
                return NewPhoto(
                    photo: photo, sessionPhoto: SessionPhoto(session: SessionName("s1")!, file: word), label: label)
            }
            #expect(throws: CurareError.self) {
                try study.catalog.store([newPhoto("p", label("a")), newPhoto("q", label("nobody"))], made: "")
            }
            #expect(try study.catalog.counts().photos == 0)
            #expect(
                try study.catalog.store([newPhoto("p", label("a")), newPhoto("q", nil), newPhoto("p", nil)], made: "")
                    == 2
            )
            #expect(try study.catalog.counts().photos == 2)
        }
    }

    @Test func imageKeepsFirstDigest() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let photo = try study.photo("p")
            let (first, second) = (ImageDigest.sha256(of: [1]), ImageDigest.sha256(of: [2]))
            try study.catalog.store(images: [Image(photo: photo, profile: .standard, digest: first)])
            try study.catalog.store(images: [Image(photo: photo, profile: .standard, digest: second)])
            #expect(try study.catalog.images(.standard) == [photo: first])
            #expect(try study.catalog.profiles() == [.standard])
            #expect(try study.catalog.formats(of: [photo]) == [photo: "jpeg"])
            #expect(try study.catalog.defaultProfile() == .standard)
        }
    }
}
