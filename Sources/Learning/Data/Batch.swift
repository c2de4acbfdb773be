/// Images as a model takes them: normalized, batch × 3 × size × size, row after row.
struct Batch: Sendable {
    let images: [Float]
    /// Empty in classification.
    let labels: [Int32]

    /// The batch that a training plan asks for.
    static func training(
        _ places: [ExampleOrder.Place], of examples: some ExampleSource, _ plan: TrainingPlan, _ pixels: PixelScale
    ) throws -> Batch {
        let images = try rendered(places.map(\.index), of: examples, size: plan.size, pixels, room: places.count) {
            position in
            let place = places[position]
            return .drawn(
                plan.augmentation, size: plan.size, seed: plan.seed, epoch: place.epoch,
                key: examples.key(at: place.index))
        }
        return Batch(images: images, labels: places.map { Int32(examples.label(at: $0.index)) })
    }

    /// Images as they are, or as `view` shows them; where there are fewer than `room`, black ones fill up the batch.
    static func classification(
        _ indices: Range<Int>, of examples: some ExampleSource, size: Int, _ pixels: PixelScale, room: Int,
        seen view: View? = nil
    ) throws -> Batch {
        let images = try rendered(Array(indices), of: examples, size: size, pixels, room: room) { position in
            guard let view else { return Placement() }
            return .drawn(
                view.augmentation, size: size, seed: view.seed, epoch: view.number,
                key: examples.key(at: indices.lowerBound + position))
        }
        return Batch(images: images, labels: [])
    }

    private static func rendered(
        _ indices: [Int], of examples: some ExampleSource, size: Int, _ scale: PixelScale, room: Int,
        placement: (Int) -> Placement
    ) throws -> [Float] {
        let each = 3 * size * size
        let colours = scale.colours
        var images = [Float](repeating: 0, count: room * each)
        for (position, index) in indices.enumerated() {
            let pixels = try examples.pixels(at: index)
            guard pixels.count == each else {
                throw LearningError(
                    .data, "example \(examples.key(at: index)) has \(pixels.count) bytes, not 3·\(size)·\(size)",
                    next: "give images of the plan's size")
            }
            let placement = placement(position)
            images.withUnsafeMutableBufferPointer { all in
                placement.render(
                    pixels, size: size, colours: colours,
                    into: UnsafeMutableBufferPointer(rebasing: all[position * each..<(position + 1) * each]))
            }
        }
        return images
    }
}
