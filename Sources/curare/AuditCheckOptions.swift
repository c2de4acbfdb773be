import ArgumentParser
import Workflows

/// The options of `curare audit` about its checks.
struct AuditCheckOptions: ParsableArguments {
    @Flag(help: "List the checks with their scope and severity, and audit nothing. --json prints whole definitions.")
    var list = false
    @Option(
        help: ArgumentHelp(
            "The lowest severity with which a finding makes the exit code 3.", valueName: "severity"))
    var failOn = AuditDataset.FailureLimit.error

    /// - Parameter versions: the versions that the user named.
    func validate(versions: [String]) throws {
        guard !list || versions.isEmpty else {
            throw ValidationError("--list audits nothing; leave out the versions.")
        }
    }
}

extension AuditDataset.FailureLimit: ExpressibleByArgument {}
