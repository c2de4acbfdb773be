extension Models {
    /// ResNet-18: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2015), table 1, column
    /// "18-layer".
    ///
    /// Layout and names are torchvision's: shortcuts of option B (a projection where the shape changes), stride in a
    /// block's first convolution. Images from 32 px: the plane is halved five times, then averaged.
    static func resnet18(classes: Int) -> Graph {
        var model = Graph(classes: classes)
        var x = model.convolution("conv1", model.input, to: 64, kernel: 7, stride: 2, padding: 3)
        x = model.batchNorm("bn1", x, relu: true)
        x = model.maxPool(x, kernel: 3, stride: 2, padding: 1)
        for (stage, channels) in [64, 128, 256, 512].enumerated() {
            x = basicBlock("layer\(stage + 1).0", x, channels, stride: stage == 0 ? 1 : 2, &model)
            x = basicBlock("layer\(stage + 1).1", x, channels, stride: 1, &model)
        }
        x = model.globalAveragePool(x)
        _ = model.linear("fc", x, to: classes)
        return model
    }

    /// Two 3×3 convolutions and a shortcut (figure 2). The shortcut comes first, so that the sum can be fused into the
    /// second convolution.
    private static func basicBlock(_ name: String, _ x: Graph.Node, _ channels: Int, stride: Int, _ model: inout Graph)
        -> Graph.Node
    {
        var shortcut = x
        if stride != 1 || model.channels(x) != channels {
            shortcut = model.convolution("\(name).downsample.0", x, to: channels, kernel: 1, stride: stride)
            shortcut = model.batchNorm("\(name).downsample.1", shortcut)
        }
        var y = model.convolution("\(name).conv1", x, to: channels, kernel: 3, stride: stride, padding: 1)
        y = model.batchNorm("\(name).bn1", y, relu: true)
        y = model.convolution("\(name).conv2", y, to: channels, kernel: 3, padding: 1)
        y = model.batchNorm("\(name).bn2", y)
        return model.sum(y, shortcut, relu: true)
    }
}
