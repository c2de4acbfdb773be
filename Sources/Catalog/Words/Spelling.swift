/// A text of which there are few, such as a name: kept once, see ``Interned``, with its bytes at hand.
@usableFromInline
struct Spelling: Hashable, Sendable {
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

    init(_ text: String) {
        letters = Self.known.interned(text, Letters.init)
    }

    var text: String { letters.value.text }

    @inlinable var utf8: UnsafeRawBufferPointer { letters.place.pointee.utf8 }

    @inlinable static func == (left: Self, right: Self) -> Bool { left.letters == right.letters }

    @inlinable func hash(into hasher: inout Hasher) { hasher.combine(letters) }
}
