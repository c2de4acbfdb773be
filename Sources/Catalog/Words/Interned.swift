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
