import Core
import Testing

@testable import Imaging

@Suite struct QualityTests {
    @Test func exposureIsMeasuredInTheFaceBox() {
        // A face with four rows on white. Luma 8 is the largest value of black.
        let picture = grey(20, 20) { x, y in (8..<12).contains(x) && (4..<8).contains(y) ? [0, 8, 9, 103][y - 4] : 255 }
        let quality = measured(picture, face: face(8, 4, 4, 4, eyes: 9, 5, 11, 5))
        #expect((quality.luma, quality.dark, quality.bright) == (30, 500, 0))
        #expect(quality.beyond != nil)
    }

    @Test func middleIsMeasuredWithoutAFace() {
        let picture = grey(40, 20) { x, y in (15..<25).contains(x) && (5..<15).contains(y) ? (y == 5 ? 250 : 249) : 0 }
        let quality = measured(picture, face: nil)
        #expect((quality.luma, quality.dark, quality.bright) == (249, 0, 100))
        #expect(quality.beyond == nil)
    }

    @Test func faceBoxIsScaledToTheReducedCopy() {
        // The photo is 160 × 80, its copy a quarter of it.
        let copy = grey(40, 20) { x, y in (10..<14).contains(x) && (5..<10).contains(y) ? 60 : 200 }
        func luma(_ box: PhotoFace, orientation: Int = 1, width: Int = 160) -> Int {
            PhotoQuality(
                UprightPhoto(copy.inThreeChannels, .quarter, width: width, height: 80, orientation: orientation), copy,
                face: box
            ).luma
        }
        #expect(luma(face(40, 20, 16, 20, eyes: 44, 24, 52, 24)) == 60)
        // After a rotation by 180°, the copy extends three pixels beyond the left border of the photo.
        #expect(luma(face(37, 20, 16, 20, eyes: 44, 24, 52, 24), orientation: 3, width: 157) == 60)
        #expect(luma(face(159, 79, 1, 1, eyes: 159, 79, 159, 79)) == 200, "at least one pixel is measured")
        #expect(measured(grey(1, 1) { _, _ in 5 }, face: nil).luma == 5)
    }

    private func measured(_ picture: GreyPicture, face: PhotoFace?) -> PhotoQuality {
        PhotoQuality(UprightPhoto(picture.inThreeChannels), picture, face: face)
    }
}

@Suite struct LightTests {
    /// A picture of `width` × `height` pixels with the colour that `colour` returns for each pixel.
    private func picture(_ width: Int, _ height: Int, _ colour: (_ x: Int, _ y: Int) -> [UInt8]) -> Picture {
        Picture(width: width, height: height, rgb: (0..<width * height).flatMap { colour($0 % width, $0 / width) })!
    }

    @Test("The face's box is left out") func outsideTheFace() {
        let photo = UprightPhoto(
            picture(20, 10) { x, y in (4..<9).contains(x) && (2..<8).contains(y) ? [0, 255, 7] : [100, 50, 200] })
        #expect(
            PhotoLight(photo, face: face(4, 2, 5, 6, eyes: 5, 4, 7, 4)) == PhotoLight(red: 1000, green: 500, blue: 2000)
        )
        // 30 of 200 pixels have the colour of the box: 85, 80.75 and 171.05.
        #expect(PhotoLight(photo, face: nil) == PhotoLight(red: 850, green: 808, blue: 1711))
    }

    @Test("A box that contains all pixels counts as no box, and the limits are 0 and 2550") func wholePicture() {
        let white = UprightPhoto(picture(3, 2) { _, _ in [255, 255, 0] })
        #expect(
            PhotoLight(white, face: face(0, 0, 3, 2, eyes: 0, 0, 2, 0)) == PhotoLight(red: 2550, green: 2550, blue: 0))
        #expect(PhotoLight(white, face: nil) == PhotoLight(red: 2550, green: 2550, blue: 0))
    }

    @Test("Means are rounded to the nearest tenth, halves up") func rounding() {
        // Three, two and one of twelve pixels are 1: 0.25, 0.1667 and 0.0833.
        let photo = UprightPhoto(
            picture(4, 3) { x, y in y == 0 ? [x < 3 ? 1 : 0, x < 2 ? 1 : 0, x < 1 ? 1 : 0] : [0, 0, 0] })
        #expect(PhotoLight(photo, face: nil) == PhotoLight(red: 3, green: 2, blue: 1))
    }

    @Test("The box is scaled to the reduced copy") func reducedCopy() {
        let copy = picture(40, 20) { x, y in (10..<14).contains(x) && (5..<10).contains(y) ? [1, 2, 3] : [90, 80, 70] }
        let photo = UprightPhoto(copy, .quarter, width: 160, height: 80, orientation: 1)
        #expect(
            PhotoLight(photo, face: face(40, 20, 16, 20, eyes: 44, 24, 52, 24))
                == PhotoLight(red: 900, green: 800, blue: 700))
    }

    @Test("A measurement contains the light, with and without a search for faces") func measurement() throws {
        let photo = UprightPhoto(picture(8, 8) { _, _ in [12, 34, 56] })
        #expect(
            try PhotoMeasurement(photo, lookingForFaces: false).light == PhotoLight(red: 120, green: 340, blue: 560))
    }
}

@Suite struct BeyondBorderTests {
    private func beyond(_ face: PhotoFace, width: Int = 1000, height: Int = 1000) -> PhotoQuality.Beyond {
        PhotoQuality.Beyond(FaceSquare(face), width: width, height: height)
    }

    @Test func squareInsideThePhotoIsBeyondNoBorder() {
        #expect(
            beyond(face(400, 400, 100, 100, eyes: 430, 430, 470, 430))
                == PhotoQuality.Beyond(left: 0, top: 0, right: 0, bottom: 0))
    }

    /// The square of 225 pixels extends 62.5 pixels beyond a border: nine of its 32 columns or rows of samples.
    @Test(arguments: [
        (0, 400, PhotoQuality.Beyond(left: 281, top: 0, right: 0, bottom: 0)),
        (400, 0, PhotoQuality.Beyond(left: 0, top: 281, right: 0, bottom: 0)),
        (900, 400, PhotoQuality.Beyond(left: 0, top: 0, right: 281, bottom: 0)),
        (400, 900, PhotoQuality.Beyond(left: 0, top: 0, right: 0, bottom: 281)),
    ])
    func samplesBeyondABorderAreCounted(_ left: Int, _ top: Int, _ expected: PhotoQuality.Beyond) {
        #expect(beyond(face(left, top, 100, 100, eyes: left + 30, top + 30, left + 70, top + 30)) == expected)
    }

    @Test func cornerSamplesCountForTheFarthestBorder() {
        let corner = beyond(face(0, 0, 100, 100, eyes: 30, 30, 70, 30))
        // Nine columns and nine rows of samples are outside. In their corner the diagonal counts for the left border:
        // 252 and 243 of 1024.
        #expect(corner == PhotoQuality.Beyond(left: 246, top: 237, right: 0, bottom: 0))
    }

    @Test func faceThatFillsThePhotoHasFourFifthsOutside() {
        // 14 × 14 of 32 × 32 samples are inside; 216, 207, 207 and 198 are outside.
        #expect(
            beyond(face(0, 0, 96, 96, eyes: 30, 40, 66, 40), width: 96, height: 96)
                == PhotoQuality.Beyond(left: 210, top: 202, right: 202, bottom: 193))
    }

    @Test func squareRotatesWithTheEyes() {
        let level = beyond(face(70, 400, 100, 100, eyes: 100, 430, 140, 430))
        let tilted = beyond(face(70, 400, 100, 100, eyes: 100, 440, 148, 460))
        #expect(level.left == 0 && tilted.left > 0)
    }
}

/// Returns a grey picture with the luma that `luma` returns for each pixel.
func grey(_ width: Int, _ height: Int, _ luma: (_ x: Int, _ y: Int) -> Int) -> GreyPicture {
    GreyPicture(width: width, height: height, luma: (0..<width * height).map { UInt8(luma($0 % width, $0 / width)) })
}

@Suite struct SharpnessTests {
    @Test func sharpEdgeLosesTwoThirdsAtEveryContrast() {
        #expect(Sharpness.perMille(grey(32, 32) { x, y in x < 16 && y < 16 ? 200 : 10 }) == 666)
        #expect(Sharpness.perMille(grey(32, 32) { x, y in x < 16 && y < 16 ? 14 : 10 }) == 666)
        #expect(Sharpness.perMille(grey(32, 32) { x, y in (x + y) % 2 * 255 }) == 666)
    }

    @Test func softEdgeLosesLess() {
        // For 0, 30, 60, 90 the mean removes 30 at each end of the ramp and nothing inside.
        func ramp(_ position: Int) -> Int { min(90, max(0, 30 * (position - 14))) }
        #expect(Sharpness.perMille(grey(32, 32) { x, y in ramp(x) + ramp(y) }) == 222)
    }

    @Test func blurInOneDirectionCounts() {
        #expect(
            Sharpness.perMille(grey(32, 32) { x, y in (x % 4 < 2 ? 100 : 0) + 4 * y }) == 0,
            "a uniform slope along the columns loses nothing")
        #expect(Sharpness.perMille(grey(32, 32) { _, _ in 77 }) == 0)
    }

    @Test func sharpnessDoesNotDependOnResolution() {
        func board(_ side: Int) -> GreyPicture {
            grey(32 * side, 32 * side) { x, y in (x / side / 2 + y / side / 3) % 2 * 200 }
        }
        #expect(
            [2, 3, 7].map { Sharpness.perMille(board($0)) } == Array(repeating: Sharpness.perMille(board(1)), count: 3))
        #expect(
            Sharpness.perMille(grey(32 + 10, 32) { x, y in (x + y) % 2 * 255 }) == 666, "the middle square is measured"
        )
    }

    @Test func smallPicturesAreMeasured() {
        #expect(Sharpness.perMille(grey(1, 1) { _, _ in 9 }) == 0)
        #expect(Sharpness.perMille(grey(2, 5) { x, y in 100 * x + 20 * y }) > 0)
    }
}
