import Testing

@testable import Learning

/// Compares each layer's gradients with the formulas in double precision (``ReferenceNetwork``).
///
/// The error of a gradient is |g − r| / |r| over the whole tensor, with the reference r. Tolerances are three times the
/// largest error measured with oneDNN 2.6.3 on SSE4.1, AVX2 and AVX-512 (Sapphire Rapids, two threads), rounded:
///
/// | case | weights | biases |
/// |---|---|---|
/// | 8 × 8 planes | 1.7e-6 | 8.2e-6 |
/// | 25088 inputs; 512 and 4096 channels | 1.5e-6 | 8.1e-7 |
/// | 64 × 64 planes | 8.5e-6 (batch norm: the terms cancel) | 1.8e-5 |
///
/// A bias has the larger error because oneDNN adds up the gradients of a plane one after another, in one float for each
/// channel and thread. The terms have one sign here, so rounding errors add up too.
@Suite("Layers in double precision", .serialized)
struct LayerPrecisionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let size: Int
        let batch: Int
        /// Largest relative error of a weight's gradient.
        var tolerance = 5e-6
        /// Largest relative error of a bias's gradient.
        var biasTolerance = 2.5e-5
        let build: @Sendable () -> Graph

        var testDescription: String { name }
    }

    static let small = FiniteDifferenceTests.models.map { Case(name: $0.name, size: 8, batch: 4, build: $0.build) }

    /// Sums as long as those of VGG-16.
    static let long = [
        Case(name: "linear, 25088 inputs", size: 8, batch: 2) {
            FiniteDifferenceTests.model {
                let x = $0.convolution("stem", $0.input, to: 512, kernel: 3, padding: 1, bias: true)
                return $0.linear("fc", $0.adaptiveAveragePool(x, side: 7), to: 3, plane: 49)
            }
        },
        Case(name: "linear, 4096 to 4096", size: 4, batch: 4) {
            FiniteDifferenceTests.model {
                let x = $0.linear("a", $0.globalAveragePool(FiniteDifferenceTests.stem(&$0)), to: 4096)
                return $0.linear("fc", $0.linear("b", x, to: 4096), to: 3)
            }
        },
        Case(name: "convolution, 512 to 512 channels", size: 4, batch: 2) {
            FiniteDifferenceTests.model {
                let x = $0.convolution("stem", $0.input, to: 512, kernel: 3, padding: 1, bias: true)
                let y = $0.convolution("y", x, to: 512, kernel: 3, padding: 1, bias: true)
                return FiniteDifferenceTests.head(y, &$0)
            }
        },
        Case(name: "convolution, 64 × 64 plane", size: 64, batch: 2, tolerance: 3e-5, biasTolerance: 6e-5) {
            FiniteDifferenceTests.model {
                let x = $0.convolution("stem", $0.input, to: 32, kernel: 3, padding: 1, bias: true)
                let y = $0.convolution("y", x, to: 32, kernel: 3, padding: 1, bias: true)
                return $0.linear("fc", $0.adaptiveAveragePool(y, side: 7), to: 3, plane: 49)
            }
        },
        Case(name: "batch norm, 64 × 64 plane", size: 64, batch: 2, tolerance: 3e-5, biasTolerance: 6e-5) {
            FiniteDifferenceTests.model {
                let x = $0.convolution("stem", $0.input, to: 32, kernel: 3, padding: 1)
                let y = $0.batchNorm("y", x, relu: true)
                return $0.linear("fc", $0.adaptiveAveragePool(y, side: 7), to: 3, plane: 49)
            }
        },
    ]

    @Test("Loss and gradients match double precision", arguments: small + long)
    func gradients(_ layer: Case) throws {
        let model = layer.build()
        let labels = Array([0, 2, 1, 1].prefix(layer.batch))
        let step = try TrainingStep(model, size: layer.size, labels: labels)
        let weights = try FormulaNumbers.weights(for: model)
        let loss = try step.loss(weights)
        let images = ReferenceTensor([layer.batch, 3, layer.size, layer.size], step.images.map(Double.init))
        let reference = ReferenceNetwork(model, weights, images: images, labels: labels)
        #expect(abs(loss - reference.loss) <= 1e-6 * reference.loss, "loss \(loss), expected \(reference.loss)")
        let gradients = try step.gradients()
        #expect(Set(gradients.keys) == Set(reference.gradients.keys))
        for (name, expected) in reference.gradients {
            let actual = try #require(gradients[name])
            let error = norm(zip(actual, expected).map { Double($0) - $1 }) / norm(expected)
            let tolerance = name.hasSuffix(".bias") ? layer.biasTolerance : layer.tolerance
            #expect(error <= tolerance, "relative error of the gradient of \(name): \(error)")
        }
    }

    private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
