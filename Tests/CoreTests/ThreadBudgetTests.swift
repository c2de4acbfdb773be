import Foundation
import Synchronization
import Testing

@testable import Core

@Suite struct ThreadBudgetTests {
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
    func mapReturnsResultsInOrderForAnySize(_ processors: Int, _ count: Int) {
        #expect(ThreadBudget(processors).map(count) { "\($0 * $0)" } == (0..<count).map { "\($0 * $0)" })
    }

    @Test func callerComputesAllResultsWithOneThread() {
        let caller = pthread_self()
        let order = Mutex<[Int]>([])
        let own = ThreadBudget(1).map(50) { place in
            order.withLock { $0.append(place) }
            return pthread_equal(pthread_self(), caller) != 0
        }
        #expect(own.allSatisfy { $0 })
        #expect(order.withLock { $0 } == Array(0..<50), "one after the other")
    }

    @Test(arguments: [1, 2]) func mapUsesAtMostBudget(_ processors: Int) {
        let crowd = Crowd()
        _ = ThreadBudget(processors).map(60) { _ in crowd.work() }
        #expect(crowd.most <= processors && crowd.calls == 60)
    }

    /// Classes are split side by side, and each of them ranks its photos so.
    @Test(arguments: [1, 2]) func nestedMapUsesRemainingThreads(_ processors: Int) {
        let crowd = Crowd()
        let few = ThreadBudget(processors)
        let sums = few.map(6) { outer in
            few.map(8) { inner in
                crowd.work()
                return 10 * outer + inner
            }.reduce(0, +)
        }
        #expect(crowd.most <= processors && crowd.calls == 48)
        #expect(sums == (0..<6).map { 80 * $0 + 28 })
        #expect(few.reserve(atMost: 60) == processors - 1, "all threads were given back")
    }

    @Test func budgetIsAtLeastOne() {
        let processors = ThreadBudget(0)
        #expect(processors.count == 1)
        processors.count = -3
        #expect(processors.count == 1 && ThreadBudget.shared.count >= 1)
    }
}
