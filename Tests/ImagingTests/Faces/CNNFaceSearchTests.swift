import Core
import Foundation
import Testing

@testable import Imaging

/// The steps of the search, with a made-up network.
@Suite struct CNNFaceSearchTests {
    /// Returns a network that gives `score` to one output, and −2 to all others.
    private static func network(
        _ score: @escaping @Sendable (_ height: Int, _ width: Int) -> (row: Int, column: Int, score: Float)?
    )
        -> FaceFinder
    {
        .cnn { planes, height, width in
            #expect(planes.count == 3 * height * width)
            func reduced(_ side: Int) -> Int { (0..<3).reduce(side) { side, _ in (side - 5) / 2 + 1 } }
            let columns = reduced(width)
            var scores = [Float](repeating: -2, count: reduced(height) * columns)
            if let face = score(height, width) { scores[face.row * columns + face.column] = face.score }
            return scores
        }
    }

    private let photo: UprightPhoto = {
        var rgb: [UInt8] = []
        for y in 0..<300 {
            for x in 0..<400 { rgb += [UInt8((x + 3 * y) % 251), UInt8(y % 256), 90] }
        }
        return UprightPhoto(Picture(uncheckedWidth: 400, height: 300, rgb: rgb))
    }()

    @Test func aClearFaceHasTheMovedAndEnlargedBox() throws {
        let search = try FaceSearch(photo, with: Self.network { _, _ in (15, 18, 1.2) })
        #expect(search.found == .one && search.confidence == 1200 && search.detector == .cnn)
        #expect(search.landmarks.count == 68)
        let box = try #require(search.face?.box)
        #expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 400 && box.y + box.height <= 300)
    }

    @Test func aWeakFaceIsTheSingleBestBox() throws {
        let weak = try FaceSearch(photo, with: Self.network { _, _ in (15, 18, -0.3) })
        #expect(weak.found == .one && weak.confidence == -300 && weak.face != nil)
        let tooWeak = try FaceSearch(photo, with: Self.network { _, _ in (15, 18, -0.6) })
        #expect(tooWeak == .nothing(.cnn))
    }

    /// The copies of a landscape photo that are turned to the right or left are higher.
    @Test func aTurnedPhotoIsReportedWhenItsScoreIsMuchHigher() throws {
        func search(upright: Float, turned: Float) throws -> FaceSearch {
            try FaceSearch(
                photo, with: Self.network { _, width in (15, 10, width < 300 ? turned : upright) })
        }
        let turned = try search(upright: -0.3, turned: 0.5)
        #expect(turned.suspectedRotation == .right && turned.face == nil && turned.found == .none)
        #expect(try search(upright: 0.4, turned: 0.55).suspectedRotation == nil)
        #expect(try search(upright: 0.95, turned: 3).suspectedRotation == nil)
        #expect(try search(upright: -2, turned: 0.19).suspectedRotation == nil)
    }

    /// Two outputs beside each other: the box is between them, and nearer to the one with the higher score.
    @Test func theBoxIsTheMeanOfTheOutputsAroundTheFace() throws {
        func centre(_ second: Float) throws -> Int {
            let finder = FaceFinder.cnn { _, height, width in
                func reduced(_ side: Int) -> Int { (0..<3).reduce(side) { side, _ in (side - 5) / 2 + 1 } }
                let columns = reduced(width)
                var scores = [Float](repeating: -4, count: reduced(height) * columns)
                // The fine copy has no face, so that the box of the first copy counts.
                guard width < 600 else { return scores }
                scores[15 * columns + 18] = 1.2
                scores[15 * columns + 20] = second
                return scores
            }
            let box = try #require(FaceSearch(photo, with: finder).face?.box)
            return 2 * box.x + box.width
        }
        // An output is eight pixels of the copy of 320 pixels, which are ten of the photo. Twice the centre is compared.
        #expect(try centre(-4) < centre(0.2) && centre(0.2) < centre(1.19))
        #expect(try abs(centre(1.19) - centre(-4) - 20) <= 3)
        #expect(try abs(centre(0.2) - centre(-4) - 13) <= 3)
        #expect(try centre(-0.8) == centre(-4), "2 below the best score does not count")
    }

    /// The copy of 320 pixels is searched first, and a finer copy if there is no clear face.
    @Test func aSmallFaceIsFoundInTheFineCopy() throws {
        let large = UprightPhoto(try photo.picture.scaled(longerSide: 640))
        let finder = Self.network { _, width in width > 600 ? (30, 40, 1.5) : nil }
        #expect(try FaceSearch(large, with: finder).confidence == 1500)
        let none = try FaceSearch(large, with: Self.network { _, width in width > 600 ? (30, 40, -0.1) : nil })
        #expect(none == .nothing(.cnn))
    }

    /// The smallest box of the network has 80 pixels. The size of a smaller face comes from the fine copy, even when the first
    /// copy has the higher score.
    @Test func theSizeOfASmallFaceIsMeasuredInTheFineCopy() throws {
        let large = UprightPhoto(try photo.picture.scaled(longerSide: 640))
        let finder = Self.network { _, width in width > 600 ? (30, 40, 0.3) : (15, 18, 1.5) }
        let search = try FaceSearch(large, with: finder)
        #expect(search.confidence == 300)
        #expect(try #require(search.face).box.width <= 90)
    }

    @Test func aNetworkWithAnotherNumberOfScoresIsAnError() {
        #expect(throws: ImagingError.self) { try FaceSearch(photo, with: .cnn { _, _, _ in [1] }) }
    }

    /// The centre of the box moves down by 0.075 of the side, and the side grows by 0.09.
    @Test func faceBoxReachesFromTheEyebrowsToTheChin() {
        #expect(
            CNNFaceSearch.faceBox(Box(x: 100, y: 100, width: 100, height: 100))
                == Box(x: 95, y: 103, width: 109, height: 109))
        #expect(
            CNNFaceSearch.faceBox(Box(x: -100, y: -100, width: 100, height: 100))
                == Box(x: -105, y: -97, width: 109, height: 109))
    }

    @Test func landmarksOfTheMeanShapeGiveTheirOwnBox() throws {
        let grey = GreyPicture(width: 200, height: 200, luma: [UInt8](repeating: 128, count: 40_000))
        let box = Box(x: 40, y: 50, width: 100, height: 100)
        let fitted = try FaceDetector.fittingBox(FaceDetector.landmarks(in: grey, box))
        #expect(abs(fitted.x - box.x) < 15 && abs(fitted.y - box.y) < 15 && abs(fitted.width - box.width) < 20)
    }
}
