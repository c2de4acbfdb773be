import Foundation

/// One piece of zeroed memory.
final class Arena {
    let base: UnsafeMutableRawPointer

    /// - Throws: ``LearningError`` (`settings`) where the machine has not so much.
    init(bytes: Int) throws(LearningError) {
        let machine = ProcessInfo.processInfo.physicalMemory
        guard UInt64(bytes) < machine else {
            throw LearningError(
                .settings, "the model needs \(bytes >> 20) MB at once, of the machine's \(machine >> 20) MB",
                next: "use a smaller batch or image size")
        }
        base = .allocate(byteCount: max(bytes, 1), alignment: MemoryPlan.alignment)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 1))
    }

    deinit { base.deallocate() }
}
