import Core
import Testing

@Suite struct ClosestMatchTests {
    @Test(arguments: [
        ("sunglases", "sunglasses"), ("sunglass", "sunglasses"), ("bandanna", "bandana"), ("dot", "dots"),
        ("tattoo-otline", "tattoo-outline"), ("sun", "sunglasses"), ("SUNGLASSES", "sunglasses"), ("Sun", "sunglasses"),
    ])
    func mistypedWordFindsKnownWord(_ word: String, _ meant: String) {
        #expect(
            closestMatch(
                to: word,
                among: ["bandana", "dots", "earrings", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape"])
                == meant)
    }

    @Test(arguments: ["", "hat", "glasses", "xyz"])
    func distantWordFindsNothing(_ word: String) {
        #expect(closestMatch(to: word, among: ["bandana", "dots", "sunglasses"]) == nil)
    }

    @Test func messagesEndWithTheClosestWordOrAFullStop() {
        #expect(suggestion(for: "dot", among: ["dots"]) == "did you mean dots?")
        #expect(suggestion(for: "hat", among: ["dots"]) == nil)
        #expect(suggestionClause(for: "dot", among: ["dots"]) == "; did you mean dots?")
        #expect(suggestionClause(for: "hat", among: ["dots"]) == ".")
    }

    @Test(arguments: [
        ("recipe.yml", "recipe.yaml"), ("recipe.yaml", "Recipe.YML"), ("photos", "Photos"), ("photos", ".photos"),
        (".photos", "photos"), ("IMG_1.jpg", "IMG_1.JPG"),
    ])
    func fileNamesOfOtherCaseAreConfusable(_ name: String, _ existing: String) {
        #expect(confusableFileName(name, among: ["a", existing, "z"]) == existing)
        #expect(confusableFileName(existing, among: [name]) == name)
    }

    @Test(arguments: ["photos", "photo", "photos2", "photos.yaml", "", "..."])
    func otherFileNamesAreNotConfusable(_ existing: String) {
        #expect(confusableFileName("photos", among: [existing]) == nil)
        #expect(confusableFileName(existing, among: ["", ".", "..", existing]) == nil)
    }

    @Test func smallestOfEquallyCloseWordsIsReturned() {
        #expect(closestMatch(to: "img_3", among: ["img_2", "img_1"]) == "img_1")
        #expect(closestMatch(to: "img_3", among: ["img_1", "img_2"]) == "img_1")
    }
}
