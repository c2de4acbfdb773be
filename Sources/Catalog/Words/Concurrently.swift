import Dispatch

/// `count` results in their order, each made by `work` on whichever processor is free: for pure work alone, so that nothing hangs on how many there are.
///
/// - Parameter work: is given the result's place, 0 to `count` − 1.
package func concurrently<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
        nonisolated(unsafe) let places = buffer
        // Each place is written by one call alone.
        DispatchQueue.concurrentPerform(iterations: count) { places.initializeElement(at: $0, to: work($0)) }
        initialized = count
    }
}
