extension Models {
    /// dlib's residual network for face recognition (Davis King, `dnn_face_recognition_ex.cpp`; weights
    /// `dlib_face_recognition_resnet_model_v1.dat`, CC0), with a linear layer for the classes in place of the 128
    /// numbers. Used for transfer learning on faces.
    ///
    /// Differences from torchvision's networks: strided convolutions and pools have no padding; an affine layer takes
    /// the place of a normalization; a block that halves the plane has a 2 × 2 mean as its shortcut, padded with zeros
    /// to the block's shape. dlib uses faces of 150 px. Images from 103 px.
    static func dlibResNet29(classes: Int) -> Graph {
        var model = Graph(classes: classes, pixels: .dlib)
        _ = model.linear("fc", dlibTrunk(&model), to: classes, initial: .normal)
        return model
    }

    /// dlib's original network: 128 numbers for a face. Two faces of one person are closer than 0.6.
    static func dlibEmbedding() -> Graph {
        var model = Graph(classes: 128, pixels: .dlib)
        _ = model.linear("embedding", dlibTrunk(&model), to: 128, bias: false)
        return model
    }

    private static func dlibTrunk(_ model: inout Graph) -> Graph.Node {
        var x = model.convolution("conv1", model.input, to: 32, kernel: 7, stride: 2, bias: true)
        x = model.maxPool(model.affine("affine1", x, relu: true), kernel: 3, stride: 2)
        for (stage, (channels, blocks)) in [(32, 3), (64, 4), (128, 3), (256, 3), (256, 1)].enumerated() {
            for block in 0..<blocks {
                x = dlibBlock("layer\(stage + 1).\(block)", x, channels, halving: stage > 0 && block == 0, &model)
            }
        }
        return model.globalAveragePool(x)
    }

    private static func dlibBlock(_ name: String, _ x: Graph.Node, _ channels: Int, halving: Bool, _ model: inout Graph)
        -> Graph.Node
    {
        var y = model.convolution(
            "\(name).conv1", x, to: channels, kernel: 3, stride: halving ? 2 : 1, padding: halving ? 0 : 1, bias: true)
        y = model.affine("\(name).affine1", y, relu: true)
        y = model.affine(
            "\(name).affine2", model.convolution("\(name).conv2", y, to: channels, kernel: 3, padding: 1, bias: true))
        guard halving else { return model.sum(y, x, relu: true) }
        return model.relu(model.paddedSum(y, model.averagePool(x, kernel: 2, stride: 2)))
    }
}
