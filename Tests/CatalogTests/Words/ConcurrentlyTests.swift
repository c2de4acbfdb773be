import Foundation
import Synchronization
import Testing

@testable import Catalog

@Suite struct ConcurrentlyTests {
    /// How many are at work at once, at most.
    private final class Crowd: Sendable {
        private let state = Mutex((now: 0, most: 0, calls: 0))

        var most: Int { state.withLock { $0.most } }
        var calls: Int { state.withLock { $0.calls } }

        func work() {
            state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.calls + 1) }
            usleep(2000)
            state.withLock { $0.now -= 1 }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 64], [0, 1, 2, 5, 1000])
    func resultsStandInTheirOrder(_ processors: Int, _ count: Int) {
        #expect(concurrently(count, on: Processors(processors)) { "\($0 * $0)" } == (0..<count).map { "\($0 * $0)" })
    }

    @Test func withOneProcessorTheCallerDoesAllOfIt() {
        let caller = pthread_self()
        let order = Mutex<[Int]>([])
        let own = concurrently(50, on: Processors(1)) { place in
            order.withLock { $0.append(place) }
            return pthread_equal(pthread_self(), caller) != 0
        }
        #expect(own.allSatisfy { $0 })
        #expect(order.withLock { $0 } == Array(0..<50), "one after the other")
    }

    @Test(arguments: [1, 2]) func noMoreWorkThanAreAllowed(_ processors: Int) {
        let crowd = Crowd()
        _ = concurrently(60, on: Processors(processors)) { _ in crowd.work() }
        #expect(crowd.most <= processors && crowd.calls == 60)
    }

    /// Classes are split side by side, and each of them ranks its photos so.
    @Test(arguments: [1, 2]) func aCallWithinACallTakesWhatIsLeft(_ processors: Int) {
        let crowd = Crowd()
        let few = Processors(processors)
        let sums = concurrently(6, on: few) { outer in
            concurrently(8, on: few) { inner in
                crowd.work()
                return 10 * outer + inner
            }.reduce(0, +)
        }
        #expect(crowd.most <= processors && crowd.calls == 48)
        #expect(sums == (0..<6).map { 80 * $0 + 28 })
        #expect(few.take(atMost: 60) == processors - 1, "all threads were given back")
    }

    @Test func lessThanOneIsOne() {
        let processors = Processors(0)
        #expect(processors.count == 1)
        processors.count = -3
        #expect(processors.count == 1 && Processors.all.count >= 1)
    }
}
