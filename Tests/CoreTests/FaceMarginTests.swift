import Core
import Testing

@Suite struct FaceMarginTests {
    @Test(arguments: [
        ("wide", 225), ("tight", 140), ("1", 100), ("4", 400), ("1.4", 140), ("2.25", 225), ("1.05", 105),
        ("2.50", 250),
    ])
    func textIsRead(_ text: String, _ hundredths: Int) {
        #expect(FaceMargin(text)?.hundredths == hundredths)
    }

    @Test(arguments: ["", "0.99", "4.01", "1.405", "-2", "narrow", "Wide", "2x", "999999999999999", "1e12"])
    func otherTextIsRejected(_ text: String) {
        #expect(FaceMargin(text) == nil)
    }

    @Test(arguments: [
        ("256-face-srgb", FaceMargin.wide), ("256-face-1.4-srgb", .tight), ("64-face-1-grey", FaceMargin("1")!),
        ("64-centre-grey", .wide),
    ])
    func profileHasOneName(_ name: String, _ margin: FaceMargin) {
        #expect(Profile(name: name)?.name == name)
        #expect(Profile(name: name)?.margin == margin)
    }

    @Test(arguments: [
        "256-face-2.25-srgb", "256-face-1.40-srgb", "256-face-tight-srgb", "256-centre-1.4-srgb", "256-face-0.5-srgb",
        "256-face--srgb", "256-face-1.4-1.4-srgb", "256-1.4-face-srgb",
    ])
    func otherProfileNamesAreRejected(_ name: String) {
        #expect(Profile(name: name) == nil)
    }

    @Test func onlyFaceCropsHaveAMargin() {
        #expect(Profile(size: 64, crop: .centre, margin: .tight) == Profile(size: 64))
        #expect(Profile(size: 64, crop: .face, margin: .tight) != Profile(size: 64, crop: .face))
    }
}
