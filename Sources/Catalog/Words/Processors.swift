import Foundation
import Synchronization

/// How many threads may work on many photos at once, and how many of them do: whoever calls ``concurrently(_:on:_:)`` has a thread, further ones are taken from here, and are given back.
///
/// The process has one such number, which the command line says once, before any work begins (`--jobs`). It is no argument of the rooms: no result hangs on it, so that none of them has
/// a reason to know it.
package final class Processors: Sendable {
    /// The process's; until the command line says another number, all that the system offers.
    package static let all = Processors(ProcessInfo.processInfo.activeProcessorCount)

    private let most: Atomic<Int>
    private let helpers = Atomic(0)

    package init(_ count: Int) { most = Atomic(max(1, count)) }

    /// Threads that work at most, the caller's among them; at least one does.
    package var count: Int {
        get { most.load(ordering: .relaxed) }
        set { most.store(max(1, newValue), ordering: .relaxed) }
    }

    /// Takes up to `wanted` threads beside the caller's own.
    func take(atMost wanted: Int) -> Int {
        var busy = helpers.load(ordering: .relaxed)
        while true {
            let taken = min(wanted, count - 1 - busy)
            guard taken > 0 else { return 0 }
            let (exchanged, original) = helpers.compareExchange(
                expected: busy, desired: busy + taken, ordering: .relaxed)
            if exchanged { return taken }
            busy = original
        }
    }

    func giveBack(_ threads: Int) { helpers.subtract(threads, ordering: .relaxed) }
}

/// The places of one piece of work, each given out once.
final class NextPlace: Sendable {
    private let next = Atomic(0)

    func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
}
