import Core

/// A dataset version by name and number.
public typealias VersionName = Name<Version>

/// What a person types: `NAME`, the newest, or `NAME@V`.
public struct VersionReference: Hashable, Sendable, CustomStringConvertible {
    public let name: VersionName
    /// Nil means the newest.
    public let number: Int?

    public init(name: VersionName, number: Int? = nil) {
        self.name = name
        self.number = number
    }

    /// Nil where `text` is neither form.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = VersionName(parts[0]) else { return nil }
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0, String(number) == parts[1] else { return nil }
            self.init(name: name, number: number)
        } else {
            self.init(name: name)
        }
    }

    public var description: String { number.map { "\(name)@\($0)" } ?? name.text }
}
