import Testing

@testable import Learning

@Suite("Order of examples")
struct ExampleOrderTests {
    private let order = ExampleOrder(count: 10, batch: 4, seed: 3)

    @Test("every example occurs once an epoch, and every batch is full")
    func once() {
        let stream = (0..<15).flatMap { order.batch(at: $0) }
        #expect(stream.count == 60)
        for epoch in 0..<6 {
            let part = stream[epoch * 10..<(epoch + 1) * 10]
            #expect(Set(part.map(\.index)) == Set(0..<10))
            #expect(part.allSatisfy { $0.epoch == epoch })
        }
    }

    @Test("the order differs between epochs and seeds")
    func differs() {
        let big = ExampleOrder(count: 100, batch: 100, seed: 3)
        #expect(big.batch(at: 0).map(\.index) != big.batch(at: 1).map(\.index))
        #expect(big.batch(at: 0) != ExampleOrder(count: 100, batch: 100, seed: 4).batch(at: 0))
    }

    @Test("a batch may be larger than the number of examples")
    func small() {
        #expect(ExampleOrder(count: 3, batch: 8, seed: 1).batch(at: 0).map(\.epoch) == [0, 0, 0, 1, 1, 1, 2, 2])
    }
}

@Suite("Prefetcher")
struct PrefetchTests {
    private struct Broken: Error {}

    @Test("all elements arrive in order")
    func order() throws {
        let queue = Prefetcher(0..<50) { $0 * $0 }
        defer { queue.stop() }
        for n in 0..<50 { #expect(try queue.next() == n * n) }
    }

    @Test("an error is thrown in place of its element")
    func error() throws {
        let queue = Prefetcher(0..<5) { if $0 == 2 { throw Broken() } else { $0 } }
        defer { queue.stop() }
        #expect(try queue.next() == 0)
        #expect(try queue.next() == 1)
        #expect(throws: Broken.self) { try queue.next() }
    }

    @Test("the thread ends when it is stopped early")
    func stopped() throws {
        let queue = Prefetcher(0..<1_000_000) { $0 }
        #expect(try queue.next() == 0)
        queue.stop()
    }
}
