/// Why a training or a classification did not happen: what it is, and what to do.
public struct LearningError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// OpenMP did not deliver the threads asked for; with fewer, oneDNN 2.6.3 gives silently wrong gradients.
        case threads
        /// oneDNN refused or failed where the input cannot be the reason.
        case library
        /// A weights file is damaged, or does not fit the model.
        case weights
        /// A checkpoint is damaged, or belongs to another training.
        case checkpoint
        /// An example has the wrong size, or a label that is no class.
        case data
        /// The model or the plan asks for something that does not exist.
        case settings
        /// The loss is no longer a number.
        case numerics
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
