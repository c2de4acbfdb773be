import Foundation

/// Lifetime of a buffer.
enum MemoryRegion: Sendable {
    /// From the first step that uses the buffer to the last. Buffers with disjoint lifetimes share memory.
    case shared
    /// The whole life of the program.
    case persistent
    /// The whole life of the program, in the contiguous region of the trained parameters.
    case weights
    /// The whole life of the program, at the same offset as the parameter.
    case gradients
}

/// Size and lifetime of a buffer, for the memory plan.
struct BufferRequirement: Sendable {
    let bytes: Int
    let region: MemoryRegion
    /// First and last step that use the buffer; nil if no step does.
    var lifetime: ClosedRange<Int>?
}

/// Offset of each buffer of a program in one block of memory.
///
/// Shared buffers are placed in order of size, largest first, each at the lowest offset that is free during its
/// lifetime (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020, section 5.2: greedy
/// by size).
struct MemoryPlan: Sendable {
    /// In bytes: the size of a cache line and of the widest vector.
    static let alignment = 64

    /// In bytes, by buffer.
    private(set) var offsets: [Int]
    private(set) var weights = 0..<0
    private(set) var gradients = 0..<0
    private(set) var bytes = 0

    init(_ buffers: [BufferRequirement]) {
        offsets = Array(repeating: 0, count: buffers.count)
        weights = appendRegion(.weights, buffers)
        gradients = appendRegion(.gradients, buffers)
        _ = appendRegion(.persistent, buffers)
        placeShared(buffers)
    }

    private mutating func appendRegion(_ region: MemoryRegion, _ buffers: [BufferRequirement]) -> Range<Int> {
        let start = bytes
        for (index, buffer) in buffers.enumerated() where buffer.region == region {
            offsets[index] = bytes
            bytes += Self.aligned(buffer.bytes)
        }
        return start..<bytes
    }

    private mutating func placeShared(_ buffers: [BufferRequirement]) {
        let start = bytes
        var placed: [(lifetime: ClosedRange<Int>, bytes: Range<Int>)] = []
        let order = buffers.indices.filter { buffers[$0].region == .shared && buffers[$0].lifetime != nil }.sorted {
            (buffers[$1].bytes, $0) < (buffers[$0].bytes, $1)
        }
        for index in order {
            guard let lifetime = buffers[index].lifetime else { continue }
            let size = Self.aligned(buffers[index].bytes)
            var offset = start
            for other in placed where other.lifetime.overlaps(lifetime) {
                if other.bytes.lowerBound >= offset + size { break }
                offset = max(offset, other.bytes.upperBound)
            }
            offsets[index] = offset
            bytes = max(bytes, offset + size)
            let at = placed.firstIndex { $0.bytes.lowerBound > offset } ?? placed.count
            placed.insert((lifetime, offset..<offset + size), at: at)
        }
    }

    private static func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }
}

/// A block of zeroed memory.
final class Arena {
    let base: UnsafeMutableRawPointer

    /// - Throws: ``LearningError`` (`settings`) if the machine has less memory.
    init(bytes: Int) throws(LearningError) {
        let machine = ProcessInfo.processInfo.physicalMemory
        guard UInt64(bytes) < machine else {
            throw LearningError(
                .settings, "the model needs \(bytes >> 20) MB of memory; the machine has \(machine >> 20) MB",
                nextStep: "use a smaller batch or image size")
        }
        base = .allocate(byteCount: max(bytes, 1), alignment: MemoryPlan.alignment)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 1))
    }

    deinit { base.deallocate() }
}
