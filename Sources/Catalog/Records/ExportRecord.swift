import Core

/// A folder that was written with the images of a version, for others to train on.
public struct ExportRecord: Hashable, Sendable {
    /// `NAME@V`
    public let version: String
    /// The version's digest.
    public let digest: FileDigest
    public let format: String
    /// Whether classes go by numbers there.
    public let isAnonymous: Bool
    /// The whole path at that time.
    public let path: String
    /// UTC, ISO 8601.
    public let made: String

    public init(version: String, digest: FileDigest, format: String, isAnonymous: Bool, path: String, made: String) {
        (self.version, self.digest, self.format, self.isAnonymous, self.path, self.made) = (
            version, digest, format, isAnonymous, path, made
        )
    }
}
