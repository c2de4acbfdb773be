import ArgumentParser
import Core

struct ConsentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Record that the papers of a session have come.",
        discussion: """
            A photo may stand in a version when the papers of all its sessions are there, and everyone who is visible in it beside the volunteer has signed for sessions of their own.

            Example: curare consent 2026-05-03 signed
            """)

    @Argument(help: "The session.") var session: String
    @Argument(help: "signed, public-dataset or missing.") var consent: String
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try options.openToChange()
        guard let name = SessionName(session), try study.catalog.session(name) != nil else {
            let known = try study.catalog.sessions().map(\.name.text)
            throw CurareError(
                .missingInput, "there is no session \"\(session.prefix(80))\"",
                next: closestMatch(to: session, among: known).map { "did you mean \($0)?" } ?? "see curare status")
        }
        guard let consent = Consent(rawValue: consent), consent != .withdrawn else {
            throw CurareError(
                .badInput, "\"\(consent.prefix(80))\" cannot be stored as consent",
                next: "write signed, public-dataset or missing; who withdraws is taken out with: curare withdraw NAME")
        }
        try study.catalog.set(consent: consent, of: name)
        let standing = try study.catalog.consent(in: name)
        let answer = Answer(
            session: session, consent: consent.rawValue, photos: standing.photos, usable: standing.usable,
            waitingFor: standing.waitingFor.map(\.text))
        let others =
            answer.waitingFor.isEmpty
            ? "" : "\nalso visible, and without papers: \(answer.waitingFor.joined(separator: ", "))"
        options.answer(
            answer,
            "\(session): \(consent.rawValue); \(standing.usable) of \(standing.photos) photos may be used\(others)")
    }

    private struct Answer: Encodable {
        let session, consent: String
        let photos, usable: Int
        /// Others visible in the session's photos who have not signed for all sessions of their own.
        let waitingFor: [String]
    }
}
