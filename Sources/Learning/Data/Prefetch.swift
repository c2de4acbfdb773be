import Dispatch
import Foundation
import Synchronization

/// A queue that is filled by a thread of its own, so that the next batch is loaded while this one is computed.
///
/// At most `depth` elements wait. The first error ends the thread, and is thrown where its element would have come.
final class Prefetch<Element: Sendable>: Sendable {
    private struct State {
        var ready: [Result<Element, any Error>] = []
        var stopped = false
    }

    private let state = Mutex(State())
    // Semaphores start at 0, since one may not end below its start.
    private let filled = DispatchSemaphore(value: 0), room = DispatchSemaphore(value: 0),
        ended = DispatchSemaphore(value: 0)

    /// - Parameter make: gives element 0, 1, … of `indices`, called on the queue's thread alone.
    init(_ indices: Range<Int>, depth: Int = 2, make: @escaping @Sendable (Int) throws -> Element) {
        for _ in 0..<depth { room.signal() }
        Thread { [self] in
            for index in indices {
                room.wait()
                if state.withLock({ $0.stopped }) { break }
                let made = Result { try make(index) }
                state.withLock { $0.ready.append(made) }
                filled.signal()
                if case .failure = made { break }
            }
            ended.signal()
        }.start()
    }

    /// The next element; call at most as often as there are indices, and not again after an error.
    func next() throws -> Element {
        filled.wait()
        let made = state.withLock { $0.ready.removeFirst() }
        room.signal()
        return try made.get()
    }

    /// Ends the thread and waits for its end. To be called once, whatever happened before.
    func stop() {
        state.withLock { $0.stopped = true }
        room.signal()
        ended.wait()
    }
}
