import CDNNL

/// The one door to oneDNN: turns each of its statuses into a ``LearningError``.
enum DNNL {
    static func check(_ status: dnnl_status_t, _ doing: @autoclosure () -> String) throws(LearningError) {
        guard status != dnnl_success else { return }
        throw LearningError(.library, "oneDNN \(version) failed to \(doing()): \(name(status))", next: advice(status))
    }

    /// What `body` writes to its pointer.
    static func create(
        _ doing: @autoclosure () -> String, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> dnnl_status_t
    ) throws(LearningError) -> OpaquePointer {
        var created: OpaquePointer?
        try check(body(&created), doing())
        guard let created else {
            throw LearningError(.library, "oneDNN gave nothing for: \(doing())", next: "report this")
        }
        return created
    }

    static var version: String {
        guard let version = dnnl_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.patch)"
    }

    /// The widest vector instructions that oneDNN makes code for here.
    static var instructionSet: String {
        switch dnnl_get_effective_cpu_isa() {
        case dnnl_cpu_isa_sse41: "sse41"
        case dnnl_cpu_isa_avx: "avx"
        case dnnl_cpu_isa_avx2: "avx2"
        case dnnl_cpu_isa_avx2_vnni: "avx2_vnni"
        case dnnl_cpu_isa_avx512_mic: "avx512_mic"
        case dnnl_cpu_isa_avx512_mic_4ops: "avx512_mic_4ops"
        case dnnl_cpu_isa_avx512_core: "avx512_core"
        case dnnl_cpu_isa_avx512_core_vnni: "avx512_core_vnni"
        case dnnl_cpu_isa_avx512_core_bf16: "avx512_core_bf16"
        case dnnl_cpu_isa_avx512_core_amx: "avx512_core_amx"
        default: "other"
        }
    }

    private static func name(_ status: dnnl_status_t) -> String {
        switch status {
        case dnnl_out_of_memory: "out of memory"
        case dnnl_invalid_arguments: "invalid arguments"
        case dnnl_unimplemented: "not implemented"
        case dnnl_runtime_error: "runtime error"
        default: "status \(status.rawValue)"
        }
    }

    private static func advice(_ status: dnnl_status_t) -> String {
        status == dnnl_out_of_memory
            ? "use a smaller batch or image size" : "report this with the model, batch and image size"
    }
}

/// oneDNN's processor and the queue that primitives run on.
final class Engine {
    let handle, stream: OpaquePointer

    init() throws(LearningError) {
        // Whatever ONEDNN_DEFAULT_FPMATH_MODE says: 32-bit floats are computed as such.
        try DNNL.check(dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict), "ask for 32-bit arithmetic")
        handle = try DNNL.create("open the processor") { dnnl_engine_create($0, dnnl_cpu, 0) }
        do throws(LearningError) {
            stream = try DNNL.create("open a stream") { [handle] in
                dnnl_stream_create($0, handle, UInt32(dnnl_stream_default_flags.rawValue))
            }
        } catch {
            dnnl_engine_destroy(handle)
            throw error
        }
    }

    deinit {
        dnnl_stream_destroy(stream)
        dnnl_engine_destroy(handle)
    }
}
