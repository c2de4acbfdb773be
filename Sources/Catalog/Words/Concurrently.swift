import Dispatch

/// `count` results in their order, each made by `work` on whichever processor is free: for pure work alone, so that nothing hangs on how many there are.
///
/// - Parameters:
///   - processors: whose threads may help. A call within `work` gets those that nobody uses; where none is left, the caller's thread does everything, result after result.
///   - work: is given the result's place, 0 to `count` − 1.
package func concurrently<Result: Sendable>(
    _ count: Int, on processors: Processors = .all, _ work: @Sendable (Int) -> Result
) -> [Result] {
    let helpers = processors.take(atMost: count - 1)
    guard helpers > 0 else { return (0..<count).map(work) }
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
        nonisolated(unsafe) let places = buffer
        let next = NextPlace()
        DispatchQueue.concurrentPerform(iterations: helpers + 1) { number in
            // Each place is written by one call alone.
            while case let place = next.take(), place < count { places.initializeElement(at: place, to: work(place)) }
            // One of them stands for the caller, who goes on working.
            if number > 0 { processors.giveBack(1) }
        }
        initialized = count
    }
}
