import Foundation

/// State of a run after a step. A resumed run continues as if it had not been interrupted.
public struct Checkpoint: Hashable, Sendable {
    public let plan: TrainingPlan
    /// Completed optimizer steps.
    public let step: Int
    /// Includes the running statistics.
    public let weights: Weights
    /// The optimizer's state: one tensor for each trained parameter and moment.
    public let momentum: Weights
    public let history: [EpochReport]
    /// SHA-256 of the keys and labels of the examples.
    public let examples: String

    private static let format = "curare-checkpoint-1"

    init(plan: TrainingPlan, step: Int, weights: Weights, momentum: Weights, history: [EpochReport], examples: String) {
        self.plan = plan
        self.step = step
        self.weights = weights
        self.momentum = momentum
        self.history = history
        self.examples = examples
    }

    // MARK: File

    /// The checkpoint without its tensors, as JSON under the metadata key `checkpoint`.
    private struct Header: Codable {
        let plan: TrainingPlan
        let step: Int
        let history: [EpochReport]
        let examples: String
        /// ``Models/arithmetic`` of the program that wrote the checkpoint; nil for the first version.
        let arithmetic: String?
    }

    /// Writes the checkpoint as a safetensors file with tensors `weights/…` and `momentum/…`. `put` receives the pieces
    /// in order.
    public func safetensors(put: (UnsafeRawBufferPointer) throws -> Void) throws {
        var tensors: [String: Tensor] = [:]
        for (name, tensor) in weights.tensors { tensors["weights/\(name)"] = tensor }
        for (name, tensor) in momentum.tensors { tensors["momentum/\(name)"] = tensor }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header: Data
        do {
            header = try encoder.encode(
                Header(plan: plan, step: step, history: history, examples: examples, arithmetic: Models.arithmetic))
        } catch {
            throw LearningError(
                .checkpoint, "the header of the checkpoint cannot be encoded", nextStep: "report this error")
        }
        try Weights(tensors).safetensors(
            metadata: ["format": Self.format, "checkpoint": String(decoding: header, as: UTF8.self)], hasDigest: true,
            put: put)
    }

    /// Reads a checkpoint from a file, which may be damaged.
    /// - Throws: ``LearningError``: `weights` for a damaged file, `checkpoint` for a valid file that is not a usable
    ///   checkpoint.
    public init(safetensors bytes: some ContiguousBytes) throws(LearningError) {
        let file = try Weights.read(safetensors: bytes)
        guard file.metadata["format"] == Self.format, let text = file.metadata["checkpoint"] else {
            throw Self.invalid("the file is not a checkpoint of this version of Curare")
        }
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
        } catch {
            throw Self.invalid("the header of the checkpoint is damaged, or is of another version of Curare")
        }
        guard header.arithmetic == Models.arithmetic else {
            throw Self.invalid(
                "the checkpoint was written by a version of Curare with other arithmetic")
        }
        try header.plan.check()
        guard (0...header.plan.steps).contains(header.step) else {
            throw Self.invalid("the checkpoint is at step \(header.step) of \(header.plan.steps)")
        }
        var weights: [String: Tensor] = [:]
        var momentum: [String: Tensor] = [:]
        for (name, tensor) in file.weights.tensors {
            if name.hasPrefix("weights/") {
                weights[String(name.dropFirst("weights/".count))] = tensor
            } else if name.hasPrefix("momentum/") {
                momentum[String(name.dropFirst("momentum/".count))] = tensor
            } else {
                throw Self.invalid("the checkpoint has the unknown tensor \(name)")
            }
        }
        guard file.hasDigest else { throw Self.invalid("the checkpoint has no digest, so its content is unknown") }
        self.init(
            plan: header.plan, step: header.step, weights: Weights(weights), momentum: Weights(momentum),
            history: header.history, examples: header.examples)
    }

    // MARK: Compatibility

    func check(_ plan: TrainingPlan) throws(LearningError) {
        guard plan == self.plan else { throw Self.invalid("the checkpoint belongs to a training with another plan") }
    }

    func check(examples: String) throws(LearningError) {
        guard examples == self.examples else {
            throw Self.invalid("the checkpoint belongs to a training on other examples")
        }
    }

    private static func invalid(_ message: String) -> LearningError {
        LearningError(.checkpoint, message, nextStep: "start the run again without resuming")
    }
}
