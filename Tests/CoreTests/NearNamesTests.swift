import Core
import Testing

@Suite struct NearNamesTests {
    @Test(arguments: [
        ("an21", "an2i"), ("an2l", "an21"), ("b0b", "bob"), ("007", "7"), ("v01", "v1"), ("ada-1", "ada01"),
        ("anna_b", "anna.b"), ("bolland", "boland"), ("boland", "bolamd"), ("brian", "brain"),
        ("ada", "adaa"), ("ada", "adda"), ("aada", "ada"), ("kira", "kirra"), ("ref-01a", "reff1a"),
        ("person-12a", "persn12a"), ("steffi", "stefi"), ("subject-a", "subjct-a"),
    ])
    func confusableNamesAreNear(_ left: String, _ right: String) {
        #expect(NearNames([left, "zoe"]).names(near: right) == [left])
        #expect(NearNames([right, "zoe"]).names(near: left) == [right])
    }

    @Test(arguments: [
        ["v1", "v2", "v3", "v10", "v11", "v12", "v21", "v101"], ["1-12", "11-2", "112"], ["p06", "p09", "p60"],
        ["subject-a", "subject-b", "subject-c"], ["ada", "ida", "ana", "eva"], ["anna", "anne", "hanna"],
        ["p-a", "p-aa"], ["ada", "adam", "adaaa"], ["leo", "leon", "leona"], ["night", "knight-2", "tammo", "tamo-2"],
        ["maria", "mario"], ["kawamura", "kawumara", "kawamura2"],
        [
            "an2i", "at33", "boland", "bpm", "ch4f", "cheyer", "choon", "danieln", "glickman", "karyadi", "kawamura",
            "kk49", "megak", "mitchell", "night", "phoebe", "saavik", "steffi", "sz24", "tammo",
        ],
        ["ada", "bruno", "carla", "dario", "elena", "felix", "greta", "hugo", "ref-01", "ref-02", "ref-03"],
        [
            "ada", "bruno", "carla", "dario", "emil", "fatima", "gita", "hugo", "ines", "jonas", "kira", "leon", "mina",
            "nico", "olga", "pablo", "quinn", "rosa", "samir", "tara", "udo", "vera", "wim", "yara",
        ],
    ])
    func differentNamesAreNotNear(_ names: [String]) {
        let index = NearNames(names)
        for name in names { #expect(index.names(near: name) == [], "\(name)") }
    }

    @Test func severalNearNamesAreSorted() {
        let index = NearNames(["anl", "ani", "bob", "an1"])
        #expect(index.names(near: "an1") == ["ani", "anl"])
        #expect(index.names(near: "ani") == ["an1"], "two letters are not confused with each other")
        #expect(index.names(near: "x") == [])
    }

    /// A public dataset can have thousands of people.
    @Test func manyNamesTakeLittleTime() {
        let start = ContinuousClock.now
        let names = (0..<5_000).map { "identity-\($0)-of-a-dataset" }
        let index = NearNames(names)
        for name in names where !index.names(near: name).isEmpty { Issue.record("\(name)") }
        #expect(index.names(near: "identity-0017-of-a-dataset") == ["identity-17-of-a-dataset"])
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
