/// Mean and variance of each channel of a tensor over a batch.
struct ChannelStatistics {
    let mean, variance: Value

    var slots: [Slot] { [mean.slot, variance.slot] }
}

/// The gradient of a tensor that several batch norms read, as they add it up: `value` still lacks −constant − slope·(x − mean), by channel.
struct InputGradient {
    let input, value, constant, slope: Value
    let statistics: ChannelStatistics

    var slots: [Slot] { [value.slot, constant.slot, slope.slot] + statistics.slots }
}

extension TrainingBuilder {
    /// The statistics of a tensor in ``Layout/blocked(_:)``, computed once for all who ask.
    func statistics(of x: Value) throws(LearningError) -> ChannelStatistics {
        if let known = channelStatistics[x.slot] { return known }
        let vector = try Layout.plain([x.layout.dims[1]])
        let statistics = ChannelStatistics(mean: program.value(vector), variance: program.value(vector))
        if Layout.block == 16 {
            emit(statistics, of: x, SIMD16<Float>.self)
        } else {
            emit(statistics, of: x, SIMD8<Float>.self)
        }
        channelStatistics[x.slot] = statistics
        return statistics
    }

    private func emit<V: ChannelVector>(_ statistics: ChannelStatistics, of x: Value, _: V.Type) {
        program.emitLoop(touching: [x.slot] + statistics.slots) { memory, team in
            let blocks = ChannelBlocks<V>(x, memory)
            nonisolated(unsafe) let (mean, variance) = (
                memory.vectors(statistics.mean.slot, of: V.self), memory.vectors(statistics.variance.slot, of: V.self)
            )
            team.split(x.layout.dims[1] / V.scalarCount, grain: 1) { range in
                for block in range { (mean[block], variance[block]) = blocks.statistics(block) }
            }
        }
    }

    func hasGradient(ofInput x: Value) -> Bool { inputGradients.contains { $0.value.input.slot == x.slot } }

    /// Where the gradient of `x` is added up.
    func gradient(ofInput x: Value, _ statistics: ChannelStatistics) throws(LearningError) -> InputGradient {
        if let begun = inputGradients.first(where: { $0.value.input.slot == x.slot }) { return begun.value }
        let vector = statistics.mean.layout
        let gradient = InputGradient(
            input: x, value: program.value(x.layout), constant: program.value(vector), slope: program.value(vector),
            statistics: statistics)
        inputGradients[gradient.value.slot] = gradient
        return gradient
    }

    /// Takes away what a gradient still lacks, once all have added to it.
    func settle(_ gradient: Value) {
        guard let unsettled = inputGradients.removeValue(forKey: gradient.slot) else { return }
        if Layout.block == 16 {
            emitSettling(unsettled, SIMD16<Float>.self)
        } else {
            emitSettling(unsettled, SIMD8<Float>.self)
        }
        program.overwrite(gradient.slot)
    }

    private func emitSettling<V: ChannelVector>(_ gradient: InputGradient, _: V.Type) {
        program.emitLoop(touching: [gradient.input.slot] + gradient.slots) { memory, team in
            @Sendable func vectors(_ value: Value) -> UnsafeMutablePointer<V> { memory.vectors(value.slot, of: V.self) }
            let x = ChannelBlocks<V>(gradient.input, memory)
            let dx = ChannelBlocks<V>(gradient.value, memory)
            team.split(gradient.input.layout.dims[1] / V.scalarCount, grain: 1) { range in
                for block in range {
                    x.settle(
                        block, dx, mean: vectors(gradient.statistics.mean)[block],
                        constant: vectors(gradient.constant)[block], slope: vectors(gradient.slope)[block])
                }
            }
        }
    }
}
