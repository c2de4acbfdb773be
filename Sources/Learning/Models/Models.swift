/// The models, by their names in a recipe.
public enum Models {
    private static let all: [(name: String, build: @Sendable (Int) -> Graph)] = [
        ("resnet18", resnet18), ("resnet50", resnet50), ("vgg16", vgg16), ("densenet121", densenet121),
        ("dlib-resnet29", dlibResNet29),
    ]

    public static let names = all.map(\.name)

    /// Version of the arithmetic. The version changes whenever the same weights give other bits for the same image on
    /// the same machine; cached features and checkpoints of other versions are not used. Version `2` added Winograd
    /// convolutions.
    public static let arithmetic = "2"

    /// - Parameter classes: 2 … 100,000.
    /// - Throws: ``LearningError`` (`settings`) for an unknown name or another number of classes.
    public static func named(_ name: String, classes: Int) throws(LearningError) -> Graph {
        guard let model = all.first(where: { $0.name == name }) else {
            throw LearningError(
                .settings, "unknown model \(name)", nextStep: "use one of: \(names.joined(separator: ", "))")
        }
        guard (2...100_000).contains(classes) else {
            throw LearningError(.settings, "the number of classes is \(classes)", nextStep: "use 2 to 100000 classes")
        }
        return model.build(classes)
    }
}
