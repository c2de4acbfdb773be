import Core
import Workflows

/// The faults of a workspace as text. Names of unknown files are escaped, so that each fault is one line.
enum FaultText {
    /// Returns a line with the number of faults, and a line for each of the first 50 faults.
    static func lines(_ faults: [ReportedFault]) -> [String] {
        guard !faults.isEmpty else { return ["no faults"] }
        let first = faults.prefix(50).map { fault in
            let repair = fault.repairable ? " (repairable)" : ""
            return "  \(fault.kind) \(fault.path.isEmpty ? "." : fault.path): \(fault.detail)\(repair)".printable()
        }
        let more = faults.count > 50 ? ["  and \(faults.count - 50) more; --json lists all"] : []
        return ["faults: \(faults.count)"] + first + more
    }
}
