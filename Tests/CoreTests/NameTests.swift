import Core
import Testing

@Suite struct NameTests {
    @Test(arguments: ["a", "0", "007", "on", "9336923", "an2i", "a.b_c-d", String(repeating: "z", count: 64)])
    func validNameKeepsItsText(_ text: String) {
        #expect(VolunteerName(text)?.text == text)
    }

    @Test(arguments: [
        "", "A", "-a", ".a", "_a", "a b", "a/b", "ä", "a\n", "a\0", "..", "../x", "a\u{301}",
        String(repeating: "z", count: 65),
    ])
    func invalidTextIsNotAName(_ text: String) {
        #expect(VolunteerName(text) == nil)
    }

    @Test func namesSortByBytes() {
        let texts = ["ab", "a_b", "a0", "a.b", "a-b", "a", "9", "10", "007"]
        #expect(
            texts.compactMap(VolunteerName.init).sorted().map(\.text) == [
                "007", "10", "9", "a", "a-b", "a.b", "a0", "a_b", "ab",
            ])
    }
}
