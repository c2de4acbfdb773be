import Core
import Foundation

/// Labelled training photos without their pixels. Keys and labels must be fast to look up.
public protocol LabelledExamples: Sendable {
    var count: Int { get }

    /// The photo's identifier. Augmentation is sampled from (seed, epoch, key).
    func key(at index: Int) -> String

    /// A class index, 0 ..< classes. Not used in inference.
    func label(at index: Int) -> Int
}

/// Photos with pixels, labels and keys, by index.
///
/// A background thread assembles batches, one call at a time, while the model computes.
public protocol ExampleSource: LabelledExamples {
    /// 3·size·size bytes: rows from top to bottom, each pixel as red, green, blue.
    func pixels(at index: Int) throws -> [UInt8]
}

/// Order of training examples: the permutations of epochs 0, 1, 2, … one after another, cut into batches of one size.
///
/// Every batch is full, and every example occurs once an epoch.
struct ExampleOrder: Sendable {
    let count, batch, seed: Int

    /// One example of one epoch.
    struct Position: Hashable, Sendable {
        let epoch, index: Int
    }

    /// Returns the batch of an optimizer step, counted from 0.
    func batch(at step: Int) -> [Position] {
        var permutations: [Int: [Int]] = [:]
        return (step * batch..<(step + 1) * batch).map { index in
            let epoch = index / count
            let order = permutations[epoch] ?? permutation(of: epoch)
            permutations[epoch] = order
            return Position(epoch: epoch, index: order[index % count])
        }
    }

    private func permutation(of epoch: Int) -> [Int] {
        var random = SeededRandom(["curare-order", String(seed), String(epoch)])
        return random.permutation(count)
    }
}

/// Digest of the keys and labels of a run's examples, in order. Pixels are not included.
enum ExamplesDigest {
    /// Returns the SHA-256, in hex, of a line `key<TAB>label` for each example.
    /// - Throws: ``LearningError`` (`data`) if there are no examples, or a label is out of range.
    static func checked(_ examples: some LabelledExamples, classes: Int) throws(LearningError) -> String {
        guard examples.count > 0 else {
            throw LearningError(.data, "there are no examples to train on", nextStep: "give at least one")
        }
        var hasher = SHA256Hasher()
        for index in 0..<examples.count {
            let label = examples.label(at: index)
            guard (0..<classes).contains(label) else {
                throw LearningError(
                    .data,
                    "example \(examples.key(at: index)) has the label \(label), but there are \(classes) classes",
                    nextStep: "give labels from 0 to \(classes - 1)")
            }
            hasher.update("\(examples.key(at: index))\t\(label)\n".utf8)
        }
        let digest: FileDigest = hasher.finalize()
        return digest.hex
    }
}

/// Feature maps of the frozen layers for all training examples, in memory. The remaining layers train on them.
public struct FeatureCache: LabelledExamples {
    /// For each view and example, channels × side × side, row-major.
    private let views: [[[Float]]]
    private let keys: [String]
    private let labels: [Int]

    /// - Parameters:
    ///   - views: one or more. Epoch e trains on view e modulo their number.
    ///   - examples: the examples that the maps were computed from, in the same order.
    /// - Throws: ``LearningError`` (`data`) if there is not one map for each example, or the maps differ in size.
    public init(_ views: [[[Float]]], of examples: some LabelledExamples) throws(LearningError) {
        let size = views.first?.first?.count ?? 0
        guard !views.isEmpty, views.allSatisfy({ $0.count == examples.count && $0.allSatisfy { $0.count == size } })
        else {
            throw LearningError(
                .data, "the feature maps do not have \(size) numbers for each of \(examples.count) examples",
                nextStep: "give one output of the frozen layers for each example")
        }
        self.views = views
        keys = (0..<examples.count).map(examples.key)
        labels = (0..<examples.count).map(examples.label)
    }

    public var count: Int { labels.count }

    public func key(at index: Int) -> String { keys[index] }

    public func label(at index: Int) -> Int { labels[index] }

    /// Number of values of one example.
    var size: Int { views[0].first?.count ?? 0 }

    func maps(at position: ExampleOrder.Position) -> [Float] { views[position.epoch % views.count][position.index] }
}
