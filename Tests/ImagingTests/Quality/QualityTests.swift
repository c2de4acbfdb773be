import Testing

@testable import Imaging

@Suite struct QualityTests {
    @Test func exposureIsThatOfTheFacesBox() {
        // A face of four rows on white: black, just black, just not, grey.
        let picture = grey(20, 20) { x, y in (8..<12).contains(x) && (4..<8).contains(y) ? [0, 8, 9, 103][y - 4] : 255 }
        let quality = measured(picture, face: face(8, 4, 4, 4, eyes: 9, 5, 11, 5))
        #expect((quality.luma, quality.dark, quality.bright) == (30, 500, 0))
        #expect(quality.beyond != nil)
    }

    @Test func withoutAFaceTheMiddleIsLookedAt() {
        let picture = grey(40, 20) { x, y in (15..<25).contains(x) && (5..<15).contains(y) ? (y == 5 ? 250 : 249) : 0 }
        let quality = measured(picture, face: nil)
        #expect((quality.luma, quality.dark, quality.bright) == (249, 0, 100))
        #expect(quality.beyond == nil)
    }

    @Test func aFaceIsLookedUpInTheReducedCopy() {
        // The photo is 160 × 80, its copy a quarter of it.
        let copy = grey(40, 20) { x, y in (10..<14).contains(x) && (5..<10).contains(y) ? 60 : 200 }
        func luma(_ box: Face, orientation: Int = 1, width: Int = 160) -> Int {
            Quality(
                UprightPhoto(copy.inThreeChannels, .quarter, width: width, height: 80, orientation: orientation), copy,
                face: box
            ).luma
        }
        #expect(luma(face(40, 20, 16, 20, eyes: 44, 24, 52, 24)) == 60)
        // Turned half round, the copy reaches three pixels beyond the photo's left border.
        #expect(luma(face(37, 20, 16, 20, eyes: 44, 24, 52, 24), orientation: 3, width: 157) == 60)
        #expect(luma(face(159, 79, 1, 1, eyes: 159, 79, 159, 79)) == 200, "at least a pixel")
        #expect(measured(grey(1, 1) { _, _ in 5 }, face: nil).luma == 5)
    }

    private func measured(_ picture: GreyPicture, face: Face?) -> Quality {
        Quality(UprightPhoto(picture.inThreeChannels), picture, face: face)
    }
}

@Suite struct BeyondBorderTests {
    private func beyond(_ face: Face, width: Int = 1000, height: Int = 1000) -> BeyondBorder {
        BeyondBorder(FaceSquare(face), width: width, height: height)
    }

    @Test func aFaceWithRoomAroundItReachesOverNoBorder() {
        #expect(
            beyond(face(400, 400, 100, 100, eyes: 430, 430, 470, 430))
                == BeyondBorder(left: 0, top: 0, right: 0, bottom: 0))
    }

    @Test func whatReachesOverABorderIsCountedInPlacesOfTheSquare() {
        // The square of 225 pixels begins 62.5 beyond the left border: nine of its 32 columns of places.
        #expect(
            beyond(face(0, 400, 100, 100, eyes: 30, 430, 70, 430))
                == BeyondBorder(left: 281, top: 0, right: 0, bottom: 0))
        #expect(
            beyond(face(400, 0, 100, 100, eyes: 430, 30, 470, 30))
                == BeyondBorder(left: 0, top: 281, right: 0, bottom: 0))
        #expect(
            beyond(face(900, 400, 100, 100, eyes: 930, 430, 970, 430))
                == BeyondBorder(left: 0, top: 0, right: 281, bottom: 0))
        #expect(
            beyond(face(400, 900, 100, 100, eyes: 430, 930, 470, 930))
                == BeyondBorder(left: 0, top: 0, right: 0, bottom: 281))
    }

    @Test func aCornerCountsOnceForTheBorderThatItIsFarthestBeyond() {
        let corner = beyond(face(0, 0, 100, 100, eyes: 30, 30, 70, 30))
        // Nine columns and nine rows of places; of their corner the diagonal goes to the left: 252 and 243 of 1024.
        #expect(corner == BeyondBorder(left: 246, top: 237, right: 0, bottom: 0))
    }

    @Test func aFaceThatFillsItsPhotoLeavesFourFifthsOfTheSquareOutside() {
        // 14 × 14 of 32 × 32 places are inside; outside are 216, 207, 207 and 198.
        #expect(
            beyond(face(0, 0, 96, 96, eyes: 30, 40, 66, 40), width: 96, height: 96)
                == BeyondBorder(left: 210, top: 202, right: 202, bottom: 193))
    }

    @Test func theSquareIsTurnedWithTheEyes() {
        let level = beyond(face(70, 400, 100, 100, eyes: 100, 430, 140, 430))
        let tilted = beyond(face(70, 400, 100, 100, eyes: 100, 440, 148, 460))
        #expect(level.left == 0 && tilted.left > 0)
    }
}
