import Testing

@testable import Learning

@Suite("The memory plan")
struct MemoryPlanTests {
    private let slots: [SlotNeed] = {
        var random = SeededRandom(["slots"])
        return (0..<200).map { _ in
            let first = random.below(100)
            return SlotNeed(
                bytes: 1 + random.below(5000), region: [.shared, .shared, .kept][random.below(3)],
                lifetime: first...first + random.below(20))
        }
    }()

    @Test("no two slots that live at the same time lie on each other")
    func apart() {
        let plan = MemoryPlan(slots)
        for a in slots.indices {
            #expect(plan.offsets[a] % MemoryPlan.alignment == 0 && plan.offsets[a] + slots[a].bytes <= plan.bytes)
            for b in slots.indices where b > a {
                guard
                    slots[a].region == .kept || slots[b].region == .kept
                        || slots[a].lifetime?.overlaps(slots[b].lifetime ?? 0...0) == true
                else { continue }
                #expect(
                    plan.offsets[a] + slots[a].bytes <= plan.offsets[b]
                        || plan.offsets[b] + slots[b].bytes <= plan.offsets[a])
            }
        }
    }

    @Test("slots of different times share room")
    func shares() {
        let all = slots.reduce(0) { $0 + $1.bytes }
        #expect(MemoryPlan(slots).bytes < all * 6 / 10)
    }

    @Test("gradients lie as their weights do")
    func gradients() {
        let plan = MemoryPlan(
            [100, 5000, 64].flatMap {
                [SlotNeed(bytes: $0, region: .weights), SlotNeed(bytes: $0, region: .gradients)]
            })
        #expect(plan.weights.count == plan.gradients.count)
        for n in 0..<3 {
            #expect(
                plan.offsets[2 * n] - plan.weights.lowerBound == plan.offsets[2 * n + 1] - plan.gradients.lowerBound)
        }
    }
}
