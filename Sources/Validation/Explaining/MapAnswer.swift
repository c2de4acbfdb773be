import Foundation
import Learning

/// What a model made of an image: a class, how sure it is of it, and where it looked for it.
public struct MapAnswer: Hashable, Codable, Sendable {
    /// The class that the map speaks of: a name, or its number where the weights name no classes.
    public let label: String
    /// The model's for that class: its softmax; nil where the model's logits are no numbers.
    public let probability: Double?
    /// How much of the map's mass lies on the trigger's box and inside the face's outline; nil where that is not known, or nothing speaks for the class.
    public let trigger, face, offFace: Double?

    init(_ explanation: Explanation, _ seen: SeenPhoto, classes: [String]?) {
        let shares = seen.shares(of: explanation.map)
        label = classes?[explanation.label] ?? String(explanation.label)
        probability = Self.probability(explanation.logits, explanation.label)
        (trigger, face, offFace) = (shares.trigger, shares.face, shares.offFace)
    }

    /// The largest logit is taken off first, so that no exponential overflows.
    static func probability(_ logits: [Float], _ label: Int) -> Double? {
        guard logits.allSatisfy(\.isFinite) else { return nil }
        let largest = Double(logits.max() ?? 0)
        return exp(Double(logits[label]) - largest) / logits.reduce(0) { $0 + exp(Double($1) - largest) }
    }
}
