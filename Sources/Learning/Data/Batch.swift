/// Images as a model takes them: normalized, batch × 3 × size × size, row after row.
struct Batch: Sendable {
    let images: [Float]
    /// Empty in classification.
    let labels: [Int32]

    /// Bytes as the models' numbers: (byte/255 − mean) / deviation, with torchvision's mean and deviation of ImageNet.
    static let colours: [Float] = zip([0.485, 0.456, 0.406] as [Float], [0.229, 0.224, 0.225] as [Float]).flatMap { mean, deviation in
        (0..<256).map { (Float($0) / 255 - mean) / deviation }
    }

    /// The batch that a training plan asks for.
    static func training(_ places: [ExampleOrder.Place], of examples: some ExampleSource, _ plan: TrainingPlan) throws -> Batch {
        let images = try rendered(places.map(\.index), of: examples, size: plan.size, room: places.count) { position in
            let place = places[position]
            return .drawn(plan.augmentation, size: plan.size, seed: plan.seed, epoch: place.epoch, key: examples.key(at: place.index))
        }
        return Batch(images: images, labels: places.map { Int32(examples.label(at: $0.index)) })
    }

    /// Unchanged images; where there are fewer than `room`, black ones fill up the batch.
    static func classification(_ indices: Range<Int>, of examples: some ExampleSource, size: Int, room: Int) throws -> Batch {
        Batch(images: try rendered(Array(indices), of: examples, size: size, room: room) { _ in Placement() }, labels: [])
    }

    private static func rendered(_ indices: [Int], of examples: some ExampleSource, size: Int, room: Int, placement: (Int) -> Placement) throws -> [Float] {
        let each = 3 * size * size
        var images = [Float](repeating: 0, count: room * each)
        for (position, index) in indices.enumerated() {
            let pixels = try examples.pixels(at: index)
            guard pixels.count == each else {
                throw LearningError(.data, "example \(examples.key(at: index)) has \(pixels.count) bytes, not 3·\(size)·\(size)", next: "give images of the plan's size")
            }
            let placement = placement(position)
            images.withUnsafeMutableBufferPointer { all in
                placement.render(pixels, size: size, colours: colours, into: UnsafeMutableBufferPointer(rebasing: all[position * each..<(position + 1) * each]))
            }
        }
        return images
    }
}
