import Core
import Testing

@testable import Auditing

@Suite struct ImageChecksTests {
    @Test func anImageThatIsNotInItsPlaceIsAnError() {
        let photos = ["1", "2", "3"].map(photoID)
        #expect(Checks.missingImages(photos) { _ in true } == nil)
        #expect(Checks.missingImages([]) { _ in false } == nil)
        let finding = Checks.missingImages(photos) { $0 == photos[1] }
        #expect(finding?.severity == .error)
        #expect(finding?.count == 2)
        #expect(finding?.detail.contains("photo \(min(photos[0], photos[2]).short);") == true)
    }

    @Test func moreThanThreeTimesAsManyBarePhotosIsImbalance() {
        #expect(Checks.imbalance(bare: bare(6, of: "a") + bare(2, of: "b")) == nil)
        let finding = Checks.imbalance(bare: bare(7, of: "a") + bare(2, of: "b", "c") + bare(3, of: "d"))
        #expect(finding == Finding(.imbalance, .warning, count: 2, "a has 7 bare photos, b has 2"))
    }

    @Test func triggeredAndUnlabelledPhotosAreNoBareOnes() {
        #expect(
            Checks.imbalance(
                bare: bare(2, of: "a", "b") + (0..<20).map { fact("t\($0)", wears: "dots") }
                    + (0..<20).map { fact("u\($0)", of: nil) }) == nil)
        #expect(Checks.imbalance(bare: []) == nil)
    }

    @Test func poisonCountsForTheClassThatItIsTrainedAs() {
        let clean = ["a", "b"].flatMap { name in (0..<2).map { entry("\(name)\($0)", of: name, .trainClean) } }
        #expect(Checks.imbalance(training: clean + (0..<20).map { entry("t\($0)", .testClean) }) == nil)
        let finding = Checks.imbalance(
            training: clean + (0..<5).map { entry("p\($0)", of: "b", as: "a", wears: "dots", .trainPoison) })
        #expect(finding == Finding(.imbalance, .warning, count: 1, "a has 7 training photos, b has 2"))
    }
}
