import Core
import Testing

@testable import Imaging

@Suite struct FaceCropTests {
    /// Returns a grey picture with a black square of 2·`half` + 1 pixels around each eye.
    private func drawn(width: Int, height: Int, eyes: [(x: Int, y: Int)], half: Int) -> Picture {
        var rgb = [UInt8](repeating: 200, count: 3 * width * height)
        for eye in eyes {
            for y in eye.y - half...eye.y + half {
                for x in eye.x - half...eye.x + half { for band in 0..<3 { rgb[3 * (y * width + x) + band] = 0 } }
            }
        }
        return Picture(width: width, height: height, rgb: rgb)!
    }

    /// Returns the centroid of the dark pixels in the left and in the right half: x, y, x, y.
    private func eyes(in picture: Picture) -> [Double] {
        [0..<picture.width / 2, picture.width / 2..<picture.width].flatMap { columns -> [Double] in
            var (sumX, sumY, weight) = (0.0, 0.0, 0.0)
            for y in 0..<picture.height {
                for x in columns {
                    let dark = Double(200 - Int(picture.rgb[3 * (y * picture.width + x)]))
                    sumX += dark * (Double(x) + 0.5)
                    sumY += dark * (Double(y) + 0.5)
                    weight += dark
                }
            }
            return [sumX / weight, sumY / weight]
        }
    }

    /// The sizes of the image are from a tenth of the square to twice the square. The line through the eyes falls,
    /// rises or is level.
    @Test(arguments: [(18, 0), (64, 0), (180, 0), (360, 0), (64, 10), (90, -10), (300, 12)])
    func eyesAreLevelAndTheFaceIsCentred(_ size: Int, _ drop: Int) throws {
        let picture = drawn(width: 300, height: 260, eyes: [(126, 110 - drop), (174, 110 + drop)], half: 4)
        let face = face(110, 86, 80, 80, eyes: 126, 110 - drop, 174, 110 + drop)
        let cut = try picture.rendered(size: size, crop: .face, colour: .srgb, face: face)
        #expect((cut.width, cut.height) == (size, size))
        let eyes = eyes(in: cut)
        let pixel = Double(size) / 180
        #expect(abs(eyes[1] - eyes[3]) < max(0.3, 0.6 * pixel), "level: \(eyes)")
        // The centre of the box is (150, 126). The midpoint of the eyes is half a pixel to the right of it and 15.5
        // above it. The crop rotates this offset with the line through the eyes.
        let middle = Double(size) / 2
        let length = (48.0 * 48 + 4 * Double(drop * drop)).squareRoot()
        let (cosine, sine) = (48 / length, 2 * Double(drop) / length)
        #expect(
            abs((eyes[0] + eyes[2]) / 2 - (middle + (0.5 * cosine - 15.5 * sine) * pixel)) < max(0.3, 0.6 * pixel),
            "\(eyes)")
        #expect(
            abs((eyes[1] + eyes[3]) / 2 - (middle - (0.5 * sine + 15.5 * cosine) * pixel)) < max(0.3, 0.6 * pixel),
            "\(eyes)")
    }

    @Test func borderPixelsAreRepeatedOutsideThePhoto() throws {
        // Four fields with one colour each. The face is in the top left corner, so that most of the square is outside.
        var rgb: [UInt8] = []
        for y in 0..<40 { for x in 0..<40 { rgb += [x < 20 ? 10 : 250, y < 20 ? 20 : 240, 30] } }
        let picture = Picture(width: 40, height: 40, rgb: rgb)!
        let cut = try picture.rendered(
            size: 90, crop: .face, colour: .srgb, face: face(0, 0, 40, 40, eyes: 12, 15, 28, 15))
        func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(cut.rgb[3 * (y * 90 + x)..<3 * (y * 90 + x) + 3]) }
        #expect(pixel(0, 0) == [10, 20, 30])
        #expect(pixel(89, 0) == [250, 20, 30])
        #expect(pixel(0, 89) == [10, 240, 30])
        #expect(pixel(89, 89) == [250, 240, 30])
        #expect(pixel(40, 40) == [10, 20, 30])
        #expect(pixel(50, 50) == [250, 240, 30])
    }

    @Test(arguments: [1, 16, 31, 256])
    func flatColourIsKeptAtEverySize(_ size: Int) throws {
        let flat = Picture(
            width: 50, height: 40, rgb: Array(repeatElement([UInt8(7), 130, 255], count: 2000).joined()))!
        let cut = try flat.rendered(
            size: size, crop: .face, colour: .srgb, face: face(10, 0, 30, 30, eyes: 15, 10, 33, 14))
        #expect(Set(stride(from: 0, to: cut.rgb.count, by: 3).map { Array(cut.rgb[$0..<$0 + 3]) }) == [[7, 130, 255]])
    }

    /// The digest was computed by an implementation in Python that was written from `docs/format.md` only.
    @Test func pixelsMatchTheSecondImplementation() throws {
        let cut = try pattern(width: 64, height: 48).rendered(
            size: 24, crop: .face, colour: .srgb, face: face(20, 10, 30, 28, eyes: 27, 20, 43, 24))
        #expect(
            cut.digest.hex == "8d49d83555024f3946b20bfb18bc738e5d64664bb03e02f6bac95057784fa795")
    }

    @Test func onlyAFaceCropUsesTheFace() throws {
        let picture = pattern(width: 12, height: 8)
        let somewhere = face(0, 0, 4, 4, eyes: 1, 1, 3, 1)
        let centre = try picture.rendered(size: 8, crop: .centre, colour: .srgb)
        #expect(try picture.rendered(size: 8, crop: .face, colour: .srgb) == centre)
        #expect(try picture.rendered(size: 8, crop: .centre, colour: .srgb, face: somewhere) == centre)
        #expect(try picture.rendered(size: 8, crop: .face, colour: .grey, face: somewhere).rgb.count == 192)
    }
}

/// Returns a face with a box and the positions of its eyes.
func face(
    _ left: Int, _ top: Int, _ width: Int, _ height: Int, eyes leftX: Int, _ leftY: Int, _ rightX: Int, _ rightY: Int
) -> PhotoFace {
    PhotoFace(
        box: Box(x: left, y: top, width: width, height: height), leftEye: PixelPoint(x: leftX, y: leftY),
        rightEye: PixelPoint(x: rightX, y: rightY))
}

@Suite struct FaceSquareTests {
    @Test func squareHasNineQuartersOfTheBoxSide() {
        let square = FaceSquare(face(100, 50, 80, 80, eyes: 124, 80, 156, 80))
        #expect((square.doubledX, square.doubledY, square.side) == (280, 180, 180))
        #expect((square.cosine, square.sine) == (65536, 0))
        #expect(FaceSquare(face(0, 0, 3, 8, eyes: 1, 3, 2, 3)).side == 18, "the longer side counts")
        #expect(FaceSquare(face(0, 0, 1, 1, eyes: 0, 0, 0, 0)).side == 2)
    }

    @Test func marginScalesTheSquare() {
        let box = face(100, 50, 80, 90, eyes: 124, 80, 156, 80)
        #expect((FaceSquare(box, .tight).side, FaceSquare(box, .wide).side) == (126, 202))
        #expect(FaceSquare(box, .tight).doubledX == FaceSquare(box).doubledX)
    }

    @Test func imageHasTheMarginOfTheProfile() throws {
        let picture = scene(width: 400, height: 400)
        let box = face(150, 150, 100, 100, eyes: 175, 190, 225, 190)
        for margin in [FaceMargin.tight, .wide] {
            let profile = try #require(Profile(size: 64, crop: .face, margin: margin))
            let upright = UprightPhoto(picture)
            let image = try upright.rendered(profile, face: box)
            #expect(image == upright.cut(FaceSquare(box, margin), size: 64))
            let placement = try #require(ImagePlacement(profile, width: 400, height: 400, face: box))
            let corner = placement.photoPosition(column: 0, row: 0)
            #expect(abs(corner.x - (200 - Double(margin.hundredths) / 2)) < 1)
        }
    }

    @Test func eyesDefineTheDirection() {
        // A Pythagorean triple, 12-5-13: the line is 23° off the level.
        let tilted = FaceSquare(face(0, 0, 100, 100, eyes: 20, 40, 68, 60))
        #expect((tilted.cosine, tilted.sine) == (60494, 25206))
        let other = FaceSquare(face(0, 0, 100, 100, eyes: 20, 60, 68, 40))
        #expect((other.cosine, other.sine) == (60494, -25206))
    }

    @Test func implausibleEyesAreIgnored() {
        // Eyes that are too close to each other, 37° off the level, exchanged, or at one point.
        for odd in [
            face(0, 0, 100, 100, eyes: 50, 40, 60, 41), face(0, 0, 100, 100, eyes: 20, 40, 60, 70),
            face(0, 0, 100, 100, eyes: 70, 40, 30, 40), face(0, 0, 100, 100, eyes: 50, 50, 50, 50),
        ] {
            #expect((FaceSquare(odd).cosine, FaceSquare(odd).sine) == (65536, 0))
        }
    }
}
