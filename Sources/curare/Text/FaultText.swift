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

    /// Returns a line with what the user can do about the faults. Nil if there is nothing beyond the text of each fault.
    ///
    /// - Parameter hasRepaired: whether the faults are left after a repair.
    static func next(_ faults: [ReportedFault], hasRepaired: Bool) -> String? {
        var steps: [String] = []
        // The next import of the session also needs the images of these photos, so that a repair comes after it.
        if faults.contains(where: { $0.kind == "unknown-original" }) {
            steps.append("import the sessions of the unknown originals again, or delete these files")
        }
        if !hasRepaired, faults.contains(where: \.repairable) {
            steps.append(steps.isEmpty ? "curare check --repair" : "then: curare check --repair")
        }
        return steps.isEmpty ? nil : "next: \(steps.joined(separator: "; "))"
    }
}
