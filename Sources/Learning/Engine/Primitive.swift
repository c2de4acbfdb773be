import CDNNL

/// An operation fused into a primitive.
enum PostOperation {
    /// Adds the previous value of the destination.
    case sum
    case relu
}

/// A oneDNN primitive descriptor: the implementation and the layouts that oneDNN chose.
final class PrimitiveDescription {
    let handle: OpaquePointer
    /// Name of the layer or operation, for messages and profiles.
    let name: String

    /// - Parameters:
    ///   - operation: one of oneDNN's operation descriptors.
    ///   - forward: for a backward primitive, the forward primitive that it belongs to.
    init<Operation>(
        _ name: String, _ operation: Operation, then post: [PostOperation] = [], forward: PrimitiveDescription? = nil,
        on engine: Engine
    ) throws(LearningError) {
        self.name = name
        let attributes = try Attributes(post, engine.scratchpads)
        handle = try DNNL.create("plan \(name)") { created in
            withUnsafePointer(to: operation) {
                dnnl_primitive_desc_create(created, $0, attributes.handle, engine.handle, forward?.handle)
            }
        }
    }

    /// Describes a copy from one layout to another.
    ///
    /// - Parameter scratchpads: where the scratch memory is; nil for the place that `engine` uses.
    init(reorder from: Layout, to: Layout, scratchpads: Engine.Scratchpads? = nil, on engine: Engine)
        throws(LearningError)
    {
        name = "reorder"
        let attributes = try Attributes([], scratchpads ?? engine.scratchpads)
        handle = try DNNL.create("plan a reorder") { created in
            withUnsafePointer(to: from.description) { from in
                withUnsafePointer(to: to.description) { to in
                    dnnl_reorder_primitive_desc_create(
                        created, from, engine.handle, to, engine.handle, attributes.handle)
                }
            }
        }
    }

    deinit { dnnl_primitive_desc_destroy(handle) }

    /// Scratch memory of the primitive, in bytes.
    var workspaceBytes: Int {
        var bytes: Int64 = 0
        return dnnl_primitive_desc_query(handle, dnnl_query_memory_consumption_s64, 0, &bytes) == dnnl_success
            ? Int(bytes) : 0
    }

    var isConvolution: Bool {
        var kind = dnnl_undefined_primitive
        return dnnl_primitive_desc_query(handle, dnnl_query_primitive_kind, 0, &kind) == dnnl_success
            && kind == dnnl_convolution
    }

    /// Whether the layout of the weights, or of their gradient, is a permutation of their values. Winograd weights are
    /// not.
    var weightsArePlain: Bool {
        [dnnl_query_weights_md, dnnl_query_diff_weights_md].allSatisfy {
            dnnl_primitive_desc_query_md(handle, $0, 0).map {
                $0.pointee.ndims == 0 || $0.pointee.format_kind == dnnl_blocked
            } ?? true
        }
    }

    /// Returns the layout of one of the primitive's tensors, or nil if the primitive has no such tensor.
    private func layout(_ query: dnnl_query_t) -> Layout? {
        dnnl_primitive_desc_query_md(handle, query, 0).map { Layout($0.pointee) }
    }

    private func required(_ query: dnnl_query_t) throws(LearningError) -> Layout {
        guard let layout = layout(query) else {
            throw LearningError(
                .library, "oneDNN has no layout for query \(query.rawValue)", nextStep: "report this error")
        }
        return layout
    }

    var source: Layout { get throws(LearningError) { try required(dnnl_query_src_md) } }
    var destination: Layout { get throws(LearningError) { try required(dnnl_query_dst_md) } }
    var weights: Layout { get throws(LearningError) { try required(dnnl_query_weights_md) } }
    var sourceGradient: Layout { get throws(LearningError) { try required(dnnl_query_diff_src_md) } }
    var destinationGradient: Layout { get throws(LearningError) { try required(dnnl_query_diff_dst_md) } }
    var weightsGradient: Layout { get throws(LearningError) { try required(dnnl_query_diff_weights_md) } }

    /// Scratch memory that a program provides; nil if there is none, or if oneDNN provides it.
    var scratchpad: Layout? {
        layout(dnnl_query_scratchpad_md).flatMap { $0.bytes > 0 ? $0 : nil }
    }

    /// Data that the forward primitive stores for the backward primitive; nil if there is none.
    var workspace: Layout? {
        layout(dnnl_query_workspace_md).flatMap { $0.bytes > 0 ? $0 : nil }
    }
}

/// An executable oneDNN primitive.
final class Primitive {
    let handle: OpaquePointer
    let name: String
    let isConvolution: Bool

    init(_ description: PrimitiveDescription) throws(LearningError) {
        name = description.name
        isConvolution = description.isConvolution
        handle = try DNNL.create("create a primitive") { dnnl_primitive_create($0, description.handle) }
    }

    deinit { dnnl_primitive_destroy(handle) }
}

/// A oneDNN memory object for memory that another object owns.
final class MemoryView {
    let handle: OpaquePointer

    init(_ layout: Layout, at address: UnsafeMutableRawPointer, on engine: Engine) throws(LearningError) {
        handle = try DNNL.create("create a memory object") { created in
            withUnsafePointer(to: layout.description) { dnnl_memory_create(created, $0, engine.handle, address) }
        }
    }

    deinit { dnnl_memory_destroy(handle) }
}

private final class Attributes {
    private(set) var handle: OpaquePointer?

    init(_ post: [PostOperation], _ scratchpads: Engine.Scratchpads) throws(LearningError) {
        guard !post.isEmpty || scratchpads == .program else { return }
        let operations = try DNNL.create("create post-operations", dnnl_post_ops_create)
        defer { dnnl_post_ops_destroy(operations) }
        for operation in post {
            switch operation {
            case .sum: try DNNL.check(dnnl_post_ops_append_sum(operations, 1), "append a sum")
            case .relu:
                try DNNL.check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "append a ReLU")
            }
        }
        handle = try DNNL.create("create attributes", dnnl_primitive_attr_create)
        try DNNL.check(dnnl_primitive_attr_set_post_ops(handle, operations), "set post-operations")
        if scratchpads == .program {
            try DNNL.check(
                dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user), "select the scratch memory")
        }
    }

    deinit { if let handle { dnnl_primitive_attr_destroy(handle) } }
}
