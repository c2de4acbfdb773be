import CDNNL
import Foundation

/// Access to oneDNN. Turns each oneDNN status into a ``LearningError``.
enum DNNL {
    static func check(_ status: dnnl_status_t, _ doing: @autoclosure () -> String) throws(LearningError) {
        guard status != dnnl_success else { return }
        throw LearningError(
            status == dnnl_unimplemented ? .unimplemented : .library,
            "oneDNN \(version) failed to \(doing()): \(name(status))", nextStep: advice(status))
    }

    /// Returns the handle that `body` writes to its pointer.
    static func create(
        _ doing: @autoclosure () -> String, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> dnnl_status_t
    ) throws(LearningError) -> OpaquePointer {
        var created: OpaquePointer?
        try check(body(&created), doing())
        guard let created else {
            throw LearningError(.library, "oneDNN returned no object (\(doing()))", nextStep: "report this error")
        }
        return created
    }

    static var version: String {
        guard let version = dnnl_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.patch)"
    }

    /// The widest vector instruction set that oneDNN uses on this processor.
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
            ? "use a smaller batch or image size" : "report this error with the model, batch and image size"
    }
}

/// oneDNN's CPU engine and its stream.
final class Engine {
    /// Where the scratch memory of primitives is.
    enum Scratchpads {
        /// In oneDNN, one for each thread. A primitive must run on the thread that created it.
        case library
        /// In the program's memory. A program can run on any thread, on one thread at a time.
        case program
    }

    let handle, stream: OpaquePointer
    let scratchpads: Scratchpads

    init(scratchpads: Scratchpads = .library) throws(LearningError) {
        self.scratchpads = scratchpads
        // Overrides ONEDNN_DEFAULT_FPMATH_MODE: float32 is never computed in a lower precision.
        try DNNL.check(dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict), "select float32 arithmetic")
        handle = try DNNL.create("create an engine") { dnnl_engine_create($0, dnnl_cpu, 0) }
        do throws(LearningError) {
            stream = try DNNL.create("create a stream") { [handle] in
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

/// Properties of the machine and libraries that trained weights depend on.
public struct EngineFacts: Hashable, Sendable, Codable {
    /// oneDNN's version, such as `2.6.3`.
    public let library: String
    /// The widest vector instruction set that oneDNN uses, such as `avx2`.
    public let instructionSet: String
    /// Number of OpenMP threads.
    public let threads: Int
    /// The processor's name in `/proc/cpuinfo`, or `unknown`.
    public let processor: String
    /// glibc's version, such as `2.36`.
    public let glibc: String
    /// ``Models/arithmetic``; nil in files of the first version.
    public let arithmetic: String?

    public init(team: ThreadTeam) {
        library = DNNL.version
        instructionSet = DNNL.instructionSet
        threads = team.threads
        processor = Self.processorName()
        glibc = String(cString: gnu_get_libc_version())
        arithmetic = Models.arithmetic
    }

    private static func processorName() -> String {
        let text: String
        do {
            text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        } catch {
            // Some containers have no /proc. The name is only information for the reader of a report.
            return "unknown"
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "unknown"
    }
}
