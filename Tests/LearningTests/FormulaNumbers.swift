@testable import Learning

/// Weights and pixels that make_golden.py makes by the same formula, so that golden files hold answers alone.
enum FormulaNumbers {
    /// Numbers of −½ … ½, 24 bits each, from 32-bit integer arithmetic.
    static func numbers(stream: Int, count: Int) -> [Double] {
        (0..<count).map { index in
            var x = (UInt64(index) * 2_654_435_761 + UInt64(stream) * 40_503 + 12_345) & 0xFFFF_FFFF
            x ^= x >> 15
            x = (x * 2_246_822_519) & 0xFFFF_FFFF
            x ^= x >> 13
            return Double(x >> 8) / 0x1p24 - 0.5
        }
    }

    static func weights(for model: Graph) throws -> Weights {
        let parameters = model.parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var tensors: [String: Tensor] = [:]
        for (stream, parameter) in parameters.enumerated() {
            if parameter.kind == .counter {
                tensors[parameter.name] = try Tensor([], .int64([0]))
                continue
            }
            let u = numbers(stream: stream, count: parameter.count)
            let values: [Double] = if parameter.name.hasSuffix("running_var") {
                u.map { 1 + 0.5 * $0 }
            } else if parameter.shape.count == 1, parameter.name.hasSuffix("weight") {
                u.map { 1 + 0.2 * $0 }
            } else if parameter.shape.count == 1 {
                u.map { 0.2 * $0 }
            } else {
                u.map { $0 * (24.0 / Double(parameter.count / parameter.shape[0])).squareRoot() }
            }
            tensors[parameter.name] = try Tensor(parameter.shape, .float32(values.map { Float($0) }))
        }
        return Weights(tensors)
    }

    static func pixels(images: Int, size: Int) -> [[UInt8]] {
        let each = 3 * size * size
        let all = numbers(stream: 1000, count: images * each).map { UInt8((($0 + 0.5) * 256).rounded(.down)) }
        return (0..<images).map { Array(all[$0 * each..<($0 + 1) * each]) }
    }
}

/// Images in memory.
struct ArraySource: ExampleSource {
    let images: [[UInt8]]
    let labels: [Int]

    var count: Int { images.count }
    func key(at index: Int) -> String { "image-\(index)" }
    func label(at index: Int) -> Int { labels[index] }
    func pixels(at index: Int) -> [UInt8] { images[index] }
}
