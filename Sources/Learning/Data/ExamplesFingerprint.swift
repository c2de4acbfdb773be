import Crypto
import Foundation

/// What tells one run's examples from another's: their number, keys and labels in order, not their pixels.
enum ExamplesFingerprint {
    /// The SHA-256, in hex, of a line `key<TAB>label` for each example.
    /// - Throws: ``LearningError`` (`data`) where there are none, or a label is no class.
    static func checked(_ examples: some LabelledExamples, classes: Int) throws(LearningError) -> String {
        guard examples.count > 0 else {
            throw LearningError(.data, "there are no examples to train on", next: "give at least one")
        }
        var hash = SHA256()
        for index in 0..<examples.count {
            let label = examples.label(at: index)
            guard (0..<classes).contains(label) else {
                throw LearningError(
                    .data, "example \(examples.key(at: index)) has the label \(label) of \(classes) classes",
                    next: "give labels from 0 to \(classes - 1)")
            }
            hash.update(data: Data("\(examples.key(at: index))\t\(label)\n".utf8))
        }
        return hash.finalize().hex
    }
}
