import Testing

@testable import Learning

@Suite("The order of examples")
struct ExampleOrderTests {
    private let order = ExampleOrder(count: 10, batch: 4, seed: 3)

    @Test("every example comes once an epoch, and every batch is full")
    func once() {
        let stream = (0..<15).flatMap { order.batch(at: $0) }
        #expect(stream.count == 60)
        for epoch in 0..<6 {
            let part = stream[epoch * 10..<(epoch + 1) * 10]
            #expect(Set(part.map(\.index)) == Set(0..<10))
            #expect(part.allSatisfy { $0.epoch == epoch })
        }
    }

    @Test("differs between epochs and seeds")
    func differs() {
        let big = ExampleOrder(count: 100, batch: 100, seed: 3)
        #expect(big.batch(at: 0).map(\.index) != big.batch(at: 1).map(\.index))
        #expect(big.batch(at: 0) != ExampleOrder(count: 100, batch: 100, seed: 4).batch(at: 0))
    }

    @Test("a batch may be larger than all examples together")
    func small() {
        #expect(ExampleOrder(count: 3, batch: 8, seed: 1).batch(at: 0).map(\.epoch) == [0, 0, 0, 1, 1, 1, 2, 2])
    }
}
