extension Models {
    /// The residual network that dlib describes faces with (Davis King, `dnn_face_recognition_ex.cpp`; weights `dlib_face_recognition_resnet_model_v1.dat`, CC0), with a last
    /// layer of its own in place of the 128 numbers: the trunk for transfer learning on faces.
    ///
    /// dlib's ways: strided convolutions and pools have no padding, a line for each channel stands where others normalize, and where a block halves the plane its skip is a
    /// mean over 2 × 2, filled up with zeros to the block's shape. dlib gives it faces of 150 px; images from 103 px up will do.
    static func dlibResNet29(classes: Int) -> Graph {
        var model = Graph(classes: classes, pixels: .dlib)
        _ = model.linear("fc", dlibTrunk(&model), to: classes, initial: .normal)
        return model
    }

    /// dlib's own network: 128 numbers a face, closer than 0.6 where two faces are of one person.
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
