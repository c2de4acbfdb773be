import Core
import Foundation

/// A pattern of version names as in a shell: `*` is any text, `?` is one character, and `[ab]` is one of the characters.
/// With an `@`, the pattern is compared with `NAME@V`, otherwise with `NAME`.
public struct VersionPattern: Hashable, Sendable, CustomStringConvertible {
    private let text: String

    /// Nil when `text` has none of the characters `*`, `?` and `[`.
    public init?(_ text: String) {
        guard text.contains(where: { "*?[".contains($0) }) else { return nil }
        self.text = text
    }

    /// Whether the pattern is compared with `NAME@V`.
    public var hasNumber: Bool { text.contains("@") }

    /// Returns whether the pattern matches a version. The number of the version only matters if ``hasNumber``.
    public func matches(_ version: VersionReference) -> Bool {
        fnmatch(text, hasNumber ? version.description : version.name.text, FNM_NOESCAPE) == 0
    }

    public var description: String { String(text.prefix(80)) }
}
