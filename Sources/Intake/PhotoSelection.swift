import Catalog
import Core
import Storage

/// The photos of a command: named one by one, or all that match a selection.
public enum PhotoChoice: Sendable {
    case named([PhotoReference])
    case matching(PhotoSelection)

    /// Returns the photos with their names in messages. Each photo occurs once.
    ///
    /// - Parameter problems: receives a problem for each reference that identifies no photo.
    /// - Throws: ``CurareError`` (66) when no photo matches the selection.
    func photos(in catalog: Catalog, _ problems: inout [CurareError.Problem]) throws -> [(photo: PhotoID, name: String)]
    {
        switch self {
        case .matching(let selection): return try selection.photos(in: catalog)
        case .named(let references):
            var seen: Set<PhotoID> = []
            var photos: [(photo: PhotoID, name: String)] = []
            for reference in references {
                guard let photo = try reference.photo(in: catalog, at: "", &problems), seen.insert(photo).inserted
                else { continue }
                photos.append((photo, reference.text))
            }
            return photos
        }
    }

    /// Returns the photos with their names in messages.
    ///
    /// - Throws: ``CurareError`` (65) when a reference identifies no photo, (66) when no photo matches the selection.
    public func photos(in catalog: Catalog) throws -> [(photo: PhotoID, name: String)] {
        var problems: [CurareError.Problem] = []
        let photos = try self.photos(in: catalog, &problems)
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "\(problems.count) \(problems.count == 1 ? "name identifies" : "names identify") no photo",
                next: "write 6 or more digits of the photo's id, or SESSION/FILE", problems: problems)
        }
        return photos
    }
}

/// Conditions that a photo must meet, from a text such as `volunteer=ada,trigger=none`. A photo must meet all of them.
public struct PhotoSelection: Sendable, CustomStringConvertible {
    /// A property of a photo with which a value is compared.
    public enum Key: String, CaseIterable, Sendable {
        /// The person of the label.
        case volunteer
        /// A trigger of the label, or `none`.
        case trigger
        /// A location of a trigger, or `none`. With ``trigger``, the location of that trigger.
        case location
        case session
        /// The origin of the label: a raw value of ``LabelSource``, or `none` for a photo without a label.
        case source
        /// `yes` for a label that a rule suggested and no person confirmed, otherwise `no`.
        case suggested
    }

    private struct Condition {
        let key: Key
        let value: String
        var text: String { "\(key.rawValue)=\(value)" }
    }

    /// In the order of the text, each key once.
    private let conditions: [Condition]

    public var description: String { conditions.map(\.text).joined(separator: ",") }

    private init(_ conditions: [Condition]) {
        self.conditions = conditions
    }

    /// - Throws: ``CurareError`` (64) when the text is not a list of `key=value`.
    public init(_ text: String) throws {
        let keys = Key.allCases.map(\.rawValue)
        let next = "write KEY=VALUE,KEY=VALUE with the keys \(keys.joined(separator: ", "))"
        var conditions: [Condition] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmingSpaces)
            guard sides.count == 2, !sides[1].isEmpty else {
                throw CurareError(.usage, "--where: \"\(part.prefix(80))\" is not KEY=VALUE", next: next)
            }
            guard let key = Key(rawValue: sides[0]) else {
                throw CurareError(
                    .usage, "--where: unknown key \"\(sides[0].prefix(80))\"",
                    next: suggestion(for: sides[0], among: keys) ?? next)
            }
            guard !conditions.contains(where: { $0.key == key }) else {
                throw CurareError(
                    .usage, "--where: the key \(key.rawValue) is given twice", next: "give each key one value")
            }
            conditions.append(Condition(key: key, value: sides[1]))
        }
        self.conditions = conditions
    }

    /// Returns the matching photos, in the order of their ids, with `SESSION/FILE`.
    ///
    /// - Throws: ``CurareError`` (66) when a value does not exist or no photo matches, with the values that exist.
    public func photos(in catalog: Catalog) throws -> [(photo: PhotoID, name: String)] {
        for condition in conditions { try Self.check(condition, catalog) }
        let known = try catalog.known()
        let matching = known.filter { matches($0.value) }.keys.sorted()
        guard !matching.isEmpty else { throw noMatch(among: Array(known.values)) }
        let session = conditions.first { $0.key == .session }.flatMap { SessionName($0.value) }
        let names = try catalog.sessionPhotos(in: session)
        return matching.map { photo in (photo, names[photo].map { "\($0.session)/\($0.file)" } ?? photo.short) }
    }

    /// Returns whether a photo meets all conditions.
    public func matches(_ photo: KnownPhoto) -> Bool {
        guard conditions.allSatisfy({ Self.values(of: $0.key, photo).contains($0.value) }) else { return false }
        guard let trigger = conditions.first(where: { $0.key == .trigger })?.value,
            let location = conditions.first(where: { $0.key == .location })?.value,
            let state = photo.label?.triggerState, !state.isBare
        else { return true }
        return state.pairs.contains { $0.trigger.text == trigger && $0.location.rawValue == location }
    }

    private static func values(of key: Key, _ photo: KnownPhoto) -> [String] {
        let none = TriggerState.bareText
        switch key {
        case .volunteer: return photo.label.map { [$0.volunteer.text] } ?? []
        case .trigger:
            guard let state = photo.label?.triggerState else { return [] }
            return state.isBare ? [none] : state.pairs.map(\.trigger.text)
        case .location:
            guard let state = photo.label?.triggerState else { return [] }
            return state.isBare ? [none] : state.pairs.map(\.location.rawValue)
        case .session: return photo.notes.keys.map(\.text)
        case .source: return [photo.source?.rawValue ?? none]
        case .suggested: return [photo.isSuggested ? "yes" : "no"]
        }
    }

    /// Checks that the study has the value of a condition.
    private static func check(_ condition: Condition, _ catalog: Catalog) throws {
        let none = TriggerState.bareText
        let values: [String] =
            switch condition.key {
            case .volunteer: try catalog.volunteers().map(\.name.text)
            case .trigger: try [none] + catalog.triggers().map(\.text)
            case .location: [none] + Location.allCases.map(\.rawValue)
            case .session: try catalog.sessions().map(\.name.text)
            case .source: [none] + LabelSource.allCases.map(\.rawValue)
            case .suggested: ["yes", "no"]
            }
        guard !values.contains(condition.value) else { return }
        let meant = suggestion(for: condition.value, among: values).map { "\($0) " } ?? ""
        let value = "\"\(condition.value.prefix(80))\""
        throw CurareError(
            .missingInput,
            condition.key == .suggested
                ? "suggested cannot be \(value)" : "there is no \(condition.key.rawValue) \(value)",
            next: "\(meant)The values of \(condition.key.rawValue): \(list(values))")
    }

    /// The error when no photo meets all conditions. Its next step lists values of a condition that prevents a match.
    private func noMatch(among photos: [KnownPhoto]) -> CurareError {
        var next = "curare status and curare sheet show what the study has"
        for condition in conditions {
            let values = photos.flatMap { photo in
                Self.values(of: condition.key, photo).filter { replacing(condition.key, by: $0).matches(photo) }
            }
            guard !values.isEmpty else { continue }
            let others = conditions.filter { $0.key != condition.key }.map(\.text).joined(separator: ",")
            next =
                "the photos\(others.isEmpty ? "" : " with \(others)") have these values of \(condition.key.rawValue): "
                + Self.list(Set(values).sorted())
            break
        }
        return CurareError(.missingInput, "no photo matches \(self)", next: next)
    }

    private func replacing(_ key: Key, by value: String) -> PhotoSelection {
        PhotoSelection(conditions.map { $0.key == key ? Condition(key: key, value: value) : $0 })
    }

    private static func list(_ values: [String]) -> String {
        let maximum = 20
        let more = values.count > maximum ? " and \(values.count - maximum) more" : ""
        return values.prefix(maximum).joined(separator: ", ") + more
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
