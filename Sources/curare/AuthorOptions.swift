import ArgumentParser
import Foundation

/// The person who makes a change.
struct AuthorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Your name, to store with the change; default: $CURARE_AUTHOR, else no name.", valueName: "name"))
    var author: String?

    /// The name of the option or, without the option, of the environment variable. Nil if both are absent. An empty
    /// variable counts as absent.
    var name: String? {
        if let author { return author }
        let name = ProcessInfo.processInfo.environment["CURARE_AUTHOR"]
        return name?.isEmpty == true ? nil : name
    }
}
