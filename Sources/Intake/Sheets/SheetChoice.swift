import Catalog
import Core

/// Which photos a contact sheet shows: those that meet all that is asked, by volunteer, then what is worn, then photo.
public struct SheetChoice: Hashable, Sendable {
    public enum Wears: Hashable, Sendable {
        case nothing
        /// This trigger, whatever else.
        case trigger(TriggerName)
    }

    public let session: SessionName?
    public let volunteer: VolunteerName?
    public let wears: Wears?
    public let problem: PhotoProblem?

    public init(
        session: SessionName? = nil, volunteer: VolunteerName? = nil, wears: Wears? = nil, problem: PhotoProblem? = nil
    ) {
        (self.session, self.volunteer, self.wears, self.problem) = (session, volunteer, wears, problem)
    }

    /// - Parameter places: of all photos, or of the session's alone where one is asked for. A photo without a place is not shown.
    public func photos(of facts: [PhotoFacts], places: [PhotoID: SessionPhoto]) -> [SheetPhoto] {
        facts.filter { places[$0.photo] != nil && admits($0) }.compactMap { fact in
            places[fact.photo].map { SheetPhoto(fact, $0) }
        }.sorted()
    }

    private func admits(_ fact: PhotoFacts) -> Bool {
        if let volunteer, fact.label?.volunteer != volunteer { return false }
        if let problem, !problem.concerns(fact) { return false }
        return switch wears {
        case nil: true
        case .nothing: fact.label?.triggerState.isBare == true
        case .trigger(let trigger): fact.label?.triggerState.pairs.contains { $0.trigger == trigger } == true
        }
    }

    /// What was asked for: `session spring-studio, sunglasses, blurred`.
    var words: String {
        let worn = wears.map { wears in if case .trigger(let trigger) = wears { trigger.text } else { "bare" } }
        let asked = [session.map { "session \($0)" }, volunteer.map { "volunteer \($0)" }, worn, problem?.word]
            .compactMap(\.self)
        return asked.isEmpty ? "all photos" : asked.joined(separator: ", ")
    }
}

extension SheetChoice {
    /// Reads what a person asked for by name.
    ///
    /// - Parameter trigger: `none` asks for bare photos.
    /// - Throws: ``CurareError`` (66) where the catalog knows no such session, volunteer or trigger.
    public init(session: String?, volunteer: String?, trigger: String?, problem: PhotoProblem?, in catalog: Catalog)
        throws
    {
        let triggers = try catalog.triggers()
        let wears: Wears? =
            trigger == "none" ? .nothing : try trigger.map { .trigger(try Self.known($0, "trigger", among: triggers)) }
        self.init(
            session: try session.map { try Self.known($0, "session", among: catalog.sessions().map(\.name)) },
            volunteer: try volunteer.map { try Self.known($0, "volunteer", among: catalog.volunteers().map(\.name)) },
            wears: wears, problem: problem)
    }

    private static func known<Of>(_ word: String, _ what: String, among names: [Name<Of>]) throws -> Name<Of> {
        if let name = names.first(where: { $0.text == word }) { return name }
        throw CurareError(
            .missingInput, "there is no \(what) \"\(word.prefix(80))\"",
            next: closestMatch(to: word, among: names.map(\.text)).map { "did you mean \($0)?" } ?? "see curare status")
    }
}
