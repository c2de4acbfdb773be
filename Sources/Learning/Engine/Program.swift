import CDNNL

/// Index of a buffer in a program's memory.
struct BufferID: Hashable, Sendable {
    let index: Int
}

/// Buffer of 16-float SIMD vectors.
typealias VectorBuffer = UnsafeMutableBufferPointer<SIMD16<Float>>

/// Addresses of a program's buffers, for loops written in Swift.
struct ProgramMemory: @unchecked Sendable {
    fileprivate let addresses: [UnsafeMutableRawPointer]

    func floats(_ buffer: BufferID) -> UnsafeMutablePointer<Float> {
        addresses[buffer.index].assumingMemoryBound(to: Float.self)
    }
    func vectors(_ buffer: BufferID) -> UnsafeMutablePointer<SIMD16<Float>> {
        addresses[buffer.index].assumingMemoryBound(to: SIMD16<Float>.self)
    }
    func vectors<V: ChannelVector>(_ buffer: BufferID, of _: V.Type) -> UnsafeMutablePointer<V> {
        addresses[buffer.index].assumingMemoryBound(to: V.self)
    }
    func int64s(_ buffer: BufferID) -> UnsafeMutablePointer<Int64> {
        addresses[buffer.index].assumingMemoryBound(to: Int64.self)
    }
    func int32s(_ buffer: BufferID) -> UnsafeMutablePointer<Int32> {
        addresses[buffer.index].assumingMemoryBound(to: Int32.self)
    }

    func copy(_ numbers: [Float], to buffer: BufferID) {
        numbers.withUnsafeBytes { raw in
            if let base = raw.baseAddress { addresses[buffer.index].copyMemory(from: base, byteCount: raw.count) }
        }
    }
}

/// Time of one step of a compiled model.
public struct StepTime: Hashable, Sendable {
    /// For example `layer1.0.conv2`, `gradient of layer1.0.conv2` or `reorder`.
    public let name: String
    /// Whether the step is a convolution or one of its gradients.
    public let isConvolution: Bool
    public let seconds: Double
}

/// A model compiled for one batch shape: a list of primitives and loops, with their memory.
final class Program {
    /// One primitive or loop.
    enum Step {
        case primitive(Primitive, [dnnl_exec_arg_t])
        case loop((ProgramMemory, ThreadTeam) -> Void)
    }

    let memory: ProgramMemory
    /// The trained parameters and their gradients, at the same offsets.
    let weights, gradients: VectorBuffer
    /// Size of the program's memory.
    let bytes: Int
    private let steps: [Step]
    private let views: [MemoryView]
    private let arena: Arena
    private let engine: Engine
    private let team: ThreadTeam

    init(_ planned: ProgramBuilder) throws(LearningError) {
        let plan = MemoryPlan(planned.buffers)
        bytes = plan.bytes
        arena = try Arena(bytes: bytes)
        engine = planned.engine
        team = planned.team
        let base = arena.base
        memory = ProgramMemory(addresses: plan.offsets.map { base + $0 })
        weights = Self.vectors(base, plan.weights)
        gradients = Self.vectors(base, plan.gradients)

        var steps: [Step] = []
        var views: [MemoryView] = []
        for step in planned.steps {
            switch step {
            case .primitive(let primitive, let arguments):
                var bound: [dnnl_exec_arg_t] = []
                for argument in arguments {
                    let view = try MemoryView(argument.layout, at: memory.addresses[argument.buffer.index], on: engine)
                    views.append(view)
                    bound.append(dnnl_exec_arg_t(arg: argument.role, memory: view.handle))
                }
                steps.append(.primitive(primitive, bound))
            case .loop(let body):
                steps.append(.loop(body))
            }
        }
        self.steps = steps
        self.views = views
        for (value, numbers) in planned.constants { try write(numbers, to: value) }
    }

    private static func vectors(_ base: UnsafeMutableRawPointer, _ bytes: Range<Int>) -> VectorBuffer {
        VectorBuffer(
            start: (base + bytes.lowerBound).assumingMemoryBound(to: SIMD16<Float>.self),
            count: bytes.count / MemoryLayout<SIMD16<Float>>.stride)
    }

    /// Runs all steps in order.
    func run() throws(LearningError) {
        for step in steps { try run(step) }
        try DNNL.check(dnnl_stream_wait(engine.stream), "finish a run")
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

    /// Runs all steps in order and returns the time of each.
    func profile() throws(LearningError) -> [StepTime] {
        let clock = ContinuousClock()
        var times: [StepTime] = []
        for step in steps {
            let began = clock.now
            try run(step)
            let seconds = (clock.now - began) / .seconds(1)
            switch step {
            case .primitive(let primitive, _):
                times.append(StepTime(name: primitive.name, isConvolution: primitive.isConvolution, seconds: seconds))
            case .loop: times.append(StepTime(name: "Swift loop", isConvolution: false, seconds: seconds))
            }
        }
        return times
    }

    /// Returns the range of a trained parameter in ``weights``.
    func range(of value: Value) -> Range<Int> {
        let start =
            (memory.addresses[value.buffer.index]
                - UnsafeMutableRawPointer(
                    mutating: UnsafeRawPointer(weights.baseAddress ?? memory.vectors(value.buffer))))
            / MemoryPlan.alignment
        return start..<start + (value.layout.bytes + MemoryPlan.alignment - 1) / MemoryPlan.alignment
    }

    // MARK: Tensors in and out

    /// Writes row-major numbers to a tensor, in the tensor's own layout.
    /// - Parameter region: a buffer of the size of ``weights``, such as the momentum, that is written at the same
    ///   offset instead; nil for the tensor itself.
    func write(_ numbers: [Float], to value: Value, in region: VectorBuffer? = nil) throws(LearningError) {
        var numbers = numbers
        try exchange(&numbers, value, in: region, reading: false)
    }

    /// Returns a tensor's numbers, row-major.
    func read(_ value: Value, in region: VectorBuffer? = nil) throws(LearningError) -> [Float] {
        var numbers = [Float](repeating: 0, count: value.layout.count)
        try exchange(&numbers, value, in: region, reading: true)
        return numbers
    }

    private func exchange(_ numbers: inout [Float], _ value: Value, in region: VectorBuffer?, reading: Bool)
        throws(LearningError)
    {
        guard numbers.count == value.layout.count else {
            throw LearningError(
                .library, "\(numbers.count) numbers do not fill a tensor of \(value.layout.dims)",
                nextStep: "report this error")
        }
        var address = memory.addresses[value.buffer.index]
        if let region = UnsafeMutableRawPointer(region?.baseAddress),
            let own = UnsafeMutableRawPointer(weights.baseAddress)
        {
            address = region + (address - own)
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
        // This reorder runs once, on the thread that creates it.
        let primitive = try Primitive(PrimitiveDescription(reorder: from, to: to, scratchpads: .library, on: engine))
        let views = try (MemoryView(from, at: source, on: engine), MemoryView(to, at: destination, on: engine))
        let arguments = [
            dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: views.0.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: views.1.handle),
        ]
        try DNNL.check(dnnl_primitive_execute(primitive.handle, engine.stream, 2, arguments), "reorder a tensor")
        try DNNL.check(dnnl_stream_wait(engine.stream), "reorder a tensor")
    }
}

/// A tensor in a program: its buffer and layout.
struct Value {
    let buffer: BufferID
    let layout: Layout
    /// Whether the only consumer may overwrite the tensor.
    var overwritable = false
    /// Whether a trained parameter precedes the tensor.
    var needsGradient = true
}

/// A tensor of a primitive, with its role (`DNNL_ARG_…`).
struct Argument {
    let role: Int32
    let buffer: BufferID
    let layout: Layout

    init(_ role: Int32, _ value: Value) {
        self.role = role
        buffer = value.buffer
        layout = value.layout
    }
}

/// Builder of a program: collects steps, buffers and their lifetimes, so that memory is planned once.
final class ProgramBuilder {
    enum Step {
        case primitive(Primitive, [Argument])
        case loop((ProgramMemory, ThreadTeam) -> Void)
    }

    let engine: Engine
    let team: ThreadTeam
    private(set) var buffers: [BufferRequirement] = []
    private(set) var steps: [Step] = []
    /// The tensors that never change, each with its numbers. ``Program`` writes the numbers into its memory after the
    /// memory is allocated.
    private(set) var constants: [(Value, [Float])] = []
    /// Copies of tensors in other layouts.
    private var copies: [BufferID: [Value]] = [:]

    init(on engine: Engine, team: ThreadTeam) {
        self.engine = engine
        self.team = team
    }

    func value(_ layout: Layout, in region: MemoryRegion = .shared) -> Value {
        buffers.append(BufferRequirement(bytes: max(layout.bytes, 1), region: region))
        return Value(buffer: BufferID(index: buffers.count - 1), layout: layout)
    }

    /// Adds a tensor that never changes.
    /// - Parameter numbers: row-major.
    func constant(_ numbers: [Float], _ layout: Layout) -> Value {
        let value = value(layout, in: .persistent)
        constants.append((value, numbers))
        return value
    }

    func emit(_ description: PrimitiveDescription, _ arguments: [Argument]) throws(LearningError) {
        var arguments = arguments
        if let scratchpad = description.scratchpad {
            arguments.append(Argument(DNNL_ARG_SCRATCHPAD, value(scratchpad)))
        }
        steps.append(.primitive(try Primitive(description), arguments))
        workspace = max(workspace, description.workspaceBytes)
        touch(arguments.map(\.buffer))
    }

    /// - Parameter buffers: all buffers that `body` reads or writes.
    func emitLoop(touching buffers: [BufferID], _ body: @escaping (ProgramMemory, ThreadTeam) -> Void) {
        steps.append(.loop(body))
        touch(buffers)
    }

    private func touch(_ touched: [BufferID]) {
        let now = steps.count - 1
        for buffer in touched {
            buffers[buffer.index].lifetime = (buffers[buffer.index].lifetime?.lowerBound ?? now)...now
        }
    }

    /// Returns `value` in a layout: `value` itself, or a copy. Several consumers share one copy.
    func conform(_ value: Value, to layout: Layout) throws(LearningError) -> Value {
        if value.layout == layout { return value }
        if let copy = copies[value.buffer]?.first(where: { $0.layout == layout }) { return copy }
        var copy = self.value(layout)
        copy.needsGradient = value.needsGradient
        try emit(
            PrimitiveDescription(reorder: value.layout, to: layout, on: engine),
            [Argument(DNNL_ARG_FROM, value), Argument(DNNL_ARG_TO, copy)])
        copies[value.buffer, default: []].append(copy)
        return copy
    }

    /// Marks a buffer as changed. Its earlier copies are not used any more.
    func overwrite(_ buffer: BufferID) { copies[buffer] = nil }

    /// Largest scratch memory of any primitive, in bytes. Primitives run one after another and share it.
    private(set) var workspace = 0

    func build() throws(LearningError) -> Program { try Program(self) }
}
