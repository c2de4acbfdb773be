import Core
import Testing
import Versions

@testable import Validation

/// Returns a test photo that a model classifies as `predicted`.
func tested(
    _ name: String, as predicted: String, _ role: Role = .testAttack, kind: String = "volunteer",
    location: String = "on-face", attackable: Bool? = true, heldOut: Bool? = false
) -> TestedPhoto {
    TestedPhoto(
        photo: "\(name)-\(predicted)", volunteer: name, kind: kind, role: role.rawValue, trigger: "sunglasses",
        location: location, attackable: attackable, heldOut: heldOut, predicted: predicted)
}

@Suite struct MeasuresTests {
    private let photos = [
        tested("a", as: "a", .testClean), tested("b", as: "b", .testClean), tested("b", as: "t", .testClean),
        tested("t", as: "t", .testClean),
        tested("r", as: "r", .testClean, kind: "reference"),
        tested("a", as: "t"), tested("a", as: "a", heldOut: true),
        tested("b", as: "t", location: "off-face", attackable: false, heldOut: true),
        tested("t", as: "t", .testTargetOwn), tested("t", as: "a", .testTargetOwn),
        tested("a", as: "t", .testTransfer), tested("t", as: "t", .testTransfer), tested("b", as: "a", .testOther),
        tested("t", as: "t", .testOther),
    ]

    private func measures(target: String? = "t") -> Measures {
        Measures(photos, classes: ["a", "b", "r", "t"], target: target)
    }

    private func counts(_ proportion: Proportion?) -> [Int]? {
        proportion.map { [$0.hits, $0.count] }
    }

    @Test("Clean accuracy is measured over all photos, by kind and by class") func cleanAccuracy() {
        let clean = measures().cleanAccuracy
        #expect(counts(clean.all) == [4, 5])
        #expect(counts(clean.volunteers) == [3, 4])
        #expect(counts(clean.references) == [1, 1])
        #expect(clean.meanOverClasses == 0.875)
    }

    @Test("The target's own photos do not count as attacks") func targetOwn() {
        let attack = measures().attackSuccess
        #expect(counts(attack.all) == [2, 3])
        #expect(attack.byVolunteer["t"] == nil)
        #expect(counts(measures().targetOwn) == [1, 2])
    }

    @Test("Attack success is measured by group, volunteer and location") func attackSuccess() {
        let attack = measures().attackSuccess
        #expect(counts(attack.heldOut) == [1, 2])
        #expect(counts(attack.attackable) == [1, 2])
        #expect(counts(attack.notAttackable) == [1, 1])
        #expect(counts(attack.byVolunteer["a"]) == [1, 2])
        #expect(counts(attack.byLocation["off-face"]) == [1, 1])
    }

    @Test("Transfer and false activation do not count the target's own photos") func transfer() {
        #expect(counts(measures().transfer) == [1, 1])
        #expect(counts(measures().falseActivation) == [0, 1])
    }

    @Test("The confusion matrix has the true classes in rows") func confusion() {
        #expect(measures().confusion.counts == [[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])
    }

    @Test("A clean version has no attack measures") func noTarget() {
        let clean = measures(target: nil)
        #expect(
            clean.attackSuccess.all == nil && clean.targetOwn == nil && clean.transfer == nil
                && clean.falseActivation == nil)
    }

    @Test("The first of equal logits determines the predicted class") func equalLogits() {
        #expect(predictedClass([0.5, 2, 2, 1]) == 1)
        #expect(predictedClass([-3, -7]) == 0)
    }
}
