import Testing

@testable import Imaging

/// A face whose eyes are where a test says.
func face(
    _ left: Int, _ top: Int, _ width: Int, _ height: Int, eyes leftX: Int, _ leftY: Int, _ rightX: Int, _ rightY: Int
) -> Face {
    Face(
        box: PixelBox(left: left, top: top, width: width, height: height), leftEye: PixelPoint(x: leftX, y: leftY),
        rightEye: PixelPoint(x: rightX, y: rightY))
}

@Suite struct FaceSquareTests {
    @Test func theSquareLiesAroundTheMiddleOfTheBoxWithNineQuartersOfItsSide() {
        let square = FaceSquare(face(100, 50, 80, 80, eyes: 124, 80, 156, 80))
        #expect((square.doubledX, square.doubledY, square.side) == (280, 180, 180))
        #expect((square.cosine, square.sine) == (65536, 0))
        #expect(FaceSquare(face(0, 0, 3, 8, eyes: 1, 3, 2, 3)).side == 18, "the longer side counts")
        #expect(FaceSquare(face(0, 0, 1, 1, eyes: 0, 0, 0, 0)).side == 2)
    }

    @Test func theEyesSayWhatIsLevel() {
        // 12-5-13: 23° off the level.
        let tilted = FaceSquare(face(0, 0, 100, 100, eyes: 20, 40, 68, 60))
        #expect((tilted.cosine, tilted.sine) == (60494, 25206))
        let other = FaceSquare(face(0, 0, 100, 100, eyes: 20, 60, 68, 40))
        #expect((other.cosine, other.sine) == (60494, -25206))
    }

    @Test func eyesThatCannotBeSuchTurnNothing() {
        // Too near each other, 37° off the level, exchanged, one.
        for odd in [
            face(0, 0, 100, 100, eyes: 50, 40, 60, 41), face(0, 0, 100, 100, eyes: 20, 40, 60, 70),
            face(0, 0, 100, 100, eyes: 70, 40, 30, 40), face(0, 0, 100, 100, eyes: 50, 50, 50, 50),
        ] {
            #expect((FaceSquare(odd).cosine, FaceSquare(odd).sine) == (65536, 0))
        }
    }
}
