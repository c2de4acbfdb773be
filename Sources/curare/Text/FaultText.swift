import Workflows

/// The faults of a workspace as text.
enum FaultText {
    /// Returns a line with the number of faults, and one for each of the first 50.
    static func lines(_ faults: [ReportedFault]) -> [String] {
        guard !faults.isEmpty else { return ["no faults"] }
        let first = faults.prefix(50).map { fault in
            let repair = fault.repairable ? " (repairable)" : ""
            return "  \(fault.kind) \(fault.path.isEmpty ? "." : fault.path): \(fault.detail)\(repair)"
        }
        let more = faults.count > 50 ? ["  and \(faults.count - 50) more; --json lists all"] : []
        return ["faults: \(faults.count)"] + first + more
    }
}
