import Catalog
import Core

/// Renames and merges people, and renames and removes triggers. Checks the names first; after an error, the catalog is
/// unchanged.
public struct NameEditor {
    private let catalog: Catalog

    public init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    // MARK: - People

    /// Returns the person whose current name is `text`.
    ///
    /// - Throws: ``CurareError`` (66) when there is no such person, (65) when the person has withdrawn or when `text` is
    ///   an earlier name.
    public func volunteer(_ text: String) throws -> VolunteerName {
        let known = try catalog.volunteers().map(\.name)
        guard let name = VolunteerName(text) else { throw Self.missing("volunteer", text, known.map(\.text)) }
        if known.contains(name) { return name }
        if let current = try catalog.earlierNames().volunteers[name] {
            throw CurareError(
                .badInput, "\(name) is an earlier name of \(current)", next: "write the current name: \(current)")
        }
        guard try !catalog.withdrawnNames().contains(name) else {
            throw CurareError(
                .badInput, "\(name) has withdrawn consent, and the name cannot change any more",
                next: "see what is left with: curare withdraw \(name) --dry-run")
        }
        throw Self.missing("volunteer", text, known.map(\.text))
    }

    /// Gives a person a new name.
    ///
    /// - Throws: ``CurareError`` (65) when the new name breaks the rule, or when another person has or had the name.
    public func rename(_ volunteer: VolunteerName, to text: String) throws -> VolunteerName {
        guard let name = VolunteerName(text) else {
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" cannot name a volunteer", next: VolunteerName.rule)
        }
        guard name != volunteer else { throw Self.unchanged(text) }
        guard try !catalog.volunteers().map(\.name).contains(name) else {
            throw CurareError(
                .badInput, "the study has another person with the name \(name)",
                next: "if both names mean the same person, run curare volunteer merge \(volunteer) \(name); "
                    + "otherwise choose another name")
        }
        if let owner = try catalog.earlierNames().volunteers[name], owner != volunteer {
            throw CurareError(
                .badInput, "\(name) is an earlier name of \(owner), and no other person can have it",
                next: "choose another name")
        }
        guard try !catalog.withdrawnNames().contains(name) else {
            throw CurareError(
                .badInput, "a person with the name \(name) has withdrawn consent, and the name is never used again",
                next: "choose another name")
        }
        try catalog.rename(volunteer, to: name)
        return name
    }

    /// Returns the names, other than `except`, that a person can confuse with a volunteer's name.
    public func names(near volunteer: VolunteerName, except: [VolunteerName] = []) throws -> [String] {
        let others = try catalog.volunteers().map(\.name).filter { $0 != volunteer && !except.contains($0) }
        return NearNames(others.map(\.text)).names(near: volunteer.text)
    }

    /// Checks that two people can be one person.
    ///
    /// - Throws: ``CurareError`` (65) when they are the same, when their kinds differ, or when only one of them has the
    ///   consent for all sessions.
    public func checkMerge(_ volunteer: VolunteerName, into other: VolunteerName) throws {
        guard volunteer != other else { throw Self.unchanged(other.text) }
        let kinds = try catalog.kindsOfSessionVolunteers()
        if let kind = kinds[volunteer], let otherKind = kinds[other], kind != otherKind {
            throw CurareError(
                .badInput,
                "\(volunteer) is a \(kind.rawValue) and \(other) is a \(otherKind.rawValue), so they are not one person",
                next: "check both names with curare audit")
        }
        let sessions = [try catalog.records(of: volunteer), try catalog.records(of: other)]
        guard sessions.allSatisfy({ !$0.sessions.isEmpty }) else { return }
        let missing = sessions.map(\.sessionsWithoutConsent)
        guard missing[0].isEmpty != missing[1].isEmpty else { return }
        let (name, without) = missing[0].isEmpty ? (other, missing[1]) : (volunteer, missing[0])
        let list = without.map(\.text).joined(separator: ", ")
        throw CurareError(
            .badInput,
            "the consent of \(name) is missing for \(list), and the other name has consent for all sessions; "
                + "a person who is visible in photos of others needs consent for all sessions",
            next: "record the consent first: curare consent \(without[0]) signed")
    }

    // MARK: - Triggers

    /// Returns the trigger whose current name is `text`.
    ///
    /// - Throws: ``CurareError`` (66) when there is no such trigger, (65) when `text` is an earlier name.
    public func trigger(_ text: String) throws -> TriggerName {
        let known = try catalog.triggers()
        if let name = TriggerName(text), known.contains(name) { return name }
        try requireNoEarlierName(text)
        throw Self.missing("trigger", text, known.map(\.text))
    }

    /// Gives a trigger a new name.
    ///
    /// - Throws: ``CurareError`` (65) when another trigger has or had the name.
    public func rename(_ trigger: TriggerName, to name: TriggerName) throws {
        guard name != trigger else { throw Self.unchanged(name.text) }
        guard try !catalog.triggers().contains(name) else {
            throw CurareError(
                .badInput, "the study has a trigger with the name \(name) already",
                next: "choose another name; two triggers cannot become one, but curare label changes single photos")
        }
        if try catalog.earlierNames().triggers[name] != trigger { try requireNoEarlierName(name.text) }
        try catalog.rename(trigger, to: name)
    }

    /// Removes a trigger that no photo has.
    ///
    /// - Throws: ``CurareError`` (65) when a label of a photo has the trigger, also an earlier label or the label of a
    ///   further annotator.
    public func remove(_ trigger: TriggerName) throws {
        let records = try catalog.records(of: trigger)
        guard records.photos + records.photosInHistory + records.annotatedPhotos == 0 else {
            let earlier = records.photosInHistory
            let history = earlier == 0 ? "" : ", and \(earlier) other photos have \(trigger) in the label history"
            let annotated = records.annotatedPhotos
            let annotations = annotated == 0 ? "" : ", and annotators gave the trigger to \(annotated) photos"
            throw CurareError(
                .badInput,
                "\(trigger) cannot be removed: \(records.photos) photos have the trigger\(history)\(annotations)",
                next: "a trigger that photos have or had can only be renamed: curare trigger rename \(trigger) NEW")
        }
        try catalog.remove(trigger)
    }

    /// Returns the triggers that a person can confuse with a new name: near names, and singular and plural.
    public func triggers(near name: TriggerName) throws -> [String] {
        let known = try catalog.triggers().map(\.text).filter { $0 != name.text }
        let plurals = known.filter { $0 == name.text + "s" || $0 + "s" == name.text }
        return Set(NearNames(known).names(near: name.text) + plurals).sorted()
    }

    /// Checks that `text` is no earlier name of a trigger.
    ///
    /// - Throws: ``CurareError`` (65).
    public func requireNoEarlierName(_ text: String) throws {
        guard let current = try TriggerName(text).flatMap({ try catalog.earlierNames().triggers[$0] }) else { return }
        throw CurareError(
            .badInput, "\(text) is an earlier name of the trigger \(current)",
            next: "write the current name, \(current), or choose another name")
    }

    // MARK: - Errors

    private static func missing(_ kind: String, _ text: String, _ known: [String]) -> CurareError {
        CurareError(
            .missingInput, "there is no \(kind) \"\(text.prefix(80))\" in this study",
            next: suggestion(for: text, among: known)
                ?? "known: \(known.prefix(40).joined(separator: ", "))")
    }

    private static func unchanged(_ text: String) -> CurareError {
        CurareError(.badInput, "\"\(text)\" is the same name twice", next: "write two different names")
    }
}
