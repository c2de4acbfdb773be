import ArgumentParser
import Workflows

/// The acceptance of a finding in `curare audit`.
struct AcceptanceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Accept the finding with this key; give a --reason.", valueName: "key"))
    var accept: String?
    @Option(help: ArgumentHelp("Why the finding is acceptable, in at most 500 characters.", valueName: "text"))
    var reason: String?
    @Option(help: ArgumentHelp("Open the accepted finding with this key again.", valueName: "key"))
    var reopen: String?
    @OptionGroup var author: AuthorOptions

    func validate(versions: [String]) throws {
        guard accept == nil || reopen == nil else { throw ValidationError("Give --accept or --reopen, not both.") }
        guard (accept == nil) == (reason == nil) else {
            throw ValidationError("Give --accept and --reason together: --accept KEY --reason TEXT.")
        }
        guard accept == nil && reopen == nil || versions.count <= 1 else {
            throw ValidationError("Name at most one version with --accept or --reopen.")
        }
    }

    /// The request that the options make; nil without --accept and --reopen.
    func request(version: String?) -> AcceptFinding.Request? {
        if let reopen { return AcceptFinding.Request(.reopen(key: reopen), version: version) }
        guard let accept, let reason else { return nil }
        return AcceptFinding.Request(.accept(key: accept, reason: reason), version: version, author: author.name)
    }
}
