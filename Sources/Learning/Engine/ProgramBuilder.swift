import CDNNL

/// A tensor within a program: where it lies, and how.
struct Value {
    let slot: Slot
    let layout: Layout
    /// Nothing but its one consumer needs it, so that this one may write over it.
    var overwritable = false
    /// False where nothing trained lies before it.
    var needsGradient = true
}

/// A primitive's tensor: its role (`DNNL_ARG_…`) and place.
struct Argument {
    let role: Int32
    let slot: Slot
    let layout: Layout

    init(_ role: Int32, _ value: Value) { (self.role, slot, layout) = (role, value.slot, value.layout) }
}

/// A program as it is being written: steps, slots and who touches what, so that memory can be planned once it is known whole.
final class ProgramBuilder {
    enum Step {
        case primitive(Primitive, [Argument])
        case loop((Memory, ThreadTeam) -> Void)
    }

    let engine: Engine
    let team: ThreadTeam
    private(set) var slots: [SlotNeed] = []
    private(set) var steps: [Step] = []
    /// Written once, when memory is there.
    private(set) var constants: [(Value, [Float])] = []
    /// Tensors that already lie in another layout too.
    private var copies: [Slot: [Value]] = [:]

    init(on engine: Engine, team: ThreadTeam) { (self.engine, self.team) = (engine, team) }

    func value(_ layout: Layout, in region: Region = .shared) -> Value {
        slots.append(SlotNeed(bytes: max(layout.bytes, 1), region: region))
        return Value(slot: Slot(index: slots.count - 1), layout: layout)
    }

    /// A tensor that never changes.
    /// - Parameter numbers: row after row.
    func constant(_ numbers: [Float], _ layout: Layout) -> Value {
        let value = value(layout, in: .kept)
        constants.append((value, numbers))
        return value
    }

    func emit(_ description: PrimitiveDescription, _ arguments: [Argument]) throws(LearningError) {
        steps.append(.primitive(try Primitive(description), arguments))
        workspace = max(workspace, description.workspaceBytes)
        touch(arguments.map(\.slot))
    }

    /// - Parameter slots: all that `body` reads or writes.
    func emitLoop(touching slots: [Slot], _ body: @escaping (Memory, ThreadTeam) -> Void) {
        steps.append(.loop(body))
        touch(slots)
    }

    private func touch(_ touched: [Slot]) {
        let now = steps.count - 1
        for slot in touched {
            slots[slot.index].lifetime = (slots[slot.index].lifetime?.lowerBound ?? now)...now
        }
    }

    /// `value` in the layout that a primitive wants: itself, or a copy, made once for all who want it so.
    func conform(_ value: Value, to layout: Layout) throws(LearningError) -> Value {
        if value.layout == layout { return value }
        if let copy = copies[value.slot]?.first(where: { $0.layout == layout }) { return copy }
        var copy = self.value(layout)
        copy.needsGradient = value.needsGradient
        try emit(
            PrimitiveDescription(reorder: value.layout, to: layout, on: engine),
            [Argument(DNNL_ARG_FROM, value), Argument(DNNL_ARG_TO, copy)])
        copies[value.slot, default: []].append(copy)
        return copy
    }

    /// Says that the slot's numbers are about to change, so that no earlier copy stands for it.
    func overwrite(_ slot: Slot) { copies[slot] = nil }

    /// Bytes that primitives take for themselves while they run; they run one after another and share them.
    private(set) var workspace = 0

    func build() throws(LearningError) -> Program { try Program(self) }
}
