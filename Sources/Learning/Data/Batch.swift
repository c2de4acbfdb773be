import Dispatch
import Foundation
import Synchronization

/// Normalized images, batch × 3 × size × size, row-major.
struct Batch: Sendable {
    let images: [Float]
    /// Empty in classification.
    let labels: [Int32]

    /// Returns the images and labels of one training step.
    static func training(
        _ positions: [ExampleOrder.Position], of examples: some ExampleSource, _ plan: TrainingPlan,
        _ pixels: PixelNormalization
    ) throws -> Batch {
        let images = try rendered(
            positions.map(\.index), of: examples, size: plan.size, pixels, capacity: positions.count
        ) {
            position in
            let example = positions[position]
            return .drawn(
                plan.augmentation, size: plan.size, seed: plan.seed, epoch: example.epoch,
                key: examples.key(at: example.index))
        }
        return Batch(images: images, labels: positions.map { Int32(examples.label(at: $0.index)) })
    }

    /// Returns images for inference, augmented by `view` if given. Black images fill the batch up to `capacity`.
    static func classification(
        _ indices: Range<Int>, of examples: some ExampleSource, size: Int, _ pixels: PixelNormalization, capacity: Int,
        view: AugmentedView? = nil
    ) throws -> Batch {
        let images = try rendered(Array(indices), of: examples, size: size, pixels, capacity: capacity) { position in
            guard let view else { return AugmentationTransform() }
            return .drawn(
                view.augmentation, size: size, seed: view.seed, epoch: view.number,
                key: examples.key(at: indices.lowerBound + position))
        }
        return Batch(images: images, labels: [])
    }

    private static func rendered(
        _ indices: [Int], of examples: some ExampleSource, size: Int, _ scale: PixelNormalization, capacity: Int,
        transform: (Int) -> AugmentationTransform
    ) throws -> [Float] {
        let each = 3 * size * size
        let colours = scale.colours
        var images = [Float](repeating: 0, count: capacity * each)
        for (position, index) in indices.enumerated() {
            let pixels = try examples.pixels(at: index)
            guard pixels.count == each else {
                throw LearningError(
                    .data, "example \(examples.key(at: index)) has \(pixels.count) bytes, not 3·\(size)·\(size)",
                    nextStep: "give images of the plan's size")
            }
            let transform = transform(position)
            images.withUnsafeMutableBufferPointer { all in
                transform.render(
                    pixels, size: size, colours: colours,
                    into: UnsafeMutableBufferPointer(rebasing: all[position * each..<(position + 1) * each]))
            }
        }
        return images
    }
}

/// Normalization of a model's input: byte b of a channel becomes (b/divisor − mean) / deviation.
struct PixelNormalization: Hashable, Sendable {
    let divisor: Float
    let mean, deviation: [Float]

    /// torchvision's: b/255 minus the mean of ImageNet's photos, divided by their deviation.
    static let imageNet = PixelNormalization(
        divisor: 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    /// dlib's `input_rgb_image_sized`: b minus its mean, divided by 256.
    static let dlib = PixelNormalization(divisor: 1, mean: [122.782, 117.001, 104.298], deviation: [256, 256, 256])

    /// The normalized value of each channel's byte, 3 × 256.
    var colours: [Float] {
        zip(mean, deviation).flatMap { mean, deviation in (0..<256).map { (Float($0) / divisor - mean) / deviation } }
    }
}

/// Queue that a background thread fills, so that the next batch loads while the current one is computed.
///
/// At most `depth` elements wait. The first error ends the thread; `next()` throws the error in place of the element.
final class Prefetcher<Element: Sendable>: Sendable {
    private struct State {
        var ready: [Result<Element, any Error>] = []
        var stopped = false
    }

    private let state = Mutex(State())
    // The semaphores start at 0: a semaphore that ends below its initial value traps.
    private let filled = DispatchSemaphore(value: 0), freeSlots = DispatchSemaphore(value: 0),
        ended = DispatchSemaphore(value: 0)

    /// - Parameter make: returns the element of an index. Only the background thread calls it.
    init(_ indices: Range<Int>, depth: Int = 2, make: @escaping @Sendable (Int) throws -> Element) {
        for _ in 0..<depth { freeSlots.signal() }
        Thread { [self] in
            for index in indices {
                freeSlots.wait()
                if state.withLock({ $0.stopped }) { break }
                let made = Result { try make(index) }
                state.withLock { $0.ready.append(made) }
                filled.signal()
                if case .failure = made { break }
            }
            ended.signal()
        }.start()
    }

    /// Returns the next element. Call it at most once for each index, and not after an error.
    func next() throws -> Element {
        filled.wait()
        let made = state.withLock { $0.ready.removeFirst() }
        freeSlots.signal()
        return try made.get()
    }

    /// Stops the thread and waits for its end. Call it exactly once.
    func stop() {
        state.withLock { $0.stopped = true }
        freeSlots.signal()
        ended.wait()
    }
}
