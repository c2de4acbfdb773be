import Core
import Testing

@Suite struct TriggerStateTests {
    @Test(arguments: [
        ("none", "none"), ("sunglasses", "on-face"), ("bandana+sunglasses", "off-face+on-face"),
        ("dots+dots", "off-face+on-face"),
    ])
    func stateIsRestoredFromTexts(_ trigger: String, _ location: String) throws {
        let triggerState = try #require(TriggerState(triggerText: trigger, locationText: location))
        #expect(triggerState.triggerText == trigger)
        #expect(triggerState.locationText == location)
    }

    @Test func placementsAreSortedAndUnique() throws {
        let triggerState = try #require(
            TriggerState(triggerText: "sunglasses+bandana+sunglasses", locationText: "on-face+off-face+on-face"))
        #expect(triggerState.triggerText == "bandana+sunglasses")
        #expect(triggerState.locationText == "off-face+on-face")
        #expect(triggerState == TriggerState(triggerText: "bandana+sunglasses", locationText: "off-face+on-face"))
        #expect(triggerState.single == nil)
    }

    @Test(arguments: [
        ("none", "on-face"), ("sunglasses", "none"), ("", ""), ("sunglasses", ""), ("sunglasses", "on-face+on-face"),
        ("sunglasses+", "on-face+"),
        ("none+sunglasses", "none+on-face"), ("none+sunglasses", "on-face+on-face"), ("Sun", "on-face"),
        ("sunglasses", "On-Face"), ("a+b", "on-face"),
    ])
    func invalidTextsAreNotAState(_ trigger: String, _ location: String) {
        #expect(TriggerState(triggerText: trigger, locationText: location) == nil)
    }

    @Test func profileIsRestoredFromName() {
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
