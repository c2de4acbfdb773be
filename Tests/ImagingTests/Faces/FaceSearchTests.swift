import Core
import Testing

@testable import Imaging

@Suite struct FaceChoiceTests {
    private func box(_ left: Int, _ size: Int) -> Box { Box(x: left, y: 10, width: size, height: size) }

    @Test func largestBoxIsChosen() {
        #expect(FaceChoice([box(30, 20), box(40, 30), box(50, 10)], width: 100, height: 100)?.index == 1)
        #expect(FaceChoice([], width: 100, height: 100) == nil)
        #expect(
            FaceChoice([box(20, 20), box(60, 20)], width: 100, height: 100)?.index == 0, "the first of equal boxes")
    }

    @Test func boxNearTheMiddleCountsDouble() {
        #expect(FaceChoice([box(0, 24), box(40, 20)], width: 100, height: 100)?.index == 1)
        #expect(FaceChoice([box(0, 30), box(40, 20)], width: 100, height: 100)?.index == 0)
    }

    @Test func secondBoxOfHalfTheSizeContestsTheChoice() {
        #expect(FaceChoice([box(40, 20)], width: 100, height: 100)?.isContested == false)
        #expect(FaceChoice([box(40, 20), box(0, 10)], width: 100, height: 100)?.isContested == false)
        #expect(FaceChoice([box(40, 20), box(0, 15)], width: 100, height: 100)?.isContested == true)
    }
}

@Suite struct FaceSearchTests {
    @Test func detectorVersionIsReported() {
        #expect(ImagingLibraries.versions["dlib"]?.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    }

    /// The detector finds weak faces in the noise of an enlarged small picture; the search ignores them.
    @Test func noiseHasNoFace() throws {
        for seed in 1...40 {
            var state = UInt32(seed)
            let noise = Picture(
                width: 20, height: 15,
                rgb: (0..<900).map { _ in
                    state = state &* 1_664_525 &+ 1_013_904_223
                    return UInt8(truncatingIfNeeded: state >> 24)
                })!
            #expect(try FaceSearch(UprightPhoto(noise)).face == nil)
        }
    }

    @Test(arguments: [(1, 1), (2, 300), (300, 2), (900, 700)])
    func flatPictureHasNoFace(_ width: Int, _ height: Int) throws {
        let flat = Picture(width: width, height: height, rgb: [UInt8](repeating: 128, count: 3 * width * height))!
        #expect(try FaceSearch(UprightPhoto(flat)) == .nothing(.hog))
    }
}
