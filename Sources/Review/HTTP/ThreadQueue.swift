import Foundation

/// Threads that run the work of requests one after the other. A request that takes long does not stop the connections.
final class ThreadQueue: @unchecked Sendable {
    // One condition protects all properties.
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var isStopped = false

    /// - Parameter count: the number of threads.
    init(threads count: Int) {
        for _ in 0..<count {
            let thread = Thread { [self] in
                while let work = next() { work() }
            }
            // Codecs store large tables on the stack.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Runs `body` on one of the threads, and returns its result.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            condition.withLock {
                waiting.append { continuation.resume(returning: body()) }
                condition.signal()
            }
        }
    }

    /// Ends the threads after the work that has been added.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isStopped { condition.wait() }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }
}
