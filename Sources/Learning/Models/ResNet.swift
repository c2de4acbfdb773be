/// Residual networks: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2015), table 1. Layout
/// and names are torchvision's.
extension Models {
    /// ResNet-18: column "18-layer", with shortcuts of option B (a projection where the shape changes) and the stride
    /// in a block's first convolution. Images of any size: the plane is halved five times, then averaged.
    static func resnet18(classes: Int) -> Graph {
        resnet([2, 2, 2, 2], block: basicBlock, classes: classes)
    }

    /// ResNet-50: column "50-layer", in torchvision's variant v1.5: the stride of a block is in its 3×3 convolution.
    /// Images of any size: the plane is halved five times, then averaged.
    static func resnet50(classes: Int) -> Graph {
        resnet([3, 4, 6, 3], block: bottleneck, classes: classes)
    }

    /// Adds a block with a name, an input, a width and a stride, and returns its output.
    private typealias Block = (String, Graph.Node, Int, Int, inout Graph) -> Graph.Node

    /// - Parameter counts: the number of blocks of each stage. A stage has twice the width of the stage before it.
    private static func resnet(_ counts: [Int], block: Block, classes: Int) -> Graph {
        var model = Graph(classes: classes)
        var x = model.convolution("conv1", model.input, to: 64, kernel: 7, stride: 2, padding: 3)
        x = model.batchNorm("bn1", x, relu: true)
        x = model.maxPool(x, kernel: 3, stride: 2, padding: 1)
        for (stage, count) in counts.enumerated() {
            for index in 0..<count {
                let stride = stage > 0 && index == 0 ? 2 : 1
                x = block("layer\(stage + 1).\(index)", x, 64 << stage, stride, &model)
            }
        }
        x = model.globalAveragePool(x)
        _ = model.linear("fc", x, to: classes)
        return model
    }

    /// Two 3×3 convolutions and a shortcut (figure 2).
    private static func basicBlock(_ name: String, _ x: Graph.Node, _ width: Int, _ stride: Int, _ model: inout Graph)
        -> Graph.Node
    {
        let shortcut = shortcut(name, x, to: width, stride: stride, &model)
        var y = model.convolution("\(name).conv1", x, to: width, kernel: 3, stride: stride, padding: 1)
        y = model.batchNorm("\(name).bn1", y, relu: true)
        y = model.convolution("\(name).conv2", y, to: width, kernel: 3, padding: 1)
        y = model.batchNorm("\(name).bn2", y)
        return model.sum(y, shortcut, relu: true)
    }

    /// 1×1 to `width` channels, 3×3, 1×1 to four times as many, and a shortcut (figure 5, right).
    private static func bottleneck(_ name: String, _ x: Graph.Node, _ width: Int, _ stride: Int, _ model: inout Graph)
        -> Graph.Node
    {
        let shortcut = shortcut(name, x, to: 4 * width, stride: stride, &model)
        var y = model.convolution("\(name).conv1", x, to: width, kernel: 1)
        y = model.batchNorm("\(name).bn1", y, relu: true)
        y = model.convolution("\(name).conv2", y, to: width, kernel: 3, stride: stride, padding: 1)
        y = model.batchNorm("\(name).bn2", y, relu: true)
        y = model.convolution("\(name).conv3", y, to: 4 * width, kernel: 1)
        y = model.batchNorm("\(name).bn3", y)
        return model.sum(y, shortcut, relu: true)
    }

    /// Returns the input of a block, or its projection where the shape changes. The shortcut comes before the block's
    /// convolutions, so that the sum can be fused into the last of them.
    private static func shortcut(_ name: String, _ x: Graph.Node, to channels: Int, stride: Int, _ model: inout Graph)
        -> Graph.Node
    {
        guard stride != 1 || model.channels(x) != channels else { return x }
        let projection = model.convolution("\(name).downsample.0", x, to: channels, kernel: 1, stride: stride)
        return model.batchNorm("\(name).downsample.1", projection)
    }
}
