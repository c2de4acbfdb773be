import ArgumentParser
import Workflows

struct ConsentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Record the consent for a session.",
        discussion: """
            A photo can belong to several sessions. Curare uses a photo only if none of these sessions has the consent \
            `missing`, and every other person who is visible in the photo has consented. If a volunteer withdraws \
            consent, use `curare withdraw`.

            Example: curare consent 2026-05-03 signed
            """)

    @Argument(help: "The name of the session.") var session: String
    @Argument(
        help: "The consent: signed, public-dataset or missing.",
        completion: .list(["signed", "public-dataset", "missing"]))
    var consent: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            ReviewConsent.self, ReviewConsent.Request(session: session, consent: consent))
        let others =
            result.waitingFor.isEmpty
            ? "" : "\nalso visible, without consent: \(result.waitingFor.joined(separator: ", "))"
        try options.output(
            result: result,
            "\(session): \(result.consent); \(result.usable) of \(result.photos) photos may be used\(others)")
    }
}
