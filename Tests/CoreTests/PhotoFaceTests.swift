import TestSupport
import Testing

@testable import Core

@Suite struct PhotoFaceTests {
    @Test func landmarksAreRestoredFromText() {
        let known = landmarks(left: -30, top: 5)
        #expect(known.text.hasPrefix("-30 5 -20 15 "))
        #expect(Landmarks(text: known.text) == known)
    }

    @Test(arguments: [
        "", " ", "1 2", String(repeating: "1 ", count: 136), String(repeating: "1 ", count: 134) + "1",
        String(repeating: "1 ", count: 136) + "1",
        String(repeating: "1 ", count: 135) + "x", String(repeating: "1 ", count: 135) + "1.5",
        String(repeating: "1 ", count: 135) + "99999999999999999999",
        String(repeating: "1 ", count: 135) + "\(Int.min)", String(repeating: "1 ", count: 135) + "16777217",
        String(repeating: "1  ", count: 135) + "1",
    ])
    func invalidTextIsNotLandmarks(_ text: String) {
        #expect(Landmarks(text: text) == nil)
    }

    @Test func landmarksAre68PointsWithinLimit() {
        #expect(Landmarks([]) == nil)
        #expect(Landmarks(Array(repeating: PixelPoint(x: 1, y: 1), count: 67)) == nil)
        #expect(Landmarks(Array(repeating: PixelPoint(x: 1, y: -1 << 24), count: 68)) != nil)
        #expect(Landmarks(Array(repeating: PixelPoint(x: 1 << 25, y: 1), count: 68)) == nil)
    }

    private static let measured = PhotoFace(
        box: Box(x: 0, y: 0, width: 80, height: 80), leftEye: PixelPoint(x: 20, y: 20),
        rightEye: PixelPoint(x: 50, y: 20))

    @Test func landmarksCountOnlyWithTheirFace() {
        let record = FaceRecord(
            found: .one, face: Self.measured, landmarks: landmarks(), confidence: 5, suspectedRotation: nil)
        #expect(KnownFace(record: record).landmarks == landmarks())
        #expect(KnownFace(record: record, marked: Box(x: 15, y: 15, width: 40, height: 40)).landmarks == landmarks())
        #expect(
            KnownFace(record: record, marked: Box(x: 30, y: 15, width: 40, height: 40)).landmarks == nil,
            "one eye is outside")
        #expect(KnownFace(marked: Box(x: 15, y: 15, width: 40, height: 40)).landmarks == nil)
        #expect(KnownFace().landmarks == nil)
    }
}
