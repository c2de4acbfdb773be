import CDNNL

/// Memory layout of a tensor (float32, at most four axes).
struct Layout: Equatable {
    private(set) var description: dnnl_memory_desc_t

    init(_ description: dnnl_memory_desc_t) { self.description = description }

    /// Returns the row-major layout: the last axis is contiguous.
    static func plain(_ dims: [Int]) throws(LearningError) -> Layout {
        let tags = [dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd]
        guard tags.indices.contains(dims.count - 1) else {
            throw LearningError(
                .library, "tensors of \(dims.count) axes are not supported", nextStep: "report this error")
        }
        return try Layout(dims, tags[dims.count - 1])
    }

    /// Returns a layout that oneDNN chooses when the primitive is created.
    static func any(_ dims: [Int]) throws(LearningError) -> Layout {
        try Layout(dims, dnnl_format_tag_any)
    }

    /// Channels in one block of ``blocked(_:)``: the length of a vector.
    static let block = DNNL.instructionSet.hasPrefix("avx512") ? 16 : 8

    /// Returns the channel-blocked layout: batch × channels/block × height × width × block. oneDNN usually chooses
    /// this layout for convolutions.
    static func blocked(_ dims: [Int]) throws(LearningError) -> Layout {
        try Layout(dims, block == 16 ? dnnl_aBcd16b : dnnl_aBcd8b)
    }

    private init(_ dims: [Int], _ tag: dnnl_format_tag_t) throws(LearningError) {
        description = dnnl_memory_desc_t()
        let sizes = dims.map(Int64.init)
        try DNNL.check(
            dnnl_memory_desc_init_by_tag(&description, Int32(dims.count), sizes, dnnl_f32, tag),
            "describe a tensor of \(dims)")
    }

    var dims: [Int] {
        withUnsafeBytes(of: description.dims) { raw in
            raw.bindMemory(to: Int64.self).prefix(Int(description.ndims)).map(Int.init)
        }
    }

    /// Number of values without padding.
    var count: Int { dims.reduce(1, *) }

    /// Size in bytes with padding.
    var bytes: Int {
        withUnsafePointer(to: description) { dnnl_memory_desc_get_size($0) }
    }

    static func == (a: Layout, b: Layout) -> Bool {
        withUnsafePointer(to: a.description) { a in
            withUnsafePointer(to: b.description) { b in dnnl_memory_desc_equal(a, b) != 0 }
        }
    }
}
