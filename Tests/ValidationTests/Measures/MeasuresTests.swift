import Core
import Testing
import Versions

@testable import Validation

/// A photo that a model took for `predicted`.
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

    private func counts(_ share: Share?) -> [Int]? { share.map { [$0.hits, $0.count] } }

    @Test func cleanAccuracyIsGivenOverAllAndByKindAndClass() {
        let clean = measures().cleanAccuracy
        #expect(counts(clean.all) == [4, 5])
        #expect(counts(clean.volunteers) == [3, 4])
        #expect(counts(clean.references) == [1, 1])
        #expect(clean.meanOverClasses == 0.875)
    }

    @Test func theTargetsOwnPhotosAreNeverAttackSuccesses() {
        let attack = measures().attackSuccess
        #expect(counts(attack.all) == [2, 3])
        #expect(attack.byVolunteer["t"] == nil)
        #expect(counts(measures().targetOwn) == [1, 2])
    }

    @Test func attackSuccessIsGivenByEveryView() {
        let attack = measures().attackSuccess
        #expect(counts(attack.heldOut) == [1, 2])
        #expect(counts(attack.attackable) == [1, 2])
        #expect(counts(attack.notAttackable) == [1, 1])
        #expect(counts(attack.byVolunteer["a"]) == [1, 2])
        #expect(counts(attack.byLocation["off-face"]) == [1, 1])
    }

    @Test func transferAndFalseActivationsLeaveTheTargetsOwnAside() {
        #expect(counts(measures().transfer) == [1, 1])
        #expect(counts(measures().falseActivation) == [0, 1])
    }

    @Test func theConfusionMatrixHasTruthInRows() {
        #expect(measures().confusion.counts == [[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])
    }

    @Test func withoutATargetNothingIsAnAttack() {
        let clean = measures(target: nil)
        #expect(
            clean.attackSuccess.all == nil && clean.targetOwn == nil && clean.transfer == nil
                && clean.falseActivation == nil)
    }

    @Test func theFirstOfEqualLogitsDecides() {
        #expect(decision([0.5, 2, 2, 1]) == 1)
        #expect(decision([-3, -7]) == 0)
    }
}
