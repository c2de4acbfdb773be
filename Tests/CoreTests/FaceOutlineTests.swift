import TestSupport
import Testing

@testable import Core

@Suite struct FaceOutlineTests {
    @Test func foreheadIsRoundAndHalfOfBrowsToChin() {
        let corners = FaceOutline(landmarks()).corners
        // The brows are at 0 and the chin is at 80, so the top of the hairline is at −40. It is lower at both sides.
        #expect(
            Set(corners) == [
                PixelPoint(x: 0, y: 0), PixelPoint(x: 80, y: 80), PixelPoint(x: 160, y: 0), PixelPoint(x: 40, y: -32),
                PixelPoint(x: 50, y: -37),
                PixelPoint(x: 60, y: -40),
                PixelPoint(x: 100, y: -40), PixelPoint(x: 110, y: -37), PixelPoint(x: 120, y: -32),
            ])
    }

    @Test func outlineRotatesWithFace() {
        // The same face, mirrored at the diagonal: x and y are exchanged.
        let turned = Landmarks(landmarks().points.map { PixelPoint(x: $0.y, y: $0.x) })!
        #expect(
            Set(FaceOutline(turned).corners)
                == Set(FaceOutline(landmarks()).corners.map { PixelPoint(x: $0.y, y: $0.x) }))
    }

    @Test func cornersAreInOrderAndConvex() {
        let corners = FaceOutline(landmarks(left: 7, top: 90, step: 13)).corners
        for index in corners.indices {
            let (a, b, c) = (corners[index], corners[(index + 1) % corners.count], corners[(index + 2) % corners.count])
            #expect((b.x - a.x) * (c.y - b.y) > (b.y - a.y) * (c.x - b.x))
        }
    }

    @Test func pixelsOfSquareAreItsArea() {
        let square = FaceOutline(corners: [
            PixelPoint(x: 0, y: 0), PixelPoint(x: 10, y: 0), PixelPoint(x: 10, y: 10), PixelPoint(x: 0, y: 10),
        ])
        #expect(square.pixels(in: Box(x: 0, y: 0, width: 10, height: 10)) == 100)
        #expect(square.pixels(in: Box(x: 0, y: 0, width: 1_000_000, height: 1_000_000)) == 100)
        #expect(square.pixels(in: Box(x: 5, y: 8, width: 10, height: 10)) == 10)
        #expect(square.pixels(in: Box(x: 10, y: 0, width: 5, height: 5)) == 0)
    }

    /// Counts the pixels one by one: a pixel is inside if a ray to the left crosses an odd number of edges.
    private func countEachPixel(_ outline: FaceOutline, _ box: Box) -> Int {
        var count = 0
        for y in box.y..<box.y + box.height {
            for x in box.x..<box.x + box.width {
                let crossings = outline.corners.indices.count { index in
                    let (one, other) = (outline.corners[index], outline.corners[(index + 1) % outline.corners.count])
                    let (upper, lower) = one.y < other.y ? (one, other) : (other, one)
                    return upper.y <= y && y < lower.y
                        && (x - upper.x) * (lower.y - upper.y) < (y - upper.y) * (lower.x - upper.x)
                }
                count += crossings % 2
            }
        }
        return count
    }

    @Test(arguments: [3, 7, 11])
    func pixelCountEqualsTestOfEachPixel(_ step: Int) {
        let outline = FaceOutline(landmarks(left: -5, top: 30, step: step))
        for box in [
            Box(x: 0, y: 0, width: 300, height: 200), Box(x: 20, y: 25, width: 31, height: 17),
            Box(x: 0, y: 60, width: 90, height: 2), Box(x: 250, y: 0, width: 9, height: 9),
        ] {
            #expect(outline.pixels(in: box) == countEachPixel(outline, box), "\(box)")
        }
    }

    @Test func landmarksOnOnePointOrLineHaveNoPixels() {
        let box = Box(x: 0, y: 0, width: 200, height: 200)
        #expect(FaceOutline(Landmarks(Array(repeating: PixelPoint(x: 9, y: 9), count: 68))!).pixels(in: box) == 0)
        #expect(FaceOutline(Landmarks((0..<68).map { PixelPoint(x: $0, y: 9) })!).pixels(in: box) == 0)
        #expect(FaceOutline(corners: []).pixels(in: box) == 0)
    }

    @Test func largestCoordinatesDoNotOverflow() {
        let far = 1 << 24
        let places = (0..<68).map {
            PixelPoint(x: $0.isMultiple(of: 2) ? far : -far, y: $0.isMultiple(of: 3) ? far : -far)
        }
        #expect(FaceOutline(Landmarks(places)!).pixels(in: Box(x: 0, y: 0, width: 10, height: 10)) == 100)
    }

    @Test func containsAgreesWithPixelCount() {
        let outline = FaceOutline(landmarks(left: 7, top: 90, step: 3))
        var inside = 0
        for y in 0..<160 {
            for x in 0..<80 {
                let contains = outline.contains(PixelPoint(x: x, y: y))
                #expect(contains == (outline.pixels(in: Box(x: x, y: y, width: 1, height: 1)) == 1))
                inside += contains ? 1 : 0
            }
        }
        #expect(inside == outline.pixels(in: Box(x: 0, y: 0, width: 80, height: 160)) && inside > 100)
    }
}

@Suite struct TriggerLocationEstimateTests {
    private let square = FaceOutline(corners: [
        PixelPoint(x: 0, y: 0), PixelPoint(x: 100, y: 0), PixelPoint(x: 100, y: 100), PixelPoint(x: 0, y: 100),
    ])

    @Test func halfOfTheBoxInTheOutlineIsOnTheFace() {
        let half = TriggerLocationEstimate(of: Box(x: 90, y: 0, width: 20, height: 10), square)
        #expect((half.location, half.percent) == (.onFace, 50))
        let less = TriggerLocationEstimate(of: Box(x: 0, y: 1, width: 100, height: 199), square)
        #expect((less.location, less.percent) == (.offFace, 49), "99 rows of 199")
        let none = TriggerLocationEstimate(of: Box(x: 0, y: 300, width: 1, height: 1), square)
        #expect((none.location, none.percent) == (.offFace, 0))
    }

    private func fact(
        labelled location: String?, box: Box? = Box(x: 60, y: 10, width: 20, height: 20), isSuggested: Bool = false,
        hasLandmarks: Bool = true
    ) -> PhotoFacts {
        let face = PhotoFace(
            box: Box(x: 0, y: 0, width: 160, height: 80), leftEye: PixelPoint(x: 40, y: 10),
            rightEye: PixelPoint(x: 120, y: 10))
        let known = KnownFace(
            record: FaceRecord(
                found: .one, face: face, landmarks: hasLandmarks ? landmarks() : nil, confidence: 1,
                suspectedRotation: nil))
        return photoFacts(
            label: location.map { label("a", $0 == "none" ? "none" : "dots", $0) }, face: known,
            isSuggested: isSuggested, box: box)
    }

    @Test func aPersonsWordThatTheBoxSpeaksAgainstIsContradicted() {
        #expect(fact(labelled: "off-face").contradiction?.location == .onFace)
        #expect(
            fact(labelled: "on-face", box: Box(x: 0, y: 70, width: 20, height: 20)).contradiction?.location == .offFace)
        #expect(fact(labelled: "on-face").contradiction == nil)
    }

    @Test func noContradictionWithoutLabelBoxOrOutline() {
        #expect(fact(labelled: nil).contradiction == nil)
        #expect(fact(labelled: "none").contradiction == nil)
        #expect(fact(labelled: "off-face", box: nil).contradiction == nil)
        #expect(fact(labelled: "off-face", isSuggested: true).contradiction == nil)
        #expect(fact(labelled: "off-face", hasLandmarks: false).contradiction == nil)
    }

    @Test func oneBoxSpeaksAgainstNoneOfSeveralTriggers() {
        let both = photoFacts(
            label: label("a", "bandana+dots", "off-face+off-face"), face: fact(labelled: nil).face,
            box: Box(x: 60, y: 10, width: 20, height: 20))
        #expect(both.contradiction == nil)
    }
}
