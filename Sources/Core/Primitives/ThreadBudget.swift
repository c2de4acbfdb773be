import Dispatch
import Foundation
import Synchronization

/// The number of threads that may work on many elements at once, and the parallel loops that use them.
///
/// The process has one budget, ``shared``. The command line sets its size once, before any work begins (`--jobs`). No
/// result of a loop depends on the size: both loops deliver their results in the order of the elements. The work of a
/// loop must not depend on the thread that runs it.
public final class ThreadBudget: Sendable {
    /// The budget of the process: all processors that the system offers, until the command line sets another size.
    public static let shared = ThreadBudget(ProcessInfo.processInfo.activeProcessorCount)

    /// The numbers of threads that a user can request.
    public static let sizes = 1...256

    private let size: Atomic<Int>
    /// Threads in use by ``map(_:_:)``, the callers' own threads not counted.
    private let helpers = Atomic(0)

    /// - Parameter count: a number below 1 counts as 1.
    public init(_ count: Int) { size = Atomic(max(1, count)) }

    /// The largest number of threads that work at once, the caller's thread included. At least 1.
    public var count: Int {
        get { size.load(ordering: .relaxed) }
        set { size.store(max(1, newValue), ordering: .relaxed) }
    }

    /// Computes `count` results on all threads of the budget that are free, and returns them in order.
    ///
    /// - Parameter work: a pure function of the element's index, 0 ..< `count`. A call of `map` inside `work` uses the
    ///   threads that are still free. If no thread is free, the caller's thread computes all results.
    public func map<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
        let helpers = reserve(atMost: count - 1)
        guard helpers > 0 else { return (0..<count).map(work) }
        return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let results = buffer
            let next = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: helpers + 1) { number in
                // Each index is taken by exactly one thread, so no two threads write to one element.
                while case let index = next.add(1, ordering: .relaxed).oldValue, index < count {
                    results.initializeElement(at: index, to: work(index))
                }
                // The reservation does not include the caller's thread, which runs iteration 0.
                if number > 0 { release(1) }
            }
            initialized = count
        }
    }

    /// Computes a result for each element on all threads of the budget that are free, and returns the results in order.
    public func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @Sendable (Element) -> Result
    ) -> [Result] {
        map(elements.count) { work(elements[$0]) }
    }

    /// Calls `work` for every element on some thread, and `consume` with each result on the caller's thread, in order.
    ///
    /// At most four results for each thread wait for `consume`, so that the memory does not depend on the number of
    /// elements. If `consume` throws, the work in progress ends, no other work begins, and the error is thrown. This
    /// loop starts ``count`` threads of its own, with stacks of 8 MB, because codecs store large tables on the stack.
    public func forEach<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) -> Result,
        inOrder consume: (Element, Result) throws -> Void
    ) throws {
        guard !elements.isEmpty else { return }
        let count = count
        let queue = OrderedResultQueue<Result>(length: elements.count, window: 4 * count)
        let ended = DispatchGroup()
        for _ in 0..<min(count, elements.count) {
            ended.enter()
            let thread = Thread {
                while let index = queue.next() { queue.put(work(elements[index]), at: index) }
                ended.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        defer { ended.wait() }
        do {
            for element in elements { try consume(element, queue.take()) }
        } catch {
            queue.stop()
            throw error
        }
    }

    /// Reserves up to `wanted` threads in addition to the caller's own, and returns their number.
    func reserve(atMost wanted: Int) -> Int {
        var busy = helpers.load(ordering: .relaxed)
        while true {
            let reserved = min(wanted, count - 1 - busy)
            guard reserved > 0 else { return 0 }
            let (exchanged, original) = helpers.compareExchange(
                expected: busy, desired: busy + reserved, ordering: .relaxed)
            if exchanged { return reserved }
            busy = original
        }
    }

    func release(_ threads: Int) { helpers.subtract(threads, ordering: .relaxed) }
}

/// Results that many threads compute and one thread consumes in order. One condition protects all state.
private final class OrderedResultQueue<Result: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let length: Int
    private let window: Int
    private var begun = 0
    private var taken = 0
    private var waiting: [Int: Result] = [:]
    private var isStopped = false

    init(length: Int, window: Int) {
        self.length = length
        self.window = window
    }

    /// Returns the next index to compute, or nil after the last. Waits while `window` results were begun and are not
    /// consumed yet.
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

    /// Returns the next result in order. Waits until a thread has computed it.
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
