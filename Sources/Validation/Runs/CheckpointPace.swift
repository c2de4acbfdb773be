/// When a training saves where it stands: after each epoch, unless writing takes more than a tenth of the time.
///
/// A checkpoint of VGG-16 has a gigabyte. Only when it is written hangs on the clock; what it holds does not.
struct CheckpointThrottle {
    private static let share = 10
    private var last: (end: ContinuousClock.Instant, took: Duration)?

    /// Calls `write`, if it is time again.
    mutating func save(now: () -> ContinuousClock.Instant = { .now }, _ write: () throws -> Void) rethrows {
        let start = now()
        if let last, start - last.end < last.took * Self.share { return }
        try write()
        let end = now()
        last = (end, end - start)
    }
}
