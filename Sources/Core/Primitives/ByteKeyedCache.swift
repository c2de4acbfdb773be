import Foundation

/// Values by the bytes of a text, so that the few names of many rows are looked up without making a text of each.
package struct ByteKeyedCache<Value> {
    private struct Entry {
        let hash: UInt64
        /// Where its key lies in ``keys``.
        let start, length: Int
        let value: Value
    }

    private var entries: [Entry] = []
    private var keys: [UInt8] = []
    /// Places in ``entries``, −1 where none is; as many as a power of two, at least half of them free.
    private var slots: [Int32] = Array(repeating: -1, count: 64)

    package init() {}

    /// The value of `bytes`; nil where none was put there.
    package subscript(bytes: UnsafeRawBufferPointer) -> Value? {
        let place = slots[slot(of: Self.hash(bytes), bytes)]
        return place < 0 ? nil : entries[Int(place)].value
    }

    /// The value of `bytes`, made where there is none yet.
    package mutating func value(of bytes: UnsafeRawBufferPointer, orMake make: () throws -> Value) rethrows -> Value {
        let hash = Self.hash(bytes)
        let place = slots[slot(of: hash, bytes)]
        if place >= 0 { return entries[Int(place)].value }
        let value = try make()
        if 2 * (entries.count + 1) > slots.count { grow() }
        slots[slot(of: hash, bytes)] = Int32(entries.count)
        entries.append(Entry(hash: hash, start: keys.count, length: bytes.count, value: value))
        keys += bytes
        return value
    }

    package mutating func put(_ value: Value, at text: String) {
        var text = text
        text.withUTF8 { bytes in _ = self.value(of: UnsafeRawBufferPointer(bytes)) { value } }
    }

    /// The slot that says where `bytes` are, or the free one where that would be said.
    private func slot(of hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] >= 0, !isKey(bytes, hash, of: Int(slots[slot])) { slot = (slot + 1) & mask }
        return slot
    }

    private func isKey(_ bytes: UnsafeRawBufferPointer, _ hash: UInt64, of place: Int) -> Bool {
        let (known, start, length) = (entries[place].hash, entries[place].start, entries[place].length)
        guard known == hash, length == bytes.count, length > 0 else { return known == hash && length == bytes.count }
        return keys.withUnsafeBytes { memcmp($0.baseAddress! + start, bytes.baseAddress!, length) == 0 }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: 2 * slots.count)
        let mask = slots.count - 1
        for (place, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash >> 32) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(place)
        }
    }

    /// Eight bytes at a time, multiplied and folded.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var place = 0
        while place + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            place += 8
        }
        while place < bytes.count {
            hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01b3
            place += 1
        }
        hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        return hash
    }
}
