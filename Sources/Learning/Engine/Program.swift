import CDNNL

/// A place in a compiled program's memory.
struct Slot: Hashable, Sendable {
    let index: Int
}

/// Numbers sixteen at a time, as our own loops take them.
typealias Vectors = UnsafeMutableBufferPointer<SIMD16<Float>>

/// Addresses of a program's slots, for the loops that are our own.
struct Memory: @unchecked Sendable {
    fileprivate let addresses: [UnsafeMutableRawPointer]

    func floats(_ slot: Slot) -> UnsafeMutablePointer<Float> {
        addresses[slot.index].assumingMemoryBound(to: Float.self)
    }
    func vectors(_ slot: Slot) -> UnsafeMutablePointer<SIMD16<Float>> {
        addresses[slot.index].assumingMemoryBound(to: SIMD16<Float>.self)
    }
    func vectors<V: ChannelVector>(_ slot: Slot, of _: V.Type) -> UnsafeMutablePointer<V> {
        addresses[slot.index].assumingMemoryBound(to: V.self)
    }
    func words(_ slot: Slot) -> UnsafeMutablePointer<Int64> {
        addresses[slot.index].assumingMemoryBound(to: Int64.self)
    }
    func integers(_ slot: Slot) -> UnsafeMutablePointer<Int32> {
        addresses[slot.index].assumingMemoryBound(to: Int32.self)
    }

    func copy(_ numbers: [Float], to slot: Slot) {
        numbers.withUnsafeBytes { raw in
            if let base = raw.baseAddress { addresses[slot.index].copyMemory(from: base, byteCount: raw.count) }
        }
    }
}

/// One step of a compiled model, and how long it took.
public struct StepTime: Hashable, Sendable {
    /// Such as `layer1.0.conv2`, `the gradient of layer1.0.conv2`, `a reorder`.
    public let name: String
    /// Whether oneDNN computed a convolution or one of its gradients.
    public let isConvolution: Bool
    public let seconds: Double
}

/// A flat list of primitives and loops with their memory: a model compiled for one batch shape.
final class Program {
    /// One entry of the list.
    enum Step {
        case primitive(Primitive, [dnnl_exec_arg_t])
        case loop((Memory, ThreadTeam) -> Void)
    }

    let memory: Memory
    /// The trained parameters, and beside them, at the same offsets, their gradients.
    let weights, gradients: Vectors
    /// Of all its memory.
    let bytes: Int
    private let steps: [Step]
    private let views: [MemoryView]
    private let arena: Arena
    private let engine: Engine
    private let team: ThreadTeam

    init(_ planned: ProgramBuilder) throws(LearningError) {
        let plan = MemoryPlan(planned.slots)
        bytes = plan.bytes
        arena = try Arena(bytes: bytes)
        engine = planned.engine
        team = planned.team
        let base = arena.base
        memory = Memory(addresses: plan.offsets.map { base + $0 })
        weights = Self.vectors(base, plan.weights)
        gradients = Self.vectors(base, plan.gradients)

        var steps: [Step] = []
        var views: [MemoryView] = []
        for step in planned.steps {
            switch step {
            case .primitive(let primitive, let arguments):
                var bound: [dnnl_exec_arg_t] = []
                for argument in arguments {
                    let view = try MemoryView(argument.layout, at: memory.addresses[argument.slot.index], on: engine)
                    views.append(view)
                    bound.append(dnnl_exec_arg_t(arg: argument.role, memory: view.handle))
                }
                steps.append(.primitive(primitive, bound))
            case .loop(let body):
                steps.append(.loop(body))
            }
        }
        (self.steps, self.views) = (steps, views)
        for (value, numbers) in planned.constants { try write(numbers, to: value) }
    }

    private static func vectors(_ base: UnsafeMutableRawPointer, _ bytes: Range<Int>) -> Vectors {
        Vectors(
            start: (base + bytes.lowerBound).assumingMemoryBound(to: SIMD16<Float>.self),
            count: bytes.count / MemoryLayout<SIMD16<Float>>.stride)
    }

    /// Runs every step, in order.
    func run() throws(LearningError) {
        for step in steps { try run(step) }
        try DNNL.check(dnnl_stream_wait(engine.stream), "finish a step")
    }

    private func run(_ step: Step) throws(LearningError) {
        switch step {
        case .primitive(let primitive, let arguments):
            try DNNL.check(
                dnnl_primitive_execute(primitive.handle, engine.stream, Int32(arguments.count), arguments),
                "run a primitive")
        case .loop(let body):
            body(memory, team)
        }
    }

    /// Runs every step, in order, and says how long each took.
    func timed() throws(LearningError) -> [StepTime] {
        let clock = ContinuousClock()
        var times: [StepTime] = []
        for step in steps {
            let began = clock.now
            try run(step)
            let seconds = (clock.now - began) / .seconds(1)
            switch step {
            case .primitive(let primitive, _):
                times.append(StepTime(name: primitive.name, isConvolution: primitive.isConvolution, seconds: seconds))
            case .loop: times.append(StepTime(name: "a loop of our own", isConvolution: false, seconds: seconds))
            }
        }
        return times
    }

    /// Where a trained parameter lies within ``weights``.
    func range(of value: Value) -> Range<Int> {
        let start =
            (memory.addresses[value.slot.index]
                - UnsafeMutableRawPointer(mutating: UnsafeRawPointer(weights.baseAddress ?? memory.vectors(value.slot))))
            / MemoryPlan.alignment
        return start..<start + (value.layout.bytes + MemoryPlan.alignment - 1) / MemoryPlan.alignment
    }

    // MARK: Tensors in and out

    /// Writes numbers that lie row after row to a tensor, in its own layout.
    /// - Parameter place: nil for the tensor's own; otherwise something as large as ``weights``, such as their momentum, at the same offset.
    func write(_ numbers: [Float], to value: Value, in place: Vectors? = nil) throws(LearningError) {
        var numbers = numbers
        try exchange(&numbers, value, in: place, reading: false)
    }

    /// A tensor's numbers, row after row.
    func read(_ value: Value, in place: Vectors? = nil) throws(LearningError) -> [Float] {
        var numbers = [Float](repeating: 0, count: value.layout.count)
        try exchange(&numbers, value, in: place, reading: true)
        return numbers
    }

    private func exchange(_ numbers: inout [Float], _ value: Value, in place: Vectors?, reading: Bool)
        throws(LearningError)
    {
        guard numbers.count == value.layout.count else {
            throw LearningError(
                .library, "\(numbers.count) numbers for a tensor of \(value.layout.dims)", next: "report this")
        }
        var address = memory.addresses[value.slot.index]
        if let place = UnsafeMutableRawPointer(place?.baseAddress),
            let own = UnsafeMutableRawPointer(weights.baseAddress)
        {
            address = place + (address - own)
        }
        let plain = try Layout.plain(value.layout.dims)
        let done = numbers.withUnsafeMutableBytes { raw in
            Result { () throws(LearningError) in
                guard let outside = raw.baseAddress else { return }
                if reading {
                    try reorder(value.layout, address, plain, outside)
                } else {
                    try reorder(plain, outside, value.layout, address)
                }
            }
        }
        try done.get()
    }

    private func reorder(
        _ from: Layout, _ source: UnsafeMutableRawPointer, _ to: Layout, _ destination: UnsafeMutableRawPointer
    ) throws(LearningError) {
        let primitive = try Primitive(PrimitiveDescription(reorder: from, to: to, on: engine))
        let views = try (MemoryView(from, at: source, on: engine), MemoryView(to, at: destination, on: engine))
        let arguments = [
            dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: views.0.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: views.1.handle),
        ]
        try DNNL.check(dnnl_primitive_execute(primitive.handle, engine.stream, 2, arguments), "reorder a tensor")
        try DNNL.check(dnnl_stream_wait(engine.stream), "reorder a tensor")
    }
}
