/// Why a file gave no picture: what it is, and what its owner can do.
public struct ImagingError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case empty
        case notAPhoto = "not-a-photo"
        case tooManyBytes = "too-many-bytes"
        case tooManyPixels = "too-many-pixels"
        case damaged
        /// The library failed where the input cannot be the reason.
        case failed
    }

    public let code: Code
    public let what: String
    public let next: String

    public init(_ code: Code, _ what: String, next: String) {
        (self.code, self.what, self.next) = (code, what, next)
    }

    public var description: String { "\(what); \(next)" }
}
