/// A whole number kept in 32 bits, as pixels, shares and scores are: a record of a million photos has dozens of them. What is beyond 32 bits, as only a
/// damaged file can say, is the farthest that fits.
@propertyWrapper
public struct WholeNumber: Hashable, Sendable {
    @usableFromInline let stored: Int32

    @inlinable public init(wrappedValue: Int) {
        stored = Int32(clamping: wrappedValue)
    }

    @inlinable public var wrappedValue: Int { Int(stored) }
}
