import Core
import Testing

@testable import Learning

@Suite("Augmentation")
struct AugmentationTests {
    private let size = 16
    /// Each byte as its own value.
    private let bytes: [Float] = (0..<3).flatMap { _ in (0..<256).map { Float($0) } }
    private var photo: [UInt8] { FormulaNumbers.pixels(images: 1, size: size)[0] }

    private func render(_ transform: AugmentationTransform) -> [Float] {
        var planes = [Float](repeating: -1, count: 3 * size * size)
        planes.withUnsafeMutableBufferPointer { transform.render(photo, size: size, colours: bytes, into: $0) }
        return planes
    }

    private func pixel(_ row: Int, _ column: Int, _ channel: Int) -> Float {
        Float(photo[3 * (row * size + column) + channel])
    }

    private func expected(_ source: (Int, Int) -> (Int, Int)) -> [Float] {
        (0..<3).flatMap { channel in
            (0..<size * size).map { place in
                let (r, c) = source(place / size, place % size)
                return pixel(r, c, channel)
            }
        }
    }

    @Test("none leaves the pixels unchanged")
    func none() {
        #expect(AugmentationTransform.drawn(.none, size: size, seed: 1, epoch: 3, key: "a") == AugmentationTransform())
        #expect(render(AugmentationTransform()) == expected { ($0, $1) })
    }

    @Test("a mirror is exact")
    func mirror() { #expect(render(AugmentationTransform(mirrored: true)) == expected { ($0, size - 1 - $1) }) }

    @Test("a shift by whole pixels is exact and extends the edges")
    func shift() {
        #expect(
            render(AugmentationTransform(down: 3, right: -2)) == expected { (min($0 + 3, size - 1), max($1 - 2, 0)) })
    }

    @Test("a mirrored shift by whole pixels has exactly the numbers of interpolation")
    func mirroredShift() {
        for down in [-20.0, -3, 0, 5, 30] {
            for right in [-17.0, -1, 0, 4] {
                let expected = expected { row, column in
                    (
                        min(max(row + Int(down), 0), size - 1),
                        min(max(size - 1 - column + Int(right), 0), size - 1)
                    )
                }
                #expect(render(AugmentationTransform(mirrored: true, down: down, right: right)) == expected)
            }
        }
    }

    @Test("a shift by half a pixel is the mean of two pixels")
    func half() {
        let planes = render(AugmentationTransform(right: 0.5))
        #expect(planes[5 * size + 7] == (pixel(5, 7, 0) + pixel(5, 8, 0)) / 2)
    }

    @Test("a rotation by 90° turns rows into columns")
    func quarter() {
        let planes = render(AugmentationTransform(angle: .pi / 2))
        for place in [0, 37, 200] {
            #expect(abs(planes[place] - pixel(size - 1 - place % size, place / size, 0)) < 1e-3)
        }
    }

    @Test(
        "a transform depends on seed, epoch and key, and on nothing else", arguments: [Augmentation.light, .reference])
    func drawing(augmentation: Augmentation) {
        func drawn(_ seed: Int, _ epoch: Int, _ key: String) -> AugmentationTransform {
            .drawn(augmentation, size: 224, seed: seed, epoch: epoch, key: key)
        }
        #expect(drawn(1, 2, "a") == drawn(1, 2, "a"))
        let few = (0..<20).map { "photo-\($0)" }
        #expect(few.map { drawn(1, 2, $0) } != few.map { drawn(2, 2, $0) })
        #expect(few.map { drawn(1, 2, $0) } != few.map { drawn(1, 3, $0) })
        #expect(Set(few.map { drawn(1, 2, $0) }).count > 10)
    }

    @Test("transforms stay within their range and cover it")
    func range() {
        let light = (0..<500).map { AugmentationTransform.drawn(.light, size: 100, seed: 1, epoch: $0, key: "a") }
        #expect(light.allSatisfy { $0.angle == 0 && $0.down == $0.down.rounded() })
        #expect(light.map(\.down).max() == 6 && light.map(\.right).min() == -6)
        #expect((200...300).contains(light.filter(\.mirrored).count))
        let reference = (0..<500).map {
            AugmentationTransform.drawn(.reference, size: 100, seed: 1, epoch: $0, key: "a")
        }
        #expect(reference.allSatisfy { abs($0.angle) <= 20 * .pi / 180 && abs($0.down) <= 20 && abs($0.right) <= 20 })
        #expect(reference.contains { abs($0.angle) > 19 * .pi / 180 } && reference.contains { abs($0.down) > 19 })
    }
}
