import Catalog
import Core
import GRDB
import TestSupport
import Testing

/// The versions that names mean, and photos whose label history continued after a version.
@Suite struct CurrentVersionTests {
    @Test func laterSplitReplacesTheVersionOfItsNameOnly() throws {
        try SyntheticStudy.with { study throws in
            #expect(try study.catalog.currentVersions().isEmpty)
            try study.catalog.record(currentVersions: [("a", 3), ("b", 1)])
            try study.catalog.record(currentVersions: [("a", 1)])
            #expect(try study.catalog.currentVersions() == ["a": 1, "b": 1])
        }
    }

    @Test(arguments: [("A", 1), ("", 1), ("../a", 1), ("a", 0), ("a", -1)])
    func oneInvalidRecordStoresNothing(_ name: String, _ number: Int) throws {
        try SyntheticStudy.with { study throws in
            #expect(throws: CurareError.self) {
                try study.catalog.record(currentVersions: [("good", 1), (name, number)])
            }
            #expect(try study.catalog.currentVersions().isEmpty)
        }
    }

    @Test func photosWithNewLabelsHadALabelBefore() throws {
        try SyntheticStudy.with { study throws in
            try study.session("s1", of: ["a"])
            let old = try study.photo("old", label("a"))
            let unlabelled = try study.photo("unlabelled")
            let same = try study.photo("same", label("a"))
            let cutOff = try study.catalog.newestLabel()
            #expect(try study.catalog.photosWithNewLabels(after: cutOff).isEmpty)
            try study.photo("new", label("a"))
            try study.add(label("a"), to: unlabelled, .review)
            #expect(try study.catalog.photosWithNewLabels(after: cutOff).isEmpty)
            try study.add(label("a", "sunglasses", "on-face"), to: old, .review)
            try study.add(label("a"), to: old, .review)
            #expect(try study.catalog.photosWithNewLabels(after: cutOff) == [old])
            #expect(try study.catalog.photosWithNewLabels(after: 0).isEmpty)
            #expect(try !study.catalog.photosWithNewLabels(after: cutOff).contains(same))
        }
    }

    @Test func gridKeepsItsNamesAndTheKeysOfTheLastSplit() throws {
        try SyntheticStudy.with { study throws in
            #expect(try study.catalog.gridMembers().isEmpty)
            try study.catalog.record(currentVersions: [("g-b", 1), ("g-a", 2)], grid: ("g", ["train.model", "seed"]))
            try study.catalog.record(currentVersions: [("g-a", 3)], grid: ("g", ["seed"]))
            try study.catalog.record(currentVersions: [("g-b", 2)])
            #expect(
                try study.catalog.gridMembers() == [
                    GridMember(grid: "g", name: "g-a", varied: ["seed"]),
                    GridMember(grid: "g", name: "g-b", varied: ["train.model", "seed"]),
                ])
            for (grid, varied) in [("G", "seed"), ("", "seed"), ("../g", "seed"), ("h", ""), ("h", "Seed")] {
                #expect(throws: CurareError.self, "\(grid) \(varied)") {
                    try study.catalog.record(currentVersions: [("new", 1)], grid: (grid, [varied]))
                }
            }
            #expect(try study.catalog.gridMembers().count == 2 && study.catalog.currentVersions()["new"] == nil)
        }
    }

    @Test func withdrawalRemovesNamesThatContainAnEarlierName() throws {
        try SyntheticStudy.with { study throws in
            try study.session("s1", of: ["ada"])
            try study.photo("p", label("ada"))
            try study.catalog.rename(try #require(VolunteerName("ada")), to: try #require(VolunteerName("zoe")))
            try study.catalog.record(currentVersions: [("x-ada", 1), ("x-zoe", 1), ("x", 1)], grid: ("g", ["target"]))
            try study.catalog.record(currentVersions: [("y", 1)], grid: ("g-ada", ["seed"]))
            let subject = WithdrawalSubject.volunteer(try #require(VolunteerName("zoe")))
            try study.catalog.begin(
                WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "2026-05-05T00:00:00Z")
            #expect(try study.catalog.currentVersions().keys.sorted() == ["x", "y"])
            #expect(try study.catalog.gridMembers() == [GridMember(grid: "g", name: "x", varied: ["target"])])
        }
    }

    @Test func withdrawalRemovesNamesThatContainThePseudonym() throws {
        try SyntheticStudy.with { study throws in
            try study.session("s1", of: ["ada.b", "ada"])
            try study.photo("p", label("ada.b"))
            let names = ["ada.b", "x-to-ada-b", "x_ada.b_rate-0.1", "ada", "x-ada.bc", "xada.b", "x"]
            try study.catalog.record(currentVersions: names.map { ($0, 1) })
            let subject = WithdrawalSubject.volunteer(try #require(VolunteerName("ada.b")))
            try study.catalog.begin(
                WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "2026-05-05T00:00:00Z")
            #expect(try study.catalog.currentVersions().keys.sorted() == ["ada", "x", "x-ada.bc", "xada.b"])
        }
    }
}
