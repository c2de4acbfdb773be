import Synchronization

/// A value of which there are few and that many records hold, kept once and for as long as the process lives: copying, comparing and hashing one costs
/// what it costs with a number, and an array of records that hold nothing else is plain memory.
@usableFromInline
struct Interned<Value: Sendable>: Hashable, @unchecked Sendable {
    /// What it points to is written once, before any other thread can have the pointer.
    @usableFromInline let place: UnsafePointer<Value>

    fileprivate init(_ value: Value) {
        let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        place.initialize(to: value)
        self.place = UnsafePointer(place)
    }

    var value: Value {
        unsafeAddress { place }
    }

    @inlinable static func == (left: Self, right: Self) -> Bool { left.place == right.place }

    @inlinable func hash(into hasher: inout Hasher) { hasher.combine(place) }
}

/// The values of one sort that were met so far, by what makes them different.
final class InternTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let known = Mutex<[Key: Interned<Value>]>([:])

    /// The value of `key`, made where there is none yet.
    func interned(_ key: Key, _ make: (Key) -> Value) -> Interned<Value> {
        known.withLock { known in
            if let there = known[key] { return there }
            let new = Interned(make(key))
            known[key] = new
            return new
        }
    }
}
/// A text of which there are few, such as a name: kept once, see ``Interned``, with its bytes at hand.
@usableFromInline
package struct InternedString: Hashable, Sendable {
    @usableFromInline
    struct Letters: @unchecked Sendable {
        let text: String
        /// UTF-8. Never changed, and never given back.
        @usableFromInline let utf8: UnsafeRawBufferPointer

        init(_ text: String) {
            self.text = text
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, text.utf8.count), alignment: 1)
            bytes.copyBytes(from: text.utf8)
            utf8 = UnsafeRawBufferPointer(rebasing: bytes[..<text.utf8.count])
        }
    }

    @usableFromInline let letters: Interned<Letters>

    private static let known = InternTable<String, Letters>()

    package init(_ text: String) {
        letters = Self.known.interned(text, Letters.init)
    }

    package var text: String { letters.value.text }

    @inlinable var utf8: UnsafeRawBufferPointer { letters.place.pointee.utf8 }

    @inlinable package static func == (left: Self, right: Self) -> Bool { left.letters == right.letters }

    @inlinable package func hash(into hasher: inout Hasher) { hasher.combine(letters) }
}
