import ArgumentParser
import Catalog

struct ConsentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Record that the papers of a session have come.",
        discussion: "Example: curare consent 2026-05-03 signed")

    @Argument(help: "The session.") var session: String
    @Argument(help: "signed, public-dataset or missing.") var consent: String
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try options.openToChange()
        guard let name = SessionName(session), try study.catalog.session(name) != nil else {
            let known = try study.catalog.sessions().map(\.name.text)
            throw Refusal(.missingInput, "there is no session \"\(session.prefix(80))\"", next: nearest(to: session, among: known).map { "did you mean \($0)?" } ?? "see curare status")
        }
        guard let consent = Consent(rawValue: consent), consent != .withdrawn else {
            throw Refusal(.badInput, "\"\(consent.prefix(80))\" cannot be stored as consent", next: "write signed, public-dataset or missing")
        }
        try study.catalog.set(consent: consent, of: name)
        options.answer(Answer(session: session, consent: consent.rawValue), "\(session): \(consent.rawValue)")
    }

    private struct Answer: Encodable {
        let session, consent: String
    }
}
