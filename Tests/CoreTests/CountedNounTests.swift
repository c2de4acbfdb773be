import Core
import Testing

@Suite struct CountedNounTests {
    @Test(
        "Only one thing has the singular",
        arguments: [(0, "0 boxes, 0 photos"), (1, "1 box, 1 photo"), (2, "2 boxes, 2 photos")])
    func nouns(_ number: Int, _ text: String) {
        #expect("\(counted(number, "box", "boxes")), \(counted(number, "photo"))" == text)
    }
}
