import Core

/// The order that selection takes things in, without a random generator: `rank(purpose, key)` is the SHA-256 of the UTF-8 text
/// `curare-1\n<seed>\n<purpose>\n<key>`, smaller first, so that any language can repeat a split.
package struct Ranking: Sendable {
    let seed: Int

    package init(seed: Int) { self.seed = seed }

    func rank(_ purpose: String, _ key: String) -> FileDigest {
        FileDigest.sha256(of: (start(purpose) + key).utf8)
    }

    /// What stands before the key.
    private func start(_ purpose: String) -> String { "curare-1\n\(seed)\n\(purpose)\n" }

    /// `elements` by the rank of their keys.
    package func sorted<Element>(_ elements: [Element], for purpose: String, by key: (Element) -> String) -> [Element] {
        Self.sorted(elements, by: elements.map { rank(purpose, key($0)) })
    }

    /// `elements` by the rank of photos' ids: as above with `key` in hex, hashed side by side where there are many.
    func sorted<Element: Sendable>(_ elements: [Element], for purpose: String, by key: @Sendable (Element) -> PhotoID)
        -> [Element]
    {
        let start = Array(start(purpose).utf8)
        let piece = Self.piece
        let ranks = ThreadBudget.shared.map((elements.count + piece - 1) / piece) { number in
            var text = start + Array(repeating: 0, count: 64)
            return elements[number * piece..<min(elements.count, (number + 1) * piece)].map { element in
                text.withUnsafeMutableBytes { text in
                    key(element).writeHex(to: text.baseAddress! + start.count)
                    return FileDigest.sha256(of: UnsafeRawBufferPointer(text))
                }
            }
        }
        return Self.sorted(elements, by: ranks.flatMap(\.self))
    }

    /// So many are hashed at a stretch.
    private static let piece = 4096

    private static func sorted<Element>(_ elements: [Element], by ranks: [FileDigest]) -> [Element] {
        ranks.indices.sorted { ranks[$0] < ranks[$1] }.map { elements[$0] }
    }
}
