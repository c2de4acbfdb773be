@testable import Learning

/// Models small enough to be checked number by number.
enum SmallModels {
    /// Every kind of layer once, with channels that fill no vector; `EveryLayer` in make_golden.py. Images of 12 px.
    static var everyLayer: Graph {
        var model = Graph(classes: 3)
        var x = model.relu(model.convolution("a", model.input, to: 5, kernel: 3, padding: 1, bias: true))
        x = model.batchNorm("d", model.maxPool(x, kernel: 3, stride: 2, padding: 1))
        x = model.sum(x, model.convolution("e", x, to: 5, kernel: 3, padding: 1))
        x = model.averagePool(model.batchNorm("g", x, relu: true), kernel: 2, stride: 2)
        x = model.relu(model.linear("i", x, to: 4, plane: 9))
        _ = model.linear("k", x, to: 3)
        return model
    }

    /// Convolution, batch norm, ReLU, global pool, linear: quick to train. Any size from 8 px.
    static func plain(classes: Int) -> Graph {
        var model = Graph(classes: classes)
        var x = model.batchNorm(
            "bn1", model.convolution("conv1", model.input, to: 16, kernel: 3, stride: 2, padding: 1), relu: true)
        x = model.batchNorm("bn2", model.convolution("conv2", x, to: 32, kernel: 3, stride: 2, padding: 1), relu: true)
        _ = model.linear("fc", model.globalAveragePool(x), to: classes)
        return model
    }
}
