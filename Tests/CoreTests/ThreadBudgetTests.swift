import Foundation
import Synchronization
import Testing

@testable import Core

@Suite struct ThreadBudgetTests {
    /// Counts the calls, and the largest number of calls at the same time.
    private final class CallCounter: Sendable {
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
    func mapReturnsResultsInOrderForAnySize(_ threads: Int, _ count: Int) {
        #expect(ThreadBudget(threads).map(count) { "\($0 * $0)" } == (0..<count).map { "\($0 * $0)" })
    }

    @Test func callerComputesAllResultsWithOneThread() {
        let caller = pthread_self()
        let order = Mutex<[Int]>([])
        let own = ThreadBudget(1).map(50) { place in
            order.withLock { $0.append(place) }
            return pthread_equal(pthread_self(), caller) != 0
        }
        #expect(own.allSatisfy { $0 })
        #expect(order.withLock { $0 } == Array(0..<50), "in order")
    }

    @Test(arguments: [1, 2]) func mapUsesAtMostBudget(_ threads: Int) {
        let counter = CallCounter()
        _ = ThreadBudget(threads).map(60) { _ in counter.work() }
        #expect(counter.most <= threads && counter.calls == 60)
    }

    /// Selection splits the classes in parallel, and ranks the photos of each class in parallel.
    @Test(arguments: [1, 2]) func nestedMapUsesRemainingThreads(_ threads: Int) {
        let counter = CallCounter()
        let budget = ThreadBudget(threads)
        let sums = budget.map(6) { outer in
            budget.map(8) { inner in
                counter.work()
                return 10 * outer + inner
            }.reduce(0, +)
        }
        #expect(counter.most <= threads && counter.calls == 48)
        #expect(sums == (0..<6).map { 80 * $0 + 28 })
        #expect(budget.reserve(atMost: 60) == threads - 1, "all threads are free again")
    }

    @Test func budgetIsAtLeastOne() {
        let threads = ThreadBudget(0)
        #expect(threads.count == 1)
        threads.count = -3
        #expect(threads.count == 1 && ThreadBudget.shared.count >= 1)
    }
}
