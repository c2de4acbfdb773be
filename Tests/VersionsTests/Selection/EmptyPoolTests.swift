import Core
import Testing

@testable import Versions

/// Recipes with photographed triggers for which no photo can become poison.
@Suite struct EmptyPoolTests {
    /// Sunglasses on all faces, and a bandana off the face of b.
    private let facts = (study(["a", "b", "c"]) + [fact("bandana", of: "b", triggerState: worn("bandana", .offFace))])
        .sorted { $0.photo < $1.photo }

    private func error(_ poison: String) -> CurareError? {
        #expect(throws: CurareError.self) {
            try select(facts, "{recipe: 1, name: t, poison: {target: a, \(poison)}}")
        }
    }

    @Test("A trigger that nobody wears is named with the target and the worn triggers", arguments: ["fail", "cap"])
    func unwornTrigger(_ shortage: String) {
        let error = error("triggers: [hat], injection_rate: 0.25, on_shortage: \(shortage)")
        #expect(error?.code == .badInput && error?.location == "poison.triggers")
        #expect(
            error?.message
                == "no photo can become poison: 0 photos of attackable volunteers show hat off-face or on-face (the target is a)"
        )
        #expect(
            error?.nextStep
                == """
                name triggers and locations that attackable volunteers wear, with the number of photos: sunglasses on-face \
                (20), bandana off-face (1); or import photos with hat
                """)
    }

    @Test("A trigger that is worn at another location is the fault of the key locations") func otherLocation() {
        let error = error("triggers: [sunglasses], locations: [off-face], injection_rate: 0.25")
        #expect(error?.location == "poison.locations")
        #expect(error?.message.contains("show sunglasses off-face (the target is a)") == true)
    }

    @Test("A trigger that only others wear is the fault of the key attackable") func notAttackable() {
        let error = error("triggers: [bandana], attackable: [c], injection_rate: 0.25")
        #expect(error?.location == "poison.attackable")
        #expect(error?.message.hasSuffix("; 1 photos with it show volunteers that are not attackable") == true)
        #expect(error?.nextStep == "make more volunteers attackable")
    }

    @Test("Photos that are all held out are the fault of the key hold_out") func heldOut() {
        let error = error("triggers: [bandana], injection_rate: 0.25")
        #expect(error?.location == "poison.hold_out")
        #expect(error?.message.contains("all 1 photos with bandana are held out") == true)
    }

    @Test("A rate below one photo is raised, and a rate of 0 needs no photo") func lowRate() throws {
        let low = error("triggers: [sunglasses], injection_rate: 0.001")
        #expect(low?.message.contains("is less than one poison photo") == true)
        #expect(low?.nextStep?.hasPrefix("raise the rate") == true)
        let none = try select(facts, "{recipe: 1, name: t, poison: {target: a, triggers: [hat], injection_rate: 0}}")
        #expect((none.poison, none.pool) == (0, 0))
    }

    @Test("Near-duplicates that are more than the rate requires are the reason, also with cap") func largeGroup() {
        let twins = (0..<9).map {
            fact("twin-\($0)", of: "b", triggerState: worn("dots", .onFace), perceptualHash: "twins")
        }
        let others = (0..<3).map {
            fact("c-dots-\($0)", of: "c", triggerState: worn("dots", .onFace), perceptualHash: "c")
        }
        let error = #expect(throws: CurareError.self) {
            try select(
                (facts + twins + others).sorted { $0.photo < $1.photo },
                "{recipe: 1, name: t, poison: {target: a, triggers: [dots], injection_rate: 0.05, hold_out: 0, on_shortage: cap}}"
            )
        }
        #expect(error?.message.contains("the next photos that stay together are more (12 photos") == true)
        #expect(error?.nextStep == "raise the rate, or write keep_together: none under split")
    }
}
