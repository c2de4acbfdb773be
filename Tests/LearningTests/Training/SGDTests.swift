import Testing

@testable import Learning

@Suite("Stochastic gradient descent")
struct SGDTests {
    @Test("two steps are what torch.optim.SGD's definition gives")
    func definition() throws {
        let team = try ThreadTeam.open(threads: 2)
        // Three vectors, so that the two threads' parts differ.
        let (w, g, v) = (SGD.filled(3, with: 2), SGD.filled(3, with: 0.5), SGD.filled(3, with: 0))
        defer { [w, g, v].forEach { $0.deallocate() } }
        let sgd = SGD(momentum: 0.5, weightDecay: 0.25)
        sgd.step(rate: 0.5, w, g, v, team: team)
        // g = 0.5 + 0.25·2 = 1, v = 1, w = 2 − 0.5·1
        #expect(v.allSatisfy { $0 == SIMD16(repeating: 1) } && w.allSatisfy { $0 == SIMD16(repeating: 1.5) })
        sgd.step(rate: 0.25, w, g, v, team: team)
        // g = 0.5 + 0.25·1.5 = 0.875, v = 0.5·1 + 0.875 = 1.375, w = 1.5 − 0.25·1.375
        #expect(v.allSatisfy { $0 == SIMD16(repeating: 1.375) } && w.allSatisfy { $0 == SIMD16(repeating: 1.15625) })
        #expect(g.allSatisfy { $0 == SIMD16(repeating: 0.5) })
    }
}

extension SGD {
    fileprivate static func filled(_ count: Int, with number: Float) -> Vectors {
        let vectors = Vectors.allocate(capacity: count)
        vectors.initialize(repeating: SIMD16(repeating: number))
        return vectors
    }
}
