extension Models {
    /// DenseNet-121: Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks" (2017),
    /// table 1, column "DenseNet-121" (growth k = 32).
    ///
    /// Layout and names are torchvision's. Nothing is copied to concatenate: each normalization reads all inputs in
    /// place. Images from 32 px.
    static func densenet121(classes: Int) -> Graph {
        let growth = 32
        var model = Graph(classes: classes)
        var x = model.convolution(
            "features.conv0", model.input, to: 2 * growth, kernel: 7, stride: 2, padding: 3, fan: .in)
        x = model.batchNorm("features.norm0", x, relu: true)
        var pieces = [model.maxPool(x, kernel: 3, stride: 2, padding: 1)]
        let blocks = [6, 12, 24, 16]
        for (block, layers) in blocks.enumerated() {
            for layer in 1...layers {
                pieces.append(denseLayer("features.denseblock\(block + 1).denselayer\(layer)", pieces, growth, &model))
            }
            guard block + 1 < blocks.count else { break }
            pieces = [transition("features.transition\(block + 1)", pieces, &model)]
        }
        x = model.batchNorm("features.norm5", concatenating: pieces, relu: true)
        _ = model.linear("classifier", model.globalAveragePool(x), to: classes, initial: .noBias)
        return model
    }

    /// H_l of equation 2: normalize all earlier outputs, 1×1 to 4k channels (the bottleneck of section 3), normalize,
    /// 3×3 to k.
    private static func denseLayer(_ name: String, _ pieces: [Graph.Node], _ growth: Int, _ model: inout Graph)
        -> Graph.Node
    {
        var x = model.batchNorm("\(name).norm1", concatenating: pieces, relu: true)
        x = model.convolution("\(name).conv1", x, to: 4 * growth, kernel: 1, fan: .in)
        x = model.batchNorm("\(name).norm2", x, relu: true)
        return model.convolution("\(name).conv2", x, to: growth, kernel: 3, padding: 1, fan: .in)
    }

    /// Halves the channels (θ = 0.5) and the plane.
    private static func transition(_ name: String, _ pieces: [Graph.Node], _ model: inout Graph) -> Graph.Node {
        let x = model.batchNorm("\(name).norm", concatenating: pieces, relu: true)
        return model.averagePool(
            model.convolution("\(name).conv", x, to: model.channels(x) / 2, kernel: 1, fan: .in), kernel: 2, stride: 2)
    }
}
