import CDNNL

/// A place in a compiled program's memory.
struct Slot: Hashable, Sendable {
    let index: Int
}

/// Addresses of a program's slots, for the loops that are our own.
struct Memory: @unchecked Sendable {
    fileprivate let addresses: [UnsafeMutableRawPointer]

    func floats(_ slot: Slot) -> UnsafeMutablePointer<Float> { addresses[slot.index].assumingMemoryBound(to: Float.self) }
    func integers(_ slot: Slot) -> UnsafeMutablePointer<Int32> { addresses[slot.index].assumingMemoryBound(to: Int32.self) }

    func copy(_ numbers: [Float], to slot: Slot) {
        numbers.withUnsafeBytes { raw in
            if let base = raw.baseAddress { addresses[slot.index].copyMemory(from: base, byteCount: raw.count) }
        }
    }
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
    let weights, gradients: UnsafeMutableBufferPointer<Float>
    private let steps: [Step]
    private let views: [MemoryView]
    private let arena: Arena
    private let engine: Engine
    private let team: ThreadTeam

    init(_ planned: ProgramBuilder) throws(LearningError) {
        let plan = MemoryPlan(planned.slots)
        arena = Arena(bytes: plan.bytes)
        engine = planned.engine
        team = planned.team
        let base = arena.base
        memory = Memory(addresses: plan.offsets.map { base + $0 })
        weights = Self.floats(base, plan.weights)
        gradients = Self.floats(base, plan.gradients)

        var steps: [Step] = [], views: [MemoryView] = []
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
            case .loop(_, let body):
                steps.append(.loop(body))
            }
        }
        (self.steps, self.views) = (steps, views)
        for (value, numbers) in planned.constants { try write(numbers, to: value) }
    }

    private static func floats(_ base: UnsafeMutableRawPointer, _ bytes: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: (base + bytes.lowerBound).assumingMemoryBound(to: Float.self), count: bytes.count / 4)
    }

    /// Runs every step, in order.
    func run() throws(LearningError) {
        for step in steps {
            switch step {
            case .primitive(let primitive, let arguments):
                try DNNL.check(dnnl_primitive_execute(primitive.handle, engine.stream, Int32(arguments.count), arguments), "run a primitive")
            case .loop(let body):
                body(memory, team)
            }
        }
        try DNNL.check(dnnl_stream_wait(engine.stream), "finish a step")
    }

    /// Writes numbers that lie row after row to a tensor, in its own layout.
    func write(_ numbers: [Float], to value: Value) throws(LearningError) {
        var numbers = numbers
        try reorder(&numbers, value) { outside, inside in (outside, inside) }
    }

    /// A tensor's numbers, row after row.
    func read(_ value: Value) throws(LearningError) -> [Float] {
        var numbers = [Float](repeating: 0, count: value.layout.count)
        try reorder(&numbers, value) { outside, inside in (inside, outside) }
        return numbers
    }

    /// Where `value` lies at a place other than its slot, such as its momentum.
    func read(_ value: Value, movedTo other: UnsafeMutableBufferPointer<Float>) throws(LearningError) -> [Float] {
        var numbers = [Float](repeating: 0, count: value.layout.count)
        try reorder(&numbers, value, at: moved(value, other)) { outside, inside in (inside, outside) }
        return numbers
    }

    func write(_ numbers: [Float], to value: Value, movedTo other: UnsafeMutableBufferPointer<Float>) throws(LearningError) {
        var numbers = numbers
        try reorder(&numbers, value, at: moved(value, other)) { outside, inside in (outside, inside) }
    }

    /// The address in `other` that stands as far from its start as the value's slot does from the start of ``weights``.
    private func moved(_ value: Value, _ other: UnsafeMutableBufferPointer<Float>) -> UnsafeMutableRawPointer? {
        guard let start = weights.baseAddress, let base = other.baseAddress else { return nil }
        return UnsafeMutableRawPointer(base + (memory.floats(value.slot) - start))
    }

    private func reorder(_ numbers: inout [Float], _ value: Value, at address: UnsafeMutableRawPointer? = nil,
                         direction: ((Layout, UnsafeMutableRawPointer), (Layout, UnsafeMutableRawPointer)) -> ((Layout, UnsafeMutableRawPointer), (Layout, UnsafeMutableRawPointer))) throws(LearningError) {
        guard numbers.count == value.layout.count else {
            throw LearningError(.library, "\(numbers.count) numbers for a tensor of \(value.layout.dims)", next: "report this")
        }
        let plain = try Layout.plain(value.layout.dims)
        let inside = (value.layout, address ?? memory.addresses[value.slot.index])
        // The array is ours alone during the call, and the reorder ends within it.
        let result = numbers.withUnsafeMutableBytes { raw -> Result<Void, LearningError> in
            guard let base = raw.baseAddress else { return .success(()) }
            let (from, to) = direction((plain, base), inside)
            return Result { () throws(LearningError) in
                let primitive = try Primitive(PrimitiveDescription(reorder: from.0, to: to.0, on: engine))
                let source = try MemoryView(from.0, at: from.1, on: engine), destination = try MemoryView(to.0, at: to.1, on: engine)
                let arguments = [dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: source.handle), dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: destination.handle)]
                try DNNL.check(dnnl_primitive_execute(primitive.handle, engine.stream, 2, arguments), "reorder a tensor")
                try DNNL.check(dnnl_stream_wait(engine.stream), "reorder a tensor")
            }
        }
        try result.get()
    }
}

/// One piece of zeroed memory.
final class Arena {
    let base: UnsafeMutableRawPointer

    init(bytes: Int) {
        base = .allocate(byteCount: max(bytes, 1), alignment: MemoryPlan.alignment)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 1))
    }

    deinit { base.deallocate() }
}
