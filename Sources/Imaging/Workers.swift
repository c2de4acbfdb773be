import Foundation

/// Threads that work on many elements at once and hand the results over in the elements' order, so that nothing written
/// hangs on how many there are.
public struct Workers: Sendable {
    public let count: Int

    /// - Parameter count: at least one thread is used.
    public init(_ count: Int) {
        self.count = max(1, count)
    }

    /// One for each processor that the system offers.
    public static var all: Workers { Workers(ProcessInfo.processInfo.activeProcessorCount) }

    /// Calls `work` for every element on some thread, and `consume` with each result on the caller's thread, in order.
    ///
    /// At most four results a thread wait to be consumed, whatever the number of elements. Where `consume` throws, what is
    /// under way ends, nothing new begins, and the error is thrown on.
    public func forEach<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) -> Result,
        inOrder consume: (Element, Result) throws -> Void
    ) throws {
        guard !elements.isEmpty else { return }
        let belt = Belt<Result>(length: elements.count, window: 4 * count)
        let ended = DispatchGroup()
        for _ in 0..<min(count, elements.count) {
            ended.enter()
            let thread = Thread {
                while let index = belt.next() { belt.put(work(elements[index]), at: index) }
                ended.leave()
            }
            // Codecs keep large tables on the stack.
            thread.stackSize = 8 << 20
            thread.start()
        }
        defer { ended.wait() }
        do {
            for element in elements { try consume(element, belt.take()) }
        } catch {
            belt.stop()
            throw error
        }
    }

    /// Every result, in the elements' order.
    public func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) -> Result
    ) -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(elements.count)
        // Nothing here throws.
        try? forEach(elements, work) { results.append($1) }
        return results
    }
}

/// Results on their way from many threads to one; all state is behind one condition.
private final class Belt<Result: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let length: Int
    private let window: Int
    private var begun = 0
    private var taken = 0
    private var waiting: [Int: Result] = [:]
    private var isStopped = false

    init(length: Int, window: Int) {
        (self.length, self.window) = (length, window)
    }

    /// The index to work on next; nil where there is none. Waits while too many results lie unconsumed.
    func next() -> Int? {
        condition.lock()
        defer { condition.unlock() }
        while begun < length, begun - taken >= window, !isStopped { condition.wait() }
        guard begun < length, !isStopped else { return nil }
        begun += 1
        return begun - 1
    }

    func put(_ result: Result, at index: Int) {
        condition.lock()
        defer { condition.unlock() }
        waiting[index] = result
        condition.broadcast()
    }

    /// The next result in order.
    func take() -> Result {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let result = waiting.removeValue(forKey: taken) {
                taken += 1
                condition.broadcast()
                return result
            }
            condition.wait()
        }
    }

    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
    }
}
