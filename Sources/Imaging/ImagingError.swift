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
    public let message: String
    public let nextStep: String

    public init(_ code: Code, _ message: String, next nextStep: String) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
    }

    public var description: String { "\(message); \(nextStep)" }
}
