import Foundation
import Synchronization

// Compact storage for the facts of a million photos. `make bench-scale` measures the time and the memory of these
// types.

/// An integer that is stored in 32 bits. A catalog of a million photos holds dozens of these numbers for each photo.
///
/// A value outside the 32-bit range, which only a damaged file can contain, becomes the nearest value inside. The type
/// is public because public properties use it; the wrapped properties are plain `Int` for all callers.
@propertyWrapper
public struct Int32Backed: Hashable, Sendable {
    @usableFromInline let stored: Int32

    @inlinable public init(wrappedValue: Int) {
        stored = Int32(clamping: wrappedValue)
    }

    @inlinable public var wrappedValue: Int { Int(stored) }
}

/// A pointer to a value that is stored once until the process ends.
///
/// Many records share few distinct values. Copying, comparing and hashing cost the same as with a pointer, and an array
/// of records that contain nothing else needs no reference counting.
@usableFromInline
struct Interned<Value: Sendable>: Hashable, @unchecked Sendable {
    /// The value is written once, before another thread can obtain the pointer.
    @usableFromInline let address: UnsafePointer<Value>

    fileprivate init(_ value: Value) {
        let address = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        address.initialize(to: value)
        self.address = UnsafePointer(address)
    }

    var value: Value {
        unsafeAddress { address }
    }

    @inlinable static func == (left: Self, right: Self) -> Bool { left.address == right.address }

    @inlinable func hash(into hasher: inout Hasher) { hasher.combine(address) }
}

/// The interned values of one type, by the keys that distinguish them.
final class InternTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let values = Mutex<[Key: Interned<Value>]>([:])

    /// Returns the value of `key`. Creates the value if `key` is new.
    func interned(_ key: Key, _ make: (Key) -> Value) -> Interned<Value> {
        values.withLock { values in
            if let value = values[key] { return value }
            let value = Interned(make(key))
            values[key] = value
            return value
        }
    }
}

/// A string that many records share, stored once (see ``Interned``), with direct access to its UTF-8 bytes.
@usableFromInline
package struct InternedString: Hashable, Sendable {
    @usableFromInline
    struct Storage: @unchecked Sendable {
        let text: String
        /// UTF-8. The bytes are never changed and never deallocated.
        @usableFromInline let utf8: UnsafeRawBufferPointer

        init(_ text: String) {
            self.text = text
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, text.utf8.count), alignment: 1)
            bytes.copyBytes(from: text.utf8)
            utf8 = UnsafeRawBufferPointer(rebasing: bytes[..<text.utf8.count])
        }
    }

    @usableFromInline let storage: Interned<Storage>

    private static let table = InternTable<String, Storage>()

    package init(_ text: String) {
        storage = Self.table.interned(text, Storage.init)
    }

    package var text: String { storage.value.text }

    /// The UTF-8 bytes of ``text``. They stay valid until the process ends.
    @inlinable package var utf8: UnsafeRawBufferPointer { storage.address.pointee.utf8 }

    @inlinable package static func == (left: Self, right: Self) -> Bool { left.storage == right.storage }

    @inlinable package func hash(into hasher: inout Hasher) { hasher.combine(storage) }
}

/// A dictionary from byte strings to values: a hash table with open addressing.
///
/// A lookup creates no `String`. A scan of the catalog looks up several names for each row.
package struct ByteKeyedCache<Value> {
    private struct Entry {
        let hash: UInt64
        /// The offset of the key in ``keys``.
        let start: Int
        let length: Int
        let value: Value
    }

    private var entries: [Entry] = []
    private var keys: [UInt8] = []
    /// Indices in ``entries``; −1 is a free slot. The count is a power of two, and at least half of the slots are free.
    private var slots: [Int32] = Array(repeating: -1, count: 64)

    package init() {}

    /// The value of the key `bytes`; nil if the key is new.
    package subscript(bytes: UnsafeRawBufferPointer) -> Value? {
        let index = slots[slot(of: Self.hash(bytes), bytes)]
        return index < 0 ? nil : entries[Int(index)].value
    }

    /// Returns the value of the key `bytes`. Creates and stores the value if the key is new.
    package mutating func value(of bytes: UnsafeRawBufferPointer, orMake make: () throws -> Value) rethrows -> Value {
        let hash = Self.hash(bytes)
        let index = slots[slot(of: hash, bytes)]
        if index >= 0 { return entries[Int(index)].value }
        let value = try make()
        if 2 * (entries.count + 1) > slots.count { grow() }
        slots[slot(of: hash, bytes)] = Int32(entries.count)
        entries.append(Entry(hash: hash, start: keys.count, length: bytes.count, value: value))
        keys += bytes
        return value
    }

    /// Stores a value. A key that has a value already keeps it.
    package mutating func put(_ value: Value, at text: String) {
        var text = text
        text.withUTF8 { bytes in _ = self.value(of: UnsafeRawBufferPointer(bytes)) { value } }
    }

    /// Returns the slot that contains the index of the key `bytes`, or the free slot for that index.
    private func slot(of hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] >= 0, !isKey(bytes, hash, of: Int(slots[slot])) { slot = (slot + 1) & mask }
        return slot
    }

    private func isKey(_ bytes: UnsafeRawBufferPointer, _ hash: UInt64, of index: Int) -> Bool {
        let length = entries[index].length
        guard entries[index].hash == hash, length == bytes.count else { return false }
        guard length > 0 else { return true }
        let start = entries[index].start
        return keys.withUnsafeBytes { memcmp($0.baseAddress! + start, bytes.baseAddress!, length) == 0 }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: 2 * slots.count)
        let mask = slots.count - 1
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash >> 32) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index)
        }
    }

    /// Returns a hash of the bytes: eight at a time, multiplied and folded.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            offset += 8
        }
        while offset < bytes.count {
            hash = (hash ^ UInt64(bytes[offset])) &* 0x0000_0100_0000_01B3
            offset += 1
        }
        return (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
    }
}
