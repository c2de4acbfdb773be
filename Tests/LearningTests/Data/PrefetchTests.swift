import Testing

@testable import Learning

@Suite("Loading ahead")
struct PrefetchTests {
    private struct Broken: Error {}

    @Test("gives every element in order")
    func order() throws {
        let queue = Prefetch(0..<50) { $0 * $0 }
        defer { queue.stop() }
        for n in 0..<50 { #expect(try queue.next() == n * n) }
    }

    @Test("throws an error in its element's place")
    func error() throws {
        let queue = Prefetch(0..<5) { if $0 == 2 { throw Broken() } else { $0 } }
        defer { queue.stop() }
        #expect(try queue.next() == 0)
        #expect(try queue.next() == 1)
        #expect(throws: Broken.self) { try queue.next() }
    }

    @Test("ends when it is stopped early")
    func stopped() throws {
        let queue = Prefetch(0..<1_000_000) { $0 }
        #expect(try queue.next() == 0)
        queue.stop()
    }
}
