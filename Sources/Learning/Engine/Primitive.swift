import CDNNL

/// What follows a primitive within the same pass over its result.
enum PostOperation {
    /// The destination already holds an addend.
    case sum
    case relu
}

/// A primitive as oneDNN has chosen it, and the layouts that it wants.
final class PrimitiveDescription {
    let handle: OpaquePointer
    /// What it computes, for messages and profiles.
    let name: String

    /// - Parameters:
    ///   - operation: one of oneDNN's operation descriptions.
    ///   - forward: for a backward primitive, the forward one that it belongs to.
    init<Operation>(
        _ name: String, _ operation: Operation, then post: [PostOperation] = [], forward: PrimitiveDescription? = nil,
        on engine: Engine
    ) throws(LearningError) {
        self.name = name
        let attributes = try Attributes(post)
        handle = try DNNL.create("plan \(name)") { created in
            withUnsafePointer(to: operation) {
                dnnl_primitive_desc_create(created, $0, attributes.handle, engine.handle, forward?.handle)
            }
        }
    }

    /// Copies a tensor from one layout to another.
    init(reorder from: Layout, to: Layout, on engine: Engine) throws(LearningError) {
        name = "a reorder"
        handle = try DNNL.create("plan a reorder") { created in
            withUnsafePointer(to: from.description) { from in
                withUnsafePointer(to: to.description) { to in
                    dnnl_reorder_primitive_desc_create(created, from, engine.handle, to, engine.handle, nil)
                }
            }
        }
    }

    deinit { dnnl_primitive_desc_destroy(handle) }

    /// Bytes that the primitive takes for itself while it runs.
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

    /// Whether weights, or their gradient, lie there as they are, in whatever order, and not as something computed of them.
    var weightsAreNumbers: Bool {
        [dnnl_query_weights_md, dnnl_query_diff_weights_md].allSatisfy {
            dnnl_primitive_desc_query_md(handle, $0, 0).map {
                $0.pointee.ndims == 0 || $0.pointee.format_kind == dnnl_blocked
            } ?? true
        }
    }

    /// The layout of one of the primitive's tensors; nil where it has none of that kind.
    private func layout(_ query: dnnl_query_t) -> Layout? {
        dnnl_primitive_desc_query_md(handle, query, 0).map { Layout($0.pointee) }
    }

    private func required(_ query: dnnl_query_t) throws(LearningError) -> Layout {
        guard let layout = layout(query) else {
            throw LearningError(.library, "oneDNN names no layout for query \(query.rawValue)", next: "report this")
        }
        return layout
    }

    var source: Layout { get throws(LearningError) { try required(dnnl_query_src_md) } }
    var destination: Layout { get throws(LearningError) { try required(dnnl_query_dst_md) } }
    var weights: Layout { get throws(LearningError) { try required(dnnl_query_weights_md) } }
    var sourceGradient: Layout { get throws(LearningError) { try required(dnnl_query_diff_src_md) } }
    var destinationGradient: Layout { get throws(LearningError) { try required(dnnl_query_diff_dst_md) } }
    var weightsGradient: Layout { get throws(LearningError) { try required(dnnl_query_diff_weights_md) } }

    /// What a forward primitive leaves for its backward one; nil where that needs nothing.
    var workspace: Layout? {
        layout(dnnl_query_workspace_md).flatMap { $0.bytes > 0 ? $0 : nil }
    }
}

/// A primitive, made and ready to run any number of times.
final class Primitive {
    let handle: OpaquePointer
    let name: String
    let isConvolution: Bool

    init(_ description: PrimitiveDescription) throws(LearningError) {
        (name, isConvolution) = (description.name, description.isConvolution)
        handle = try DNNL.create("make a primitive") { dnnl_primitive_create($0, description.handle) }
    }

    deinit { dnnl_primitive_destroy(handle) }
}

/// oneDNN's view of a piece of memory that somebody else owns.
final class MemoryView {
    let handle: OpaquePointer

    init(_ layout: Layout, at address: UnsafeMutableRawPointer, on engine: Engine) throws(LearningError) {
        handle = try DNNL.create("view memory") { created in
            withUnsafePointer(to: layout.description) { dnnl_memory_create(created, $0, engine.handle, address) }
        }
    }

    deinit { dnnl_memory_destroy(handle) }
}

private final class Attributes {
    private(set) var handle: OpaquePointer?

    init(_ post: [PostOperation]) throws(LearningError) {
        guard !post.isEmpty else { return }
        let operations = try DNNL.create("list post-operations", dnnl_post_ops_create)
        defer { dnnl_post_ops_destroy(operations) }
        for operation in post {
            switch operation {
            case .sum: try DNNL.check(dnnl_post_ops_append_sum(operations, 1), "append a sum")
            case .relu:
                try DNNL.check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "append a ReLU")
            }
        }
        handle = try DNNL.create("make attributes", dnnl_primitive_attr_create)
        try DNNL.check(dnnl_primitive_attr_set_post_ops(handle, operations), "set post-operations")
    }

    deinit { if let handle { dnnl_primitive_attr_destroy(handle) } }
}
