import Testing

@testable import Core

@Suite struct PhotoQualityTests {
    private func quality(
        sharpness: Int = 400, luma: Int = 120, dark: Int = 0, bright: Int = 0, beyond: PhotoQuality.Beyond? = nil
    ) -> PhotoQuality {
        PhotoQuality(sharpness: sharpness, luma: luma, dark: dark, bright: bright, beyond: beyond)
    }

    /// A face in a photo of 1000 × 500.
    private func framing(_ width: Int, _ height: Int, eyes x: Int, _ y: Int) -> FaceFraming {
        FaceFraming(
            PhotoFace(
                box: Box(x: 100, y: 100, width: width, height: height), leftEye: PixelPoint(x: 120, y: 130),
                rightEye: PixelPoint(x: 120 + x, y: 130 + y)), width: 1000, height: 500)
    }

    @Test func flagsHaveThresholds() {
        #expect(
            QualityFlag.flags(quality(sharpness: 250), nil) == []
                && QualityFlag.flags(quality(sharpness: 249), nil) == [.blurred])
        #expect(
            QualityFlag.flags(quality(luma: 40), nil) == [] && QualityFlag.flags(quality(luma: 39), nil) == [.tooDark])
        #expect(
            QualityFlag.flags(quality(dark: 500), nil) == [] && QualityFlag.flags(quality(dark: 501), nil) == [.tooDark]
        )
        #expect(
            QualityFlag.flags(quality(bright: 200), nil) == []
                && QualityFlag.flags(quality(bright: 201), nil) == [.tooBright])
        #expect(
            QualityFlag.flags(nil, framing(32, 40, eyes: 20, 0)) == []
                && QualityFlag.flags(nil, framing(31, 40, eyes: 20, 0)) == [.smallFace])
        #expect(
            QualityFlag.flags(nil, framing(100, 100, eyes: 50, -13)) == []
                && QualityFlag.flags(nil, framing(100, 100, eyes: 50, -14)) == [.tilted])
        let (near, over) = (
            PhotoQuality.Beyond(left: 100, top: 50, right: 0, bottom: 100),
            PhotoQuality.Beyond(left: 100, top: 51, right: 0, bottom: 100)
        )
        #expect(
            QualityFlag.flags(quality(beyond: near), nil) == []
                && QualityFlag.flags(quality(beyond: over), nil) == [.cutOff])
    }

    @Test func photoCanHaveSeveralFlagsOrNone() {
        #expect(
            QualityFlag.flags(quality(sharpness: 10, luma: 3, dark: 999), framing(20, 20, eyes: 10, 9)) == [
                .blurred, .tooDark, .smallFace, .tilted,
            ])
        #expect(QualityFlag.flags(nil, nil) == [])
    }

    @Test func framingDependsOnBoxAndEyes() {
        let tilted = framing(50, 40, eyes: 20, 5)
        #expect((tilted.side, tilted.share, tilted.slope) == (40, 4, 250))
        #expect(framing(100, 100, eyes: 19, 5).slope == nil, "in a profile view the slope cannot be measured")
        #expect(framing(100, 100, eyes: -30, 0).slope == nil && framing(100, 100, eyes: 0, 30).slope == nil)
    }
}
