import Core
import Documents

/// How a version's photos were gathered into groups.
public struct Grouping: Hashable, Sendable {
    /// The name of the perceptual hash.
    public let method: String
    /// Bits in which near-duplicates differ at most.
    public let distance: Int

    /// By the perceptualHash that this Curare measures.
    public init(within distance: GroupDistance) {
        (method, self.distance) = (PerceptualHash.hash, distance.bits)
    }

    var json: JSONValue { .object(["method": .text(method), "distance": .number(distance)]) }

    /// Nil where a key is missing. A method that this Curare does not know is kept: such a version can be read all the same.
    init?(json: JSONValue?) {
        guard let method = json?["method"]?.text, let distance = json?["distance"]?.number else { return nil }
        (self.method, self.distance) = (method, distance)
    }

    /// The distance, where the groups can be made again from perceptualHashes.
    var repeatable: GroupDistance? { method == PerceptualHash.hash ? GroupDistance(distance) : nil }
}
