extension Models {
    /// ResNet-50: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2015), table 1, column
    /// "50-layer".
    ///
    /// Layout and names are torchvision's variant v1.5: the stride of a block is in its 3×3 convolution. Images of any
    /// size: the plane is halved five times, then averaged.
    static func resnet50(classes: Int) -> Graph {
        var model = Graph(classes: classes)
        var x = model.convolution("conv1", model.input, to: 64, kernel: 7, stride: 2, padding: 3)
        x = model.batchNorm("bn1", x, relu: true)
        x = model.maxPool(x, kernel: 3, stride: 2, padding: 1)
        for (stage, (width, blocks)) in [(64, 3), (128, 4), (256, 6), (512, 3)].enumerated() {
            for block in 0..<blocks {
                x = bottleneck("layer\(stage + 1).\(block)", x, width, stride: stage > 0 && block == 0 ? 2 : 1, &model)
            }
        }
        x = model.globalAveragePool(x)
        _ = model.linear("fc", x, to: classes)
        return model
    }

    /// 1×1 to `width` channels, 3×3, 1×1 to four times as many, and a shortcut (figure 5, right). The shortcut comes
    /// first, so that the sum can be fused into the last convolution.
    private static func bottleneck(_ name: String, _ x: Graph.Node, _ width: Int, stride: Int, _ model: inout Graph)
        -> Graph.Node
    {
        let outputs = 4 * width
        var shortcut = x
        if stride != 1 || model.channels(x) != outputs {
            shortcut = model.convolution("\(name).downsample.0", x, to: outputs, kernel: 1, stride: stride)
            shortcut = model.batchNorm("\(name).downsample.1", shortcut)
        }
        var y = model.convolution("\(name).conv1", x, to: width, kernel: 1)
        y = model.batchNorm("\(name).bn1", y, relu: true)
        y = model.convolution("\(name).conv2", y, to: width, kernel: 3, stride: stride, padding: 1)
        y = model.batchNorm("\(name).bn2", y, relu: true)
        y = model.convolution("\(name).conv3", y, to: outputs, kernel: 1)
        y = model.batchNorm("\(name).bn3", y)
        return model.sum(y, shortcut, relu: true)
    }
}
