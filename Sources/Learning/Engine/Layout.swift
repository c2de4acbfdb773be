import CDNNL

/// How the numbers of a tensor (f32, at most four axes) lie in memory.
struct Layout: Equatable {
    private(set) var description: dnnl_memory_desc_t

    init(_ description: dnnl_memory_desc_t) { self.description = description }

    /// Row after row: the last axis is the fastest.
    static func plain(_ dims: [Int]) throws(LearningError) -> Layout {
        let tags = [dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd]
        guard tags.indices.contains(dims.count - 1) else {
            throw LearningError(.library, "no layout of \(dims.count) axes", next: "report this")
        }
        return try Layout(dims, tags[dims.count - 1])
    }

    /// Whatever a primitive likes best: it says which when it is made.
    static func any(_ dims: [Int]) throws(LearningError) -> Layout {
        try Layout(dims, dnnl_format_tag_any)
    }

    /// Channels that lie together in ``blocked(_:)``: as many as a vector holds.
    static let block = DNNL.instructionSet.hasPrefix("avx512") ? 16 : 8

    /// Images by blocks of channels: batch × channels/block × height × width × block, as convolutions like it best.
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

    /// Numbers it holds, padding not among them.
    var count: Int { dims.reduce(1, *) }

    /// Room it takes, padding included.
    var bytes: Int {
        withUnsafePointer(to: description) { dnnl_memory_desc_get_size($0) }
    }

    static func == (a: Layout, b: Layout) -> Bool {
        withUnsafePointer(to: a.description) { a in
            withUnsafePointer(to: b.description) { b in dnnl_memory_desc_equal(a, b) != 0 }
        }
    }
}
