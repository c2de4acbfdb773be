import Core

/// An error of training or inference, with the next step for the user.
public struct LearningError: ReportableError, Hashable {
    public enum Code: String, Sendable {
        /// OpenMP did not deliver the requested threads. With fewer, oneDNN 2.6.3 returns silently wrong gradients.
        case threads
        /// oneDNN failed for a reason other than the input.
        case library
        /// oneDNN has no implementation of an operation on this processor.
        case unimplemented
        /// A weights file is damaged or does not fit the model.
        case weights
        /// A checkpoint is damaged or belongs to another training.
        case checkpoint
        /// An example has the wrong size or a label out of range.
        case data
        /// The model or the plan has an invalid setting.
        case settings
        /// The loss is not finite, or the training diverges.
        case numerics
    }

    public let code: Code
    public let message: String
    public let nextStep: String?

    public init(_ code: Code, _ message: String, nextStep: String) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
    }

    /// The failure of a library or of the system is not a fault of the input.
    public var exitCode: CurareError.Code {
        switch code {
        case .threads, .library, .unimplemented: .bug
        case .weights, .checkpoint, .data, .settings, .numerics: .badInput
        }
    }
}
