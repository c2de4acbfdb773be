/// What frozen layers gave for the photos of a training, kept in memory: what the layers behind them are trained on.
public struct KeptMaps: LabelledExamples {
    /// For each view and each example, channels × side × side, row after row.
    private let views: [[[Float]]]
    private let keys: [String]
    private let labels: [Int]

    /// - Parameters:
    ///   - views: one or more. Epoch e trains on view e mod their number.
    ///   - examples: what the maps were made of, in the same order.
    /// - Throws: ``LearningError`` (`data`) where the maps are not one an example, or differ in size.
    public init(_ views: [[[Float]]], of examples: some LabelledExamples) throws(LearningError) {
        let size = views.first?.first?.count ?? 0
        guard !views.isEmpty, views.allSatisfy({ $0.count == examples.count && $0.allSatisfy { $0.count == size } })
        else {
            throw LearningError(
                .data, "the maps are not \(size) numbers for each of \(examples.count) examples",
                next: "give each example what the frozen layers gave for it")
        }
        self.views = views
        (keys, labels) = ((0..<examples.count).map(examples.key), (0..<examples.count).map(examples.label))
    }

    public var count: Int { labels.count }

    public func key(at index: Int) -> String { keys[index] }

    public func label(at index: Int) -> Int { labels[index] }

    /// Numbers of an example.
    var size: Int { views[0].first?.count ?? 0 }

    func maps(at place: ExampleOrder.Place) -> [Float] { views[place.epoch % views.count][place.index] }
}
