extension Models {
    /// VGG-16: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2014),
    /// table 1, column D.
    ///
    /// Layout and names are torchvision's. An adaptive pool to 7 × 7 precedes the fully connected layers, so images may
    /// have any size from 32 px. The numbers in the names count convolutions, ReLUs, pools and dropouts.
    static func vgg16(classes: Int) -> Graph {
        var model = Graph(classes: classes)
        var x = model.input
        var index = 0
        for stage in [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]] {
            for channels in stage {
                x = model.relu(
                    model.convolution("features.\(index)", x, to: channels, kernel: 3, padding: 1, bias: true))
                index += 2
            }
            x = model.maxPool(x, kernel: 2, stride: 2)
            index += 1
        }
        x = model.adaptiveAveragePool(x, side: 7)
        x = model.relu(model.linear("classifier.0", x, to: 4096, plane: 7 * 7, initial: .normal))
        x = model.dropout("classifier.2", x, probability: 0.5)
        x = model.relu(model.linear("classifier.3", x, to: 4096, initial: .normal))
        x = model.dropout("classifier.5", x, probability: 0.5)
        _ = model.linear("classifier.6", x, to: classes, initial: .normal)
        return model
    }
}
