import Core

/// The pseudorandom order of selection: `rank(purpose, key)` is the SHA-256 of the UTF-8 text
/// `curare-1\n<seed>\n<purpose>\n<key>`, and smaller ranks come first. Any language can compute the same order.
package struct Ranking: Sendable {
    let seed: Int

    package init(seed: Int) { self.seed = seed }

    func rank(_ purpose: String, _ key: String) -> FileDigest {
        FileDigest.sha256(of: (prefix(purpose) + key).utf8)
    }

    /// The text before the key.
    private func prefix(_ purpose: String) -> String { "curare-1\n\(seed)\n\(purpose)\n" }

    /// Returns the elements in the order of their keys' ranks.
    package func sorted<Element>(_ elements: [Element], for purpose: String, by key: (Element) -> String) -> [Element] {
        Self.sorted(elements, by: elements.map { rank(purpose, key($0)) })
    }

    /// Returns the elements in the order of the ranks of photo ids. Ranks are computed in parallel.
    func sorted<Element: Sendable>(_ elements: [Element], for purpose: String, by key: @Sendable (Element) -> PhotoID)
        -> [Element]
    {
        let prefix = Array(prefix(purpose).utf8)
        let chunk = Self.chunk
        let ranks = ThreadBudget.shared.map((elements.count + chunk - 1) / chunk) { number in
            var text = prefix + Array(repeating: 0, count: 64)
            return elements[(number * chunk)..<min(elements.count, (number + 1) * chunk)].map { element in
                text.withUnsafeMutableBytes { text in
                    key(element).writeHex(to: text.baseAddress! + prefix.count)
                    return FileDigest.sha256(of: UnsafeRawBufferPointer(text))
                }
            }
        }
        return Self.sorted(elements, by: ranks.flatMap(\.self))
    }

    /// The number of ranks that a thread computes at once.
    private static let chunk = 4096

    private static func sorted<Element>(_ elements: [Element], by ranks: [FileDigest]) -> [Element] {
        ranks.indices.sorted { ranks[$0] < ranks[$1] }.map { elements[$0] }
    }
}
