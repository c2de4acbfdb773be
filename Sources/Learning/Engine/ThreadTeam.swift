import CDNNL

/// The OpenMP threads that oneDNN and our own loops compute with.
///
/// oneDNN 2.6.3 splits its work by the number of threads that OpenMP promises, and gives *silently wrong gradients* where it delivers
/// fewer (`OMP_THREAD_LIMIT`, `OMP_DYNAMIC`). So a team is opened and counted before anything is computed, and refused unless it is
/// exactly the number asked for. OpenMP keeps its settings by calling thread: use a team from one thread at a time, never from inside
/// one of its own loops; every trainer and classifier counts again.
public final class ThreadTeam {
    /// How many threads were asked for and delivered.
    public let threads: Int

    private init(threads: Int) { self.threads = threads }

    /// - Parameter threads: 1 … 1024, at most as many as the machine has cores to be of use.
    /// - Throws: ``LearningError`` (`threads`) unless exactly that many are delivered.
    public static func open(threads: Int) throws(LearningError) -> ThreadTeam {
        guard (1...1024).contains(threads) else {
            throw LearningError(.threads, "\(threads) threads were asked for", next: "ask for 1 to 1024")
        }
        let team = ThreadTeam(threads: threads)
        try team.recount()
        return team
    }

    /// Sets the calling thread's team and counts it.
    /// - Throws: ``LearningError`` (`threads`) where the count is not ``threads``.
    public func recount() throws(LearningError) {
        guard omp_in_parallel() == 0 else {
            throw LearningError(
                .threads, "a team was counted inside a parallel region", next: "call from outside of any OpenMP loop")
        }
        omp_set_dynamic(0)
        omp_set_num_threads(Int32(threads))
        let delivered = delivered()
        guard delivered == threads else {
            throw LearningError(
                .threads, "OpenMP delivered \(delivered) of \(threads) threads",
                next: "unset OMP_THREAD_LIMIT, or ask for \(delivered)")
        }
    }

    /// Threads that really ran: each marks its own place.
    private func delivered() -> Int {
        let marks = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1024)
        marks.initialize(repeating: 0)
        defer { marks.deallocate() }
        // No number of threads, so that oneDNN's way of opening a region is what is counted.
        GOMP_parallel(
            { raw in raw?.storeBytes(of: 1, toByteOffset: min(Int(omp_get_thread_num()), 1023), as: UInt8.self) },
            marks.baseAddress, 0, 0)
        return marks.reduce(0) { $0 + Int($1) }
    }

    /// Runs `body` on every thread at once, each with its own part of `0 ..< count`, the parts' borders at multiples of `grain`; returns
    /// when all are done. The parts depend on `count`, `grain` and ``threads`` alone.
    func split(_ count: Int, grain: Int = 16, _ body: @Sendable (Range<Int>) -> Void) {
        withoutActuallyEscaping(body) { body in
            var share = Share(count: count, grain: grain, body: body)
            withUnsafeMutablePointer(to: &share) { pointer in
                GOMP_parallel(
                    { raw in
                        guard let share = raw?.assumingMemoryBound(to: Share.self).pointee else { return }
                        share.body(share.part(Int(omp_get_thread_num()), of: Int(omp_get_num_threads())))
                    }, UnsafeMutableRawPointer(pointer), UInt32(threads), 0)
            }
        }
    }

    private struct Share {
        let count, grain: Int
        let body: @Sendable (Range<Int>) -> Void

        func part(_ thread: Int, of threads: Int) -> Range<Int> {
            let grains = (count + grain - 1) / grain
            let from = min(count, grains * thread / threads * grain)
            let to = min(count, grains * (thread + 1) / threads * grain)
            return from..<to
        }
    }
}
