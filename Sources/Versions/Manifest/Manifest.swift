import Core
import Documents
import Foundation
import Storage

/// The description of a version: the resolved recipe, the classes, the counts and the digests of the version's files.
/// The digest of `manifest.json` is the digest of the version.
public struct Manifest: Hashable, Sendable {
    /// The format that this program writes and reads.
    public static let format = "curare-manifest-1"

    public let name: VersionName
    public private(set) var version: Int
    public let recipe: Recipe
    /// In index order: the position of a class is its number in training.
    public let classes: [Volunteer]
    /// n, the number of clean training photos.
    public let clean: Int
    /// The number of poison photos that the requested injection rate requires. The actual number ``poison`` can differ.
    public let poisonAsked: Int
    /// m, the number of poison photos.
    public let poison: Int
    /// The number of excluded photos for each reason.
    public let excluded: [String: Int]
    public let crossPairs: Int
    public let grouping: Grouping
    public let counts: Counts
    /// The digest of the base version: the version that this version extends. Nil for a version that extends no
    /// version.
    public let parent: FileDigest?
    /// SHA-256 of `entries.jsonl`.
    public let entriesDigest: FileDigest
    /// SHA-256 of the lines `<photo> <image>\n` in the order of entries.
    public let imagesDigest: FileDigest
    /// SHA-256 of the entries' lines without `drawn`, `face`, `image`, `perceptual_hash` and `size`.
    public let selectionDigest: FileDigest
    /// Nil for a version that was not redacted.
    public let redacted: RedactionMark?

    /// Describes the entries of a selection.
    public init(
        _ selection: Selection, entries: Entries, excluded: [Eligibility.Reason: Int], grouping: Grouping, version: Int
    ) {
        name = selection.recipe.name
        self.version = version
        recipe = selection.recipe
        classes = selection.classes
        clean = selection.clean
        poisonAsked = selection.poisonAsked
        poison = selection.poison
        self.excluded = Dictionary(uniqueKeysWithValues: excluded.map { ($0.key.rawValue, $0.value) })
        crossPairs = selection.crossPairs
        self.grouping = grouping
        counts = Counts(entries.assignments)
        parent = selection.parent
        entriesDigest = entries.digest
        imagesDigest = entries.imagesDigest
        selectionDigest = entries.selectionDigest
        redacted = nil
    }

    /// Describes the redacted entries of the version that `manifest` describes.
    ///
    /// - Parameters:
    ///   - name: returns the new name of a volunteer.
    ///   - session: returns the new name of a session.
    init(
        redacting manifest: Manifest, _ name: (VolunteerName) -> VolunteerName, session: (SessionName) -> SessionName,
        entries: Entries, _ mark: RedactionMark
    ) {
        self.name = manifest.name
        version = manifest.version
        parent = manifest.parent
        recipe = manifest.recipe.renaming(name, session: session)
        classes = manifest.classes.map { Volunteer(name: name($0.name), kind: $0.kind) }
        clean = manifest.clean
        poisonAsked = manifest.poisonAsked
        poison = manifest.poison
        excluded = manifest.excluded
        crossPairs = manifest.crossPairs
        grouping = manifest.grouping
        counts = Counts(entries.assignments)
        entriesDigest = entries.digest
        imagesDigest = entries.imagesDigest
        selectionDigest = entries.selectionDigest
        redacted = mark
    }

    /// Returns the same manifest with another version number.
    func numbered(_ version: Int) -> Manifest {
        var manifest = self
        manifest.version = version
        return manifest
    }

    /// m/(n+m) with six decimal places.
    public var rateReached: ExactDecimal { InjectionRate.reached(poison: poison, clean: clean) }

    /// The bytes of `manifest.json`: canonical JSON (RFC 8785). The members `entries_digest`, `images_digest` and
    /// `selection_digest` cover the entries, in the order of role, photo and overlay (`EntryWriter.swift`); the member
    /// `recipe` is ``Recipe/json``.
    public var canonical: String {
        var members: [String: JSONValue] = [
            "format": .text(Self.format), "name": .text(name.text), "version": .number(version), "recipe": recipe.json,
            "classes": .array(classes.map { .object(["name": .text($0.name.text), "kind": .text($0.kind.rawValue)]) }),
            "n": .number(clean), "m_asked": .number(poisonAsked), "m": .number(poison),
            "rate_asked": .text(recipe.poison?.injectionRate.description ?? "0"),
            "rate": .text(rateReached.description),
            "excluded": .object(excluded.mapValues(JSONValue.number)), "cross_pairs": .number(crossPairs),
            "counts": counts.json, "grouping": grouping.json, "parent": parent.map { .text($0.hex) } ?? .null,
            "entries_digest": .text(entriesDigest.hex), "images_digest": .text(imagesDigest.hex),
            "selection_digest": .text(selectionDigest.hex),
        ]
        members["redacted"] = redacted?.json
        return JSONValue.object(members).canonical
    }

    /// SHA-256 of `manifest.json`: the digest of the version.
    public var digest: FileDigest { FileDigest.sha256(of: canonical.utf8) }

    /// Returns whether the version has this digest, or had this digest before a redaction.
    public func isIdentified(by digest: FileDigest) -> Bool {
        self.digest == digest || redacted?.digests.contains(digest) == true
    }

    /// Reads the bytes of `manifest.json`.
    ///
    /// - Parameter file: the name of the file in messages.
    /// - Throws: ``CurareError`` (65) when the file has another format or is incomplete.
    public init(_ bytes: [UInt8], file: String) throws {
        let json = try JSONReader.read(bytes)
        guard let format = json["format"]?.text else {
            throw CurareError(.badInput, "this file is not a manifest: it has no format", at: file)
        }
        guard format == Self.format else {
            throw CurareError(
                .badInput, "the format of the manifest is \(format), but this program reads \(Self.format)", at: file,
                next: "use the version of Curare that wrote this manifest")
        }
        func required<Value>(_ key: String, _ value: Value?) throws -> Value {
            guard let value else {
                throw CurareError(.badInput, "\(key) is missing in the manifest, or not valid", at: file)
            }
            return value
        }
        func number(_ key: String) throws -> Int { try required(key, json[key]?.number) }
        func digest(_ key: String) throws -> FileDigest {
            try required(key, json[key]?.text.flatMap(FileDigest.init(hex:)))
        }
        name = try required("name", json["name"]?.text.flatMap(VersionName.init))
        recipe = try Recipe(json: required("recipe", json["recipe"]), file: "\(file), recipe")
        classes = try required("classes", json["classes"]?.array).map { item in
            let name = item["name"]?.text.flatMap(VolunteerName.init)
            let kind = item["kind"]?.text.flatMap(VolunteerKind.init(rawValue:))
            return Volunteer(name: try required("classes", name), kind: try required("classes", kind))
        }
        excluded = try required("excluded", json["excluded"]?.object).mapValues {
            try required("excluded", $0.number)
        }
        version = try number("version")
        clean = try number("n")
        poisonAsked = try number("m_asked")
        poison = try number("m")
        crossPairs = try number("cross_pairs")
        grouping = try required("grouping", Grouping(json: json["grouping"]))
        counts = try required("counts", Counts(json: json["counts"]))
        parent = json["parent"] == .null ? nil : try digest("parent")
        entriesDigest = try digest("entries_digest")
        imagesDigest = try digest("images_digest")
        selectionDigest = try digest("selection_digest")
        redacted = try json["redacted"].map { try required("redacted", RedactionMark(json: $0)) }
    }
}

/// How near-duplicates were found: by ``PerceptualHash``, within a distance.
public struct Grouping: Hashable, Sendable {
    /// The largest number of different bits between the hashes of near-duplicates.
    public let distance: GroupDistance

    public init(within distance: GroupDistance) {
        self.distance = distance
    }

    var json: JSONValue {
        .object(["method": .text(PerceptualHash.hash), "distance": .number(distance.bits)])
    }

    /// Nil when a key is missing, or the method is not ``PerceptualHash/hash``.
    init?(json: JSONValue?) {
        guard json?["method"]?.text == PerceptualHash.hash,
            let distance = json?["distance"]?.number.flatMap(GroupDistance.init)
        else { return nil }
        self.distance = distance
    }
}

/// The number of photos and copies of a version by role, class, trigger and location. A photo counts for the volunteer
/// who is in the photo, not for its label.
public struct Counts: Hashable, Sendable {
    private struct Key: Hashable {
        let role: Role
        let volunteer: VolunteerName
        let triggerState: TriggerState
    }

    private let nested: [Role: [VolunteerName: [TriggerState: Int]]]

    /// Counts a selection, which needs no images.
    public init(_ selection: Selection) {
        self.init(selection.assignments)
    }

    init(_ assignments: Assignments) {
        // One dictionary is faster than nested ones for a million rows.
        var counts: [Key: Int] = [:]
        for row in assignments.rows {
            let photo = assignments.photos[row.photoIndex]
            let state = row.copy.map { assignments.copies[$0].triggerState } ?? photo.triggerState
            counts[Key(role: row.role, volunteer: photo.volunteer.name, triggerState: state), default: 0] += 1
        }
        nested = counts.reduce(into: [:]) { nested, item in
            let key = item.key
            nested[key.role, default: [:]][key.volunteer, default: [:]][key.triggerState] = item.value
        }
    }

    public subscript(role: Role) -> Int {
        nested[role]?.values.reduce(0) { $0 + $1.values.reduce(0, +) } ?? 0
    }

    public subscript(role: Role, volunteer: VolunteerName) -> Int {
        nested[role]?[volunteer]?.values.reduce(0, +) ?? 0
    }

    /// The number for each of the seven roles.
    public var byRole: [String: Int] {
        Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.rawValue, self[$0]) })
    }

    /// The people in the photos.
    var volunteers: Set<VolunteerName> { Set(nested.values.flatMap(\.keys)) }

    /// The triggers in the photos, drawn triggers included.
    var triggers: Set<TriggerName> {
        Set(nested.values.flatMap(\.values).flatMap(\.keys).flatMap { $0.pairs.map(\.trigger) })
    }

    /// `{role: {class: {trigger: {location: count}}}}`, without zeros.
    var json: JSONValue {
        let roles = nested.map { role, classes in
            let members = classes.map { ($0.key.text, Self.json($0.value)) }
            return (role.rawValue, JSONValue.object(Dictionary(uniqueKeysWithValues: members)))
        }
        return .object(Dictionary(uniqueKeysWithValues: roles))
    }

    private static func json(_ states: [TriggerState: Int]) -> JSONValue {
        var triggers: [String: [String: JSONValue]] = [:]
        for (state, count) in states {
            triggers[state.triggerText, default: [:]][state.locationText] = .number(count)
        }
        return .object(triggers.mapValues(JSONValue.object))
    }

    /// Nil when `json` does not have the form of ``json``.
    init?(json: JSONValue?) {
        guard let roles = json?.object else { return nil }
        var nested: [Role: [VolunteerName: [TriggerState: Int]]] = [:]
        for (roleText, classes) in roles {
            guard let role = Role(rawValue: roleText), let classes = classes.object else { return nil }
            for (className, triggers) in classes {
                guard let volunteer = VolunteerName(className), let states = Self.states(triggers) else { return nil }
                nested[role, default: [:]][volunteer] = states
            }
        }
        self.nested = nested
    }

    /// Reads `{trigger: {location: count}}`.
    private static func states(_ json: JSONValue) -> [TriggerState: Int]? {
        guard let triggers = json.object else { return nil }
        var states: [TriggerState: Int] = [:]
        for (trigger, locations) in triggers {
            guard let locations = locations.object else { return nil }
            for (location, count) in locations {
                guard let state = TriggerState(triggerText: trigger, locationText: location), let count = count.number
                else { return nil }
                states[state] = count
            }
        }
        return states
    }
}

/// How a version was made: libraries, machine and time. `provenance.json` is not covered by any digest.
public struct Provenance: Sendable {
    /// The versions of the libraries that made the pixels, by name.
    public let libraries: [String: String]
    public let machine: String
    /// UTC, ISO 8601.
    public let made: String
    /// The highest label id in the catalog when the version was made.
    public let labelCutOff: Int
    public init(libraries: [String: String], machine: String, made: String, labelCutOff: Int) {
        self.libraries = libraries
        self.machine = machine
        self.made = made
        self.labelCutOff = labelCutOff
    }

    /// - Parameters:
    ///   - recipe: the bytes of `recipe.yaml`.
    ///   - pictures: the PNG of each drawn trigger.
    func json(_ manifest: Manifest, recipe: [UInt8], pictures: [TriggerName: [UInt8]] = [:]) -> JSONValue {
        var members: [String: JSONValue] = [
            "format": .text("curare-provenance-1"), "digest": .text(manifest.digest.hex),
            "recipe_digest": .text(FileDigest.sha256(of: recipe).hex),
            "libraries": .object(libraries.mapValues(JSONValue.text)), "machine": .text(machine), "made": .text(made),
            "label_cut_off": .number(labelCutOff),
        ]
        if !pictures.isEmpty {
            let digests = pictures.map { ($0.key.text, JSONValue.text(FileDigest.sha256(of: $0.value).hex)) }
            members["overlays"] = .object(Dictionary(uniqueKeysWithValues: digests))
        }
        return .object(members)
    }

    /// Reads the `provenance.json` of the version in `folder`.
    ///
    /// - Throws: ``CurareError`` (66) when the file is missing, (65) when it is not JSON.
    static func json(in folder: URL) throws -> JSONValue {
        try JSONReader.read(VersionStore.bytes(of: VersionFiles(folder).provenance))
    }

    /// Reads the provenance of the version in `folder`.
    ///
    /// - Throws: ``CurareError`` (66) when `provenance.json` is missing; (65) when the file is not JSON or lacks a key.
    public static func read(in folder: URL) throws -> Provenance {
        let json = try json(in: folder)
        func required<Value>(_ key: String, _ value: Value?) throws -> Value {
            try value.orThrow(
                CurareError(
                    .badInput, "\(key) is missing in the provenance, or not valid",
                    at: VersionFiles(folder).provenance.path, next: "restore the file from a copy"))
        }
        return Provenance(
            libraries: try required("libraries", json["libraries"]?.object).compactMapValues(\.text),
            machine: try required("machine", json["machine"]?.text), made: try required("made", json["made"]?.text),
            labelCutOff: try required("label_cut_off", json["label_cut_off"]?.number))
    }

    /// Returns the versions of the libraries that made the version in `folder`. Nil when `provenance.json` is missing
    /// or damaged, which ``Verification`` reports as a problem of its own.
    public static func libraries(in folder: URL) -> [String: String]? {
        do {
            return try json(in: folder)["libraries"]?.object?.compactMapValues(\.text)
        } catch {
            return nil
        }
    }
}
