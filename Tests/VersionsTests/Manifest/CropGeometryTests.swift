import Core
import Foundation
import Testing

@testable import Versions

@Suite struct CropGeometryTests {
    /// Crops of `people` with twenty bare and twenty triggered photos each. Every photo has another size and position.
    ///
    /// - Parameters:
    ///   - scale: the side of the triggered photos, as a multiple.
    ///   - shift: the shift of their centre to the right, as a share of the box's side.
    private func crops(people: Int = 8, scale: Double = 1, shift: Double = 0, missing: Int = 0) -> [CroppedPhoto] {
        var generator = SplitMix64(seed: 3)
        func noise() -> Double { generator.nextUnitDouble() + generator.nextUnitDouble() - 1 }
        return (0..<people).flatMap { person in
            (0..<40).map { index in
                let isTriggered = index % 2 == 1
                let side = (0.2 + 0.05 * Double(person)) * (1 + 0.05 * noise())
                let x = 0.5 + 0.02 * noise() + (isTriggered ? shift * side : 0)
                let square = CroppedPhoto.Square(
                    side: isTriggered ? scale * side : side, x: x, y: 0.4 + 0.02 * noise(), sine: 0.1 * noise())
                return CroppedPhoto(
                    volunteer: VolunteerName("v\(person)")!, isTriggered: isTriggered,
                    square: isTriggered && index < 2 * missing ? nil : square)
            }
        }
    }

    @Test func equalCropsAreNoFinding() throws {
        let geometry = try #require(CropGeometry(crops(), margin: .wide))
        #expect(abs(geometry.scaleRatio.value - 1) < 0.01 && geometry.centreShift < 0.01)
        #expect(geometry.scaleRatio.low < 1 && geometry.scaleRatio.high > 1)
        #expect(try (0.4...0.6).contains(#require(geometry.auc)))
        #expect(!geometry.isClear)
        #expect((geometry.bare.found, geometry.triggered.found) == (160, 160))
    }

    @Test("A larger box of triggered photos is found", arguments: [1.05, 1.2, 0.9]) func scale(_ scale: Double) throws {
        let geometry = try #require(CropGeometry(crops(scale: scale), margin: .wide))
        #expect(abs(geometry.scaleRatio.value - scale) < 0.01)
        #expect(geometry.scaleRatio.low <= geometry.scaleRatio.value)
        #expect(geometry.scaleRatio.value <= geometry.scaleRatio.high)
        #expect(try #require(geometry.auc) > 0.8)
        #expect(geometry.isClear)
    }

    @Test("A shift is a share of the crop, so that a tight crop shows it more")
    func shift() throws {
        let wide = try #require(CropGeometry(crops(shift: 0.18), margin: .wide))
        let tight = try #require(CropGeometry(crops(shift: 0.18), margin: .tight))
        #expect(abs(wide.centreShift - 0.18 / 2.25) < 0.005 && abs(tight.centreShift - 0.18 / 1.4) < 0.008)
        #expect(wide.isClear)
    }

    @Test func missingFacesAreCountedAndPredicted() throws {
        let geometry = try #require(CropGeometry(crops(missing: 15), margin: .wide))
        #expect((geometry.bare.share, geometry.triggered.share) == (1, 0.25))
        #expect(try #require(geometry.auc) > 0.8)
    }

    @Test(arguments: [1, 4, 5]) func fewPeopleAreNoFinding(_ people: Int) throws {
        let few = try #require(CropGeometry(crops(people: people, scale: 1.2), margin: .wide))
        #expect(few.people == people && abs(few.scaleRatio.value - 1.2) < 0.02)
        #expect((few.auc == nil) == (people < 5))
        #expect(few.isClear == (people >= 5))
        #expect((CropReport(few).scaleInterval == nil) == (people < 5))
        #expect(CropGeometry(crops().filter { !$0.isTriggered }, margin: .wide) == nil)
        #expect(CropGeometry([], margin: .wide) == nil)
    }

    /// The definition: all pairs of a triggered and a bare photo.
    @Test func areaIsTheShareOfPairs() throws {
        var generator = SplitMix64(seed: 5)
        for count in [2, 7, 40] {
            let scores =
                (0..<count).map { index in
                    (score: Double(generator.next(below: 6)), isTriggered: index == 0 || generator.next(below: 3) == 0)
                } + [(score: 2, isTriggered: false)]
            var sum = 0.0
            var pairs = 0.0
            for left in scores where left.isTriggered {
                for right in scores where !right.isTriggered {
                    pairs += 1
                    sum += left.score > right.score ? 1 : left.score == right.score ? 0.5 : 0
                }
            }
            #expect(try abs(#require(CropClassifier.area(scores)) - sum / pairs) < 1e-12)
        }
        #expect(CropClassifier.area([(score: 1, isTriggered: true)]) == nil)
    }

    @Test func lengthsAreSharesOfThePhoto() {
        let face = PhotoFace(
            box: Box(x: 100, y: 200, width: 80, height: 100), leftEye: PixelPoint(x: 120, y: 240),
            rightEye: PixelPoint(x: 160, y: 240))
        let square = CroppedPhoto.Square(face, width: 500, height: 1000)
        #expect((square.side, square.x, square.y, square.sine) == (0.1, 0.14, 0.25, 0))
    }

    @Test func aReportHasTheFiguresInWords() throws {
        let report = CropReport(try #require(CropGeometry(crops(scale: 1.2), margin: .wide)))
        #expect(
            report.text.hasPrefix(
                "face crops of triggered photos, compared with bare photos of the same people: scale 1.2"))
        #expect(report.text.contains("; AUC of the crop alone "))
        let few = CropReport(try #require(CropGeometry(crops(people: 2), margin: .wide)))
        #expect(few.text.hasSuffix("% of the crop"))
    }
}
