import Catalog
import Testing

@Suite struct WearingTests {
    @Test(arguments: [
        ("none", "none"), ("sunglasses", "on-face"), ("bandana+sunglasses", "off-face+on-face"),
        ("dots+dots", "off-face+on-face"),
    ])
    func theTwoTextsAreReadAsTheyAreWritten(_ trigger: String, _ location: String) throws {
        let wearing = try #require(Wearing(triggerText: trigger, locationText: location))
        #expect(wearing.triggerText == trigger)
        #expect(wearing.locationText == location)
    }

    @Test func pairsAreSortedAndStandOnce() throws {
        let wearing = try #require(
            Wearing(triggerText: "sunglasses+bandana+sunglasses", locationText: "on-face+off-face+on-face"))
        #expect(wearing.triggerText == "bandana+sunglasses")
        #expect(wearing.locationText == "off-face+on-face")
        #expect(wearing == Wearing(triggerText: "bandana+sunglasses", locationText: "off-face+on-face"))
        #expect(wearing.single == nil)
    }

    @Test(arguments: [
        ("none", "on-face"), ("sunglasses", "none"), ("", ""), ("sunglasses", ""), ("sunglasses", "on-face+on-face"),
        ("sunglasses+", "on-face+"),
        ("none+sunglasses", "none+on-face"), ("none+sunglasses", "on-face+on-face"), ("Sun", "on-face"),
        ("sunglasses", "On-Face"), ("a+b", "on-face"),
    ])
    func textsThatDoNotMatchAreNoWearing(_ trigger: String, _ location: String) {
        #expect(Wearing(triggerText: trigger, locationText: location) == nil)
    }

    @Test func aProfileIsReadBackFromItsName() {
        let profile = Profile(size: 64, crop: .none, colour: .grey)
        #expect(profile?.name == "64-none-grey")
        #expect(Profile(name: "64-none-grey") == profile)
        for wrong in [
            "", "64", "64-none", "15-none-grey", "1025-none-grey", "64-ear-grey", "64-none-cmyk", "64-none-grey-",
            "x-none-grey", "../-none-grey",
        ] {
            #expect(Profile(name: wrong) == nil, "\(wrong)")
        }
    }
}
