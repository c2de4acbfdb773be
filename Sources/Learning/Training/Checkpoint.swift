import Foundation

/// A run as it stands after a step: all that is needed to go on as if it had never stopped.
public struct Checkpoint: Hashable, Sendable {
    public let plan: TrainingPlan
    /// Optimizer steps done.
    public let step: Int
    /// Running statistics among them.
    public let weights: Weights
    /// The optimizer's velocities, one tensor a trained parameter.
    public let momentum: Weights
    public let history: [EpochReport]
    /// The SHA-256 of the examples' keys and labels.
    public let examples: String

    private static let format = "curare-checkpoint-1"

    init(plan: TrainingPlan, step: Int, weights: Weights, momentum: Weights, history: [EpochReport], examples: String) {
        (self.plan, self.step, self.weights, self.momentum, self.history, self.examples) = (
            plan, step, weights, momentum, history, examples
        )
    }

    // MARK: File

    /// What stands beside the tensors, as JSON under the metadata key `checkpoint`.
    private struct Account: Codable {
        let plan: TrainingPlan
        let step: Int
        let history: [EpochReport]
        let examples: String
        /// ``Models/arithmetic`` of the program that wrote it; nil of the first.
        let arithmetic: String?
    }

    /// Hands the checkpoint to `put` as a safetensors file, one piece behind the other: tensors `weights/…` and `momentum/…`.
    public func safetensors(put: (UnsafeRawBufferPointer) throws -> Void) throws {
        var tensors: [String: Tensor] = [:]
        for (name, tensor) in weights.tensors { tensors["weights/\(name)"] = tensor }
        for (name, tensor) in momentum.tensors { tensors["momentum/\(name)"] = tensor }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let account: Data
        do {
            account = try encoder.encode(
                Account(plan: plan, step: step, history: history, examples: examples, arithmetic: Models.arithmetic))
        } catch {
            throw LearningError(.checkpoint, "the checkpoint's account cannot be written", next: "report this")
        }
        try Weights(tensors).safetensors(
            metadata: ["format": Self.format, "checkpoint": String(decoding: account, as: UTF8.self)], put: put)
    }

    /// A checkpoint from a file, which may be damaged or foreign.
    /// - Throws: ``LearningError``: `weights` for an unsound file, `checkpoint` for a sound one that is no checkpoint.
    public init(safetensors bytes: some ContiguousBytes) throws(LearningError) {
        let file = try Weights.read(safetensors: bytes)
        guard file.metadata["format"] == Self.format, let text = file.metadata["checkpoint"],
            let account = try? JSONDecoder().decode(Account.self, from: Data(text.utf8))
        else {
            throw Self.refused("the file is no checkpoint of this Curare")
        }
        guard account.arithmetic == Models.arithmetic else {
            throw Self.refused(
                "the checkpoint was written by a program whose numbers differ from this one's in their last bits")
        }
        try account.plan.check()
        guard (0...account.plan.steps).contains(account.step) else {
            throw Self.refused("the checkpoint is at step \(account.step) of \(account.plan.steps)")
        }
        var weights: [String: Tensor] = [:]
        var momentum: [String: Tensor] = [:]
        for (name, tensor) in file.weights.tensors {
            if name.hasPrefix("weights/") {
                weights[String(name.dropFirst("weights/".count))] = tensor
            } else if name.hasPrefix("momentum/") {
                momentum[String(name.dropFirst("momentum/".count))] = tensor
            } else {
                throw Self.refused("the checkpoint has a stray tensor \(name)")
            }
        }
        self.init(
            plan: account.plan, step: account.step, weights: Weights(weights), momentum: Weights(momentum),
            history: account.history, examples: account.examples)
    }

    // MARK: Fit

    func check(_ plan: TrainingPlan) throws(LearningError) {
        guard plan == self.plan else { throw Self.refused("the checkpoint belongs to a training with another plan") }
    }

    func check(examples: String) throws(LearningError) {
        guard examples == self.examples else {
            throw Self.refused("the checkpoint belongs to a training on other examples")
        }
    }

    private static func refused(_ what: String) -> LearningError {
        LearningError(.checkpoint, what, next: "start the run again without resuming")
    }
}
