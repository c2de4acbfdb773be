/// A person's decision that a finding of an audit is acceptable. The decision stays until a person opens the finding
/// again, or until the finding lists other photos.
public struct AcceptedFinding: Hashable, Sendable {
    /// The name of the check.
    public let check: String
    /// The key of the finding: 16 hex digits.
    public let key: String
    public let acceptance: Acceptance

    public init(check: String, key: String, _ acceptance: Acceptance) {
        self.check = check
        self.key = key
        self.acceptance = acceptance
    }
}

/// Why a finding is acceptable, and who decided it.
public struct Acceptance: Hashable, Sendable {
    public static let maximumReason = 500

    /// 1 to 500 characters. Can contain hidden characters; escape the text before it is printed.
    public let reason: String
    public let author: Author?
    /// UTC, ISO 8601.
    public let made: String

    /// Creates an acceptance from what a person typed. Spaces around the reason are ignored.
    ///
    /// - Throws: ``CurareError`` (64) if the reason is empty, (65) if the reason is too long or contains a NUL.
    public init(reason: String, author: Author?, made: String) throws {
        let reason = reason.trimmingWhitespace
        guard !reason.isEmpty else {
            throw CurareError(
                .usage, "the reason is empty",
                next: "state why the finding is acceptable: --accept KEY --reason TEXT")
        }
        let count = reason.unicodeScalars.count
        guard count <= Self.maximumReason, !reason.unicodeScalars.contains("\0") else {
            throw CurareError(
                .badInput,
                count > Self.maximumReason
                    ? "the reason has \(count) characters" : "the reason contains the character NUL",
                next: "write at most \(Self.maximumReason) printable characters; nothing was stored")
        }
        self.init(stored: reason, author: author, made: made)
    }

    /// Creates an acceptance from the catalog, whose CHECK constraints have validated the reason.
    package init(stored reason: String, author: Author?, made: String) {
        self.reason = reason
        self.author = author
        self.made = made
    }
}
