import Catalog

/// The order that selection takes things in, without a random generator: `rank(purpose, key)` is the SHA-256 of the UTF-8 text
/// `curare-1\n<seed>\n<purpose>\n<key>`, smaller first, so that any language can repeat a split.
package struct Ranking {
    let seed: Int

    package init(seed: Int) { self.seed = seed }

    func rank(_ purpose: String, _ key: String) -> FileDigest {
        FileDigest.sha256(of: "curare-1\n\(seed)\n\(purpose)\n\(key)".utf8)
    }

    /// `elements` by the rank of their keys.
    package func sorted<Element>(_ elements: [Element], for purpose: String, by key: (Element) -> String) -> [Element] {
        elements.map { (rank(purpose, key($0)), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
