import CDNNL

/// The OpenMP threads that oneDNN and the loops of this module run on.
///
/// oneDNN 2.6.3 divides work by the number of threads that OpenMP reports. oneDNN returns *silently wrong gradients* if
/// OpenMP delivers fewer (`OMP_THREAD_LIMIT`, `OMP_DYNAMIC`). Therefore a team counts its threads before any
/// computation, and fails unless the count is exact. OpenMP keeps its settings for each calling thread: use a team from
/// one thread at a time, and never inside one of its own loops. Every trainer and classifier counts again.
public final class ThreadTeam {
    /// Number of threads.
    public let threads: Int

    private init(threads: Int) { self.threads = threads }

    /// - Parameter threads: 1 … 1024. More than the machine's cores are of no use.
    /// - Throws: ``LearningError`` (`threads`) unless OpenMP delivers exactly that many.
    public static func open(threads: Int) throws(LearningError) -> ThreadTeam {
        guard (1...1024).contains(threads) else {
            throw LearningError(.threads, "the number of threads is \(threads)", nextStep: "use 1 to 1024 threads")
        }
        let team = ThreadTeam(threads: threads)
        try team.recount()
        return team
    }

    /// Sets the number of threads for the calling thread and counts them.
    /// - Throws: ``LearningError`` (`threads`) if the count is not ``threads``.
    public func recount() throws(LearningError) {
        guard omp_in_parallel() == 0 else {
            throw LearningError(
                .threads, "a thread team was counted inside a parallel region",
                nextStep: "call it outside of OpenMP loops")
        }
        omp_set_dynamic(0)
        omp_set_num_threads(Int32(threads))
        let delivered = delivered()
        guard delivered == threads else {
            throw LearningError(
                .threads, "OpenMP delivered \(delivered) of \(threads) threads",
                nextStep: "unset OMP_THREAD_LIMIT, or use \(delivered) threads")
        }
    }

    /// Returns the number of threads that ran: each thread sets its own mark.
    private func delivered() -> Int {
        let marks = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1024)
        marks.initialize(repeating: 0)
        defer { marks.deallocate() }
        // 0 threads: oneDNN opens its parallel regions this way too.
        GOMP_parallel(
            { raw in raw?.storeBytes(of: 1, toByteOffset: min(Int(omp_get_thread_num()), 1023), as: UInt8.self) },
            marks.baseAddress, 0, 0)
        return marks.reduce(0) { $0 + Int($1) }
    }

    /// Divides `0 ..< count` into one range for each thread, runs `body` on all of them in parallel, and waits for the
    /// end.
    ///
    /// Ranges begin at multiples of `grain`. They depend only on `count`, `grain` and ``threads``.
    func split(_ count: Int, grain: Int = 16, _ body: @Sendable (Range<Int>) -> Void) {
        withoutActuallyEscaping(body) { body in
            var loop = ParallelLoop(count: count, grain: grain, body: body)
            withUnsafeMutablePointer(to: &loop) { pointer in
                GOMP_parallel(
                    { raw in
                        guard let loop = raw?.assumingMemoryBound(to: ParallelLoop.self).pointee else { return }
                        loop.body(loop.range(of: Int(omp_get_thread_num()), threads: Int(omp_get_num_threads())))
                    }, UnsafeMutableRawPointer(pointer), UInt32(threads), 0)
            }
        }
    }

    /// The body of a loop, and the rule that divides its indices.
    private struct ParallelLoop {
        let count, grain: Int
        let body: @Sendable (Range<Int>) -> Void

        func range(of thread: Int, threads: Int) -> Range<Int> {
            let grains = (count + grain - 1) / grain
            let from = min(count, grains * thread / threads * grain)
            let to = min(count, grains * (thread + 1) / threads * grain)
            return from..<to
        }
    }
}
