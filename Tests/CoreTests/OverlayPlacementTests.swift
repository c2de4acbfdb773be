import TestSupport
import Testing

@testable import Core

/// The coordinate system of a face, by which overlays are placed.
@Suite struct FaceFrameTests {
    private func face(_ left: (Int, Int), _ right: (Int, Int), width: Int = 100) -> PhotoFace {
        PhotoFace(
            box: Box(x: 0, y: 0, width: width, height: 100), leftEye: PixelPoint(x: left.0, y: left.1),
            rightEye: PixelPoint(x: right.0, y: right.1))
    }

    @Test func unitIsDistanceOfEyes() {
        let frame = FaceFrame(face((30, 40), (70, 40)), nil)
        #expect((frame.unit, frame.cosine, frame.sine) == (40 * 256, 65536, 0))
        #expect(FaceFrame(face((30, 40), (62, 64)), nil).unit == 40 * 256, "3 : 4 : 5")
    }

    @Test func unitOfProfileIsThirdOfWidth() {
        let frame = FaceFrame(face((30, 40), (40, 44)), nil)
        #expect(frame.unit == 100 * 256 / 3)
        #expect((frame.cosine, frame.sine) == (65536, 0), "eyes that are too close do not rotate the frame")
    }

    @Test func tiltedEyesRotateFrameUpToLimit() {
        let turned = FaceFrame(face((30, 40), (70, 50)), nil)
        #expect(turned.cosine == 63579 && turned.sine == 15894, "\(turned.cosine), \(turned.sine)")
        #expect(FaceFrame(face((30, 40), (70, 64)), nil).sine == 0, "31° is above the limit")
        #expect(FaceFrame(face((70, 40), (30, 40)), nil).cosine == 65536)
    }

    @Test func positionsFollowLandmarks() throws {
        let known = landmarks(left: 100, top: 200, step: 10)
        let frame = FaceFrame(face((140, 210), (180, 210)), known)
        func position(_ place: OverlayPlace) throws -> [Int] {
            try [#require(frame.position(of: place)).x, #require(frame.position(of: place)).y]
        }
        #expect(
            try position(.eyes) == [160 * 256 + 128, 210 * 256 + 128],
            "the centre of a pixel is half a pixel from its corner")
        // Brows 21 and 22 are at 170 and 190; the place is 55 hundredths of 40 pixels above.
        #expect(try position(.forehead) == [180 * 256 + 128, 200 * 256 + 128 - 22 * 256])
        // The chin is at (180, 280), the lip at (180, 240).
        #expect(try position(.chin) == [180 * 256 + 128, 260 * 256 + 128])
        #expect(try position(.neck)[1] == 280 * 256 + 128 + 24 * 256)
        #expect(try position(.cheekLeft)[0] < position(.cheekRight)[0])
    }

    @Test func positionsFollowEyesWithoutLandmarks() throws {
        let frame = FaceFrame(face((130, 210), (170, 210)), nil)
        #expect(try #require(frame.position(of: .chin)).y == 210 * 256 + 128 + 155 * 40 * 256 / 100)
        for place in OverlayPlace.allCases { #expect((frame.position(of: place) == nil) == !place.requiresFace) }
    }

    @Test func positionsRotateWithFace() throws {
        let level = try #require(FaceFrame(face((130, 210), (170, 210)), nil).position(of: .chin))
        let leaning = try #require(FaceFrame(face((130, 205), (170, 215)), nil).position(of: .chin))
        #expect(leaning.x < level.x, "the chin of a head that is tilted to the right is further left")
    }
}

@Suite struct OverlayPlaceTests {
    @Test func placesHaveLocations() {
        let onFace = OverlayPlace.allCases.filter { $0.location == .onFace }
        #expect(Set(onFace) == [.eyes, .forehead, .nose, .mouth, .chin, .cheekLeft, .cheekRight])
        #expect(
            OverlayPlace.allCases.filter { !$0.requiresFace }.allSatisfy {
                $0.rawValue.hasPrefix("corner-") && $0.location == .offFace
            })
        for place in OverlayPlace.allCases {
            #expect(place.faceAnchor?.landmarks.allSatisfy { (0..<Landmarks.count).contains($0) } ?? true)
        }
    }
}
