import Testing

@testable import Learning

@Suite("Gradients match finite differences of the loss", .serialized)
struct FiniteDifferenceTests {
    static let models: [(name: String, build: @Sendable () -> Graph)] = [
        ("linear", { model { $0.linear("fc", $0.globalAveragePool($0.input), to: 3) } }),
        (
            "convolution with bias",
            { model { head($0.convolution("y", stem(&$0), to: 7, kernel: 3, padding: 1, bias: true), &$0) } }
        ),
        (
            "convolution with stride",
            { model { head($0.convolution("y", stem(&$0), to: 20, kernel: 3, stride: 2, padding: 1), &$0) } }
        ),
        (
            "convolution 1×1 with stride",
            { model { head($0.convolution("y", stem(&$0), to: 20, kernel: 1, stride: 2), &$0) } }
        ),
        ("batch norm", { model { head($0.batchNorm("y", stem(&$0)), &$0) } }),
        ("batch norm with ReLU", { model { head($0.batchNorm("y", stem(&$0), relu: true), &$0) } }),
        ("ReLU", { model { head($0.relu(stem(&$0)), &$0) } }),
        ("max pool", { model { head($0.maxPool(stem(&$0), kernel: 3, stride: 2, padding: 1), &$0) } }),
        ("average pool", { model { head($0.averagePool(stem(&$0), kernel: 2, stride: 2), &$0) } }),
        (
            "sum",
            {
                model {
                    let x = stem(&$0)
                    return head($0.sum($0.convolution("y", x, to: 17, kernel: 3, padding: 1), x), &$0)
                }
            }
        ),
        (
            "sum with ReLU, used twice",
            {
                model {
                    let x = stem(&$0)
                    let y = $0.sum($0.convolution("y", x, to: 17, kernel: 3, padding: 1), x, relu: true)
                    return head($0.sum($0.convolution("z", y, to: 17, kernel: 3, padding: 1), y, relu: true), &$0)
                }
            }
        ),
        (
            "residual block",
            {
                model {
                    let x = stem(&$0)
                    let y = $0.relu($0.convolution("y", x, to: 17, kernel: 3, padding: 1))
                    return head($0.sum($0.convolution("z", y, to: 17, kernel: 3, padding: 1), x, relu: true), &$0)
                }
            }
        ),
        (
            "output used three times",
            {
                model {
                    let x = stem(&$0)
                    let y = $0.convolution("y", x, to: 17, kernel: 3, padding: 1)
                    let z = $0.convolution("z", x, to: 17, kernel: 1)
                    return head($0.sum($0.sum(y, x), z), &$0)
                }
            }
        ),
        ("linear without bias", { model { $0.linear("fc", $0.globalAveragePool(stem(&$0)), to: 3, bias: false) } }),
        ("affine", { model { head($0.affine("y", stem(&$0)), &$0) } }),
        (
            "affine with ReLU behind a max pool",
            { model { head($0.affine("y", $0.maxPool(stem(&$0), kernel: 2, stride: 2), relu: true), &$0) } }
        ),
        ("dropout", { model { head($0.dropout("y", stem(&$0), probability: 0.4), &$0) } }),
        (
            "adaptive pool to a smaller plane",
            { model { head($0.relu($0.adaptiveAveragePool(stem(&$0), side: 3)), &$0) } }
        ),
        (
            "adaptive pool to a larger plane",
            {
                model {
                    head($0.relu($0.adaptiveAveragePool($0.maxPool(stem(&$0), kernel: 4, stride: 4), side: 3)), &$0)
                }
            }
        ),
        (
            "adaptive pool of a plane that fits",
            { model { head($0.relu($0.adaptiveAveragePool(stem(&$0), side: 8)), &$0) } }
        ),
        (
            "padded sum",
            {
                model {
                    let x = stem(&$0)
                    let y = $0.convolution("y", x, to: 20, kernel: 3, stride: 2)
                    let z = $0.averagePool(x, kernel: 2, stride: 2)
                    return head($0.relu($0.paddedSum(y, z)), &$0)
                }
            }
        ),
        (
            "joined batch norms",
            {
                model {
                    let x = $0.maxPool(
                        $0.convolution("x", stem(&$0), to: 32, kernel: 3, padding: 1), kernel: 2, stride: 2)
                    let y = $0.convolution(
                        "y", $0.batchNorm("n1", concatenating: [x], relu: true), to: 16, kernel: 3, padding: 1)
                    let z = $0.convolution(
                        "z", $0.batchNorm("n2", concatenating: [x, y], relu: true), to: 16, kernel: 3, padding: 1)
                    return head($0.batchNorm("n3", concatenating: [x, y, z]), &$0)
                }
            }
        ),
    ]

    static func model(_ write: (inout Graph) -> Graph.Node) -> Graph {
        var model = Graph(classes: 3)
        _ = write(&model)
        return model
    }

    /// A trained layer before the tested layer, so that the test covers the gradient of the input.
    static func stem(_ model: inout Graph) -> Graph.Node {
        model.convolution("stem", model.input, to: 17, kernel: 3, padding: 1)
    }

    static func head(_ x: Graph.Node, _ model: inout Graph) -> Graph.Node {
        model.linear("fc", model.globalAveragePool(x), to: 3)
    }

    @Test("each tensor, along its gradient", arguments: models.map(\.name))
    func gradients(name: String) throws {
        let model = try #require(Self.models.first { $0.name == name }).build()
        let step = try TrainingStep(model, size: 8, labels: [0, 2, 1, 1])
        let weights = try FormulaNumbers.weights(for: model)
        _ = try step.loss(weights)
        let gradients = try step.gradients()
        for (tensor, gradient) in gradients {
            let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            // Batch norm cancels a bias before it, so the gradient of the bias is rounding error.
            guard length > 1e-4 else { continue }
            let reach = 0.002 / max(length, 1)
            let ahead = try step.loss(weights.moved(tensor, along: gradient, by: reach / length))
            let behind = try step.loss(weights.moved(tensor, along: gradient, by: -reach / length))
            let slope = (ahead - behind) / (2 * reach)
            #expect(abs(slope - length) <= 0.02 * length + 2e-5, "\(tensor): \(slope), not \(length)")
        }
    }
}

@Suite("Inference matches training", .serialized)
struct InferenceAgreesTests {
    @Test(
        "the loss of the logits is the loss of training, for models without batch norm and dropout",
        arguments: FiniteDifferenceTests.models.map(\.name).filter { !$0.contains("norm") && !$0.contains("dropout") })
    func loss(name: String) throws {
        let model = try #require(FiniteDifferenceTests.models.first { $0.name == name }).build()
        let labels = [0, 2, 1, 1]
        let weights = try FormulaNumbers.weights(for: model)
        let expected = try TrainingStep(model, size: 8, labels: labels).loss(weights)
        let source = ArraySource(images: FormulaNumbers.pixels(images: 4, size: 8), labels: labels)
        let logits = try Classifier(model, weights, size: 8, on: .open(threads: 2)).logits(of: source)
        let losses = zip(logits, labels).map { row, label in
            var gradient = row
            return row.withUnsafeBufferPointer { row in
                gradient.withUnsafeMutableBufferPointer {
                    SoftmaxCrossEntropy.image(row, label: label, batch: 1, gradient: $0).loss
                }
            }
        }
        let loss = losses.reduce(0.0) { $0 + Double($1) } / 4
        #expect(abs(loss - expected) < 1e-5 * max(1, expected), "\(loss), not \(expected)")
    }
}

/// One forward and backward pass over fixed images.
struct TrainingStep {
    private let compiled: TrainingProgram
    /// The normalized images.
    let images: [Float]
    private let batch: Int

    init(_ model: Graph, size: Int, labels: [Int]) throws {
        let team = try ThreadTeam.open(threads: 2)
        compiled = try TrainingProgram(model, batch: labels.count, size: size, on: Engine(), team: team)
        batch = labels.count
        let source = ArraySource(images: FormulaNumbers.pixels(images: batch, size: size), labels: labels)
        images = try Batch.classification(0..<batch, of: source, size: size, model.pixels, capacity: batch).images
        compiled.program.memory.copy(images, to: compiled.input.buffer)
        for (place, label) in labels.enumerated() {
            compiled.program.memory.int32s(compiled.labels)[place] = Int32(label)
        }
    }

    func loss(_ weights: Weights) throws -> Double {
        for (name, parameter) in compiled.trained {
            if case .float32(let numbers)? = weights.tensors[name]?.values {
                try compiled.program.write(numbers, to: parameter.value)
            }
        }
        try compiled.program.run()
        return (0..<batch).reduce(0.0) { $0 + Double(compiled.program.memory.floats(compiled.losses)[$1]) }
            / Double(batch)
    }

    func gradients() throws -> [String: [Float]] {
        try compiled.trained.mapValues { try compiled.program.read($0.gradient) }
    }
}

extension Weights {
    fileprivate func moved(_ name: String, along direction: [Float], by length: Double) throws -> Weights {
        var tensors = tensors
        let tensor = try #require(tensors[name])
        guard case .float32(let numbers) = tensor.values else { return self }
        tensors[name] = try Tensor(
            tensor.shape, .float32(zip(numbers, direction).map { Float(Double($0) + length * Double($1)) }))
        return Weights(tensors)
    }
}
