/// What a run goes on from and leaves: tensors in and out of the compiled program.
extension Trainer {
    func load(_ weights: Weights) throws(LearningError) {
        for (name, tensor) in weights.tensors {
            guard case .float32(let numbers) = tensor.values,
                let value = compiled.trained[name]?.value ?? compiled.statistics[name]
            else { continue }
            try compiled.program.write(numbers, to: value)
        }
    }

    /// The name of a parameter's n-th moment in a checkpoint.
    private func momentName(_ name: String, _ place: Int) -> String { place == 0 ? name : "square/\(name)" }

    func load(momentum: Weights) throws(LearningError) {
        let expected = compiled.trained.count * optimizer.moments.count
        guard momentum.tensors.count == expected else {
            throw LearningError(
                .checkpoint, "the checkpoint has momentum for \(momentum.tensors.count) of \(expected) tensors",
                next: "start the run again")
        }
        for (name, parameter) in compiled.trained {
            for (place, moment) in optimizer.moments.enumerated() {
                guard case .float32(let numbers)? = momentum.tensors[momentName(name, place)]?.values,
                    numbers.count == parameter.value.layout.count
                else {
                    throw LearningError(
                        .checkpoint, "the checkpoint's momentum lacks tensor \(momentName(name, place))",
                        next: "start the run again")
                }
                try compiled.program.write(numbers, to: parameter.value, in: moment)
            }
        }
    }

    func weights() throws(LearningError) -> Weights {
        try tensors { parameter throws(LearningError) in
            let before = initial.tensors[parameter.name]?.values
            if frozen.contains(parameter.name) { return before }
            switch parameter.kind {
            case .counter:
                guard case .int64(let numbers)? = before else { return nil }
                return .int64(numbers.map { $0 + Int64(step - (start?.step ?? 0)) })
            case .statistic:
                guard let value = compiled.statistics[parameter.name] else { return nil }
                return .float32(try compiled.program.read(value))
            case .trained:
                guard let trained = compiled.trained[parameter.name] else { return nil }
                return .float32(try compiled.program.read(trained.value))
            }
        }
    }

    /// Computes one batch of black images, forward and back, and says how long each step took. Nothing is learned from it but running statistics.
    public func timed() throws(LearningError) -> [StepTime] { try compiled.program.timed() }

    /// The gradients of the last step, for tests.
    func gradients() throws(LearningError) -> Weights {
        try tensors { parameter throws(LearningError) in
            guard let trained = compiled.trained[parameter.name] else { return nil }
            return .float32(try compiled.program.read(trained.gradient))
        }
    }

    func checkpoint(_ examples: String) throws(LearningError) -> Checkpoint {
        var momentum: [String: Tensor] = [:]
        for (place, moment) in optimizer.moments.enumerated() {
            let tensors = try tensors { parameter throws(LearningError) in
                guard let trained = compiled.trained[parameter.name] else { return nil }
                return .float32(try compiled.program.read(trained.value, in: moment))
            }
            for (name, tensor) in tensors.tensors { momentum[momentName(name, place)] = tensor }
        }
        return Checkpoint(
            plan: plan, step: step, weights: try weights(), momentum: Weights(momentum), history: history,
            examples: examples)
    }

    private func tensors(_ values: (Parameter) throws(LearningError) -> Tensor.Values?) throws(LearningError) -> Weights
    {
        var tensors: [String: Tensor] = [:]
        for parameter in model.parameters {
            if let numbers = try values(parameter) { tensors[parameter.name] = try Tensor(parameter.shape, numbers) }
        }
        return Weights(tensors)
    }
}
