/// The photos of a training, told apart and labelled. Keys and labels must be quick.
public protocol LabelledExamples: Sendable {
    var count: Int { get }

    /// What augmentation is drawn from, with seed and epoch: a photo's id.
    func key(at index: Int) -> String

    /// A class, 0 ..< classes. Not asked for in classification.
    func label(at index: Int) -> Int
}

/// The photos of a training or classification, as Learning sees them: by index, as pixels, with a label and a key.
///
/// Batches are put together on a loading thread, one call at a time, while the model computes.
public protocol ExampleSource: LabelledExamples {
    /// 3·size·size bytes: rows from top to bottom, each pixel red, green, blue.
    func pixels(at index: Int) throws -> [UInt8]
}
