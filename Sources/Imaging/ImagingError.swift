import Core

/// An error for a file that gave no picture: the reason, and what the user can do.
public struct ImagingError: ReportableError, Hashable {
    public enum Code: String, Sendable {
        case empty
        case notAPhoto = "not-a-photo"
        case tooManyBytes = "too-many-bytes"
        case tooManyPixels = "too-many-pixels"
        case damaged
        /// Decoding needs more memory or more work than a photo may use.
        case overBudget = "over-budget"
        /// A library failed, and the input cannot be the cause.
        case failed
    }

    public let code: Code
    /// What failed, and where.
    public let message: String
    /// What the user can do.
    public let nextStep: String?

    public init(_ code: Code, _ message: String, nextStep: String?) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
    }

    public var exitCode: CurareError.Code { code == .failed ? .bug : .badInput }
}
