/// How long a slot's numbers are needed.
enum Region: Sendable {
    /// From the first step that touches it to the last: its room is shared with slots of other times.
    case shared
    /// For the program's whole life.
    case kept
    /// For the program's whole life, among the trained parameters.
    case weights
    /// For the program's whole life, at the same offset as its parameter.
    case gradients
}

/// What has to be known of a slot to give it room.
struct SlotNeed: Sendable {
    let bytes: Int
    let region: Region
    /// The first and last steps that touch it; nil where none does.
    var lifetime: ClosedRange<Int>?
}

/// Where each slot of a program lies within its one piece of memory.
///
/// Shared slots are placed largest first, each at the lowest offset where no slot of an overlapping lifetime lies (Pisarchyk and Lee,
/// "Efficient Memory Management for Deep Neural Net Inference", 2020, section 5.2: greedy by size).
struct MemoryPlan: Sendable {
    /// In bytes: a cache line, and the widest vector.
    static let alignment = 64

    /// By slot, in bytes.
    private(set) var offsets: [Int]
    private(set) var weights = 0..<0
    private(set) var gradients = 0..<0
    private(set) var bytes = 0

    init(_ slots: [SlotNeed]) {
        offsets = Array(repeating: 0, count: slots.count)
        weights = appendRegion(.weights, slots)
        gradients = appendRegion(.gradients, slots)
        _ = appendRegion(.kept, slots)
        placeShared(slots)
    }

    private mutating func appendRegion(_ region: Region, _ slots: [SlotNeed]) -> Range<Int> {
        let start = bytes
        for (index, slot) in slots.enumerated() where slot.region == region {
            offsets[index] = bytes
            bytes += Self.aligned(slot.bytes)
        }
        return start..<bytes
    }

    private mutating func placeShared(_ slots: [SlotNeed]) {
        let start = bytes
        var placed: [(lifetime: ClosedRange<Int>, bytes: Range<Int>)] = []
        let order = slots.indices.filter { slots[$0].region == .shared && slots[$0].lifetime != nil }.sorted {
            (slots[$1].bytes, $0) < (slots[$0].bytes, $1)
        }
        for index in order {
            guard let lifetime = slots[index].lifetime else { continue }
            let size = Self.aligned(slots[index].bytes)
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
