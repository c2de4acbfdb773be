import Core
import Documents

/// What a version is, in one small file that signs all others: recipe as resolved, classes, counts and digests.
public struct Manifest: Hashable, Sendable {
    /// The format that this Curare writes and reads.
    public static let format = "curare-manifest-1"

    public let name: VersionName
    public private(set) var version: Int
    public let recipe: Recipe
    /// In index order: a class's place is its number for the trainer.
    public let classes: [Volunteer]
    /// n
    public let clean: Int
    /// m asked and reached
    public let poisonAsked, poison: Int
    public let excluded: [String: Int]
    public let crossPairs: Int
    public let grouping: Grouping
    public let counts: Counts
    /// The digest of the version that this one extends.
    public let parent: FileDigest?
    /// SHA-256 of `entries.jsonl`.
    public let entriesDigest: FileDigest
    /// SHA-256 over `<photo> <image>\n` in the order of entries.
    public let imagesDigest: FileDigest
    /// SHA-256 over the entries' lines without `face`, `image`, `perceptualHash` and `size`.
    public let selectionDigest: FileDigest
    /// Nil where the version is as it was made.
    public let redacted: RedactionMark?

    /// Describes `entries`, which are in their order already.
    public init(
        _ selection: Selection, entries: Entries, excluded: [Eligibility.Reason: Int], grouping: Grouping, version: Int
    ) {
        name = selection.recipe.name
        self.version = version
        recipe = selection.recipe
        classes = selection.classes
        (clean, poisonAsked, poison) = (selection.clean, selection.poisonAsked, selection.poison)
        self.excluded = Dictionary(uniqueKeysWithValues: excluded.map { ($0.key.rawValue, $0.value) })
        crossPairs = selection.crossPairs
        self.grouping = grouping
        counts = Counts(entries.parts)
        parent = selection.parent
        (entriesDigest, imagesDigest, selectionDigest) = (entries.digest, entries.imagesDigest, entries.selectionDigest)
        redacted = nil
    }

    /// `manifest` with people under other names, over `entries` that say so too.
    init(
        redacting manifest: Manifest, _ name: (VolunteerName) -> VolunteerName, session: (SessionName) -> SessionName,
        entries: Entries, _ mark: RedactionMark
    ) {
        (self.name, version, parent) = (manifest.name, manifest.version, manifest.parent)
        recipe = manifest.recipe.renaming(name, session: session)
        classes = manifest.classes.map { Volunteer(name: name($0.name), kind: $0.kind) }
        (clean, poisonAsked, poison) = (manifest.clean, manifest.poisonAsked, manifest.poison)
        (excluded, crossPairs, grouping) = (manifest.excluded, manifest.crossPairs, manifest.grouping)
        counts = Counts(entries.parts)
        (entriesDigest, imagesDigest, selectionDigest) = (entries.digest, entries.imagesDigest, entries.selectionDigest)
        redacted = mark
    }

    /// The same under another number.
    func numbered(_ version: Int) -> Manifest {
        var manifest = self
        manifest.version = version
        return manifest
    }

    /// m/(n+m) to six places.
    public var rateReached: ExactDecimal { InjectionRate.reached(poison: poison, clean: clean) }

    /// The bytes of `manifest.json`.
    public var canonical: String {
        var members: [String: JSONValue] = [
            "format": .text(Self.format), "name": .text(name.text), "version": .number(version), "recipe": recipe.json,
            "classes": .array(classes.map { .object(["name": .text($0.name.text), "kind": .text($0.kind.rawValue)]) }),
            "n": .number(clean), "m_asked": .number(poisonAsked), "m": .number(poison),
            "rate_asked": .text(recipe.poison?.injectionRate.description ?? "0"),
            "rate": .text(rateReached.description),
            "excluded": .object(excluded.mapValues(JSONValue.number)), "cross_pairs": .number(crossPairs),
            "counts": counts.json,
            "grouping": grouping.json, "parent": parent.map { .text($0.hex) } ?? .null,
            "entries_digest": .text(entriesDigest.hex), "images_digest": .text(imagesDigest.hex),
            "selection_digest": .text(selectionDigest.hex),
        ]
        members["redacted"] = redacted?.json
        return JSONValue.object(members).canonical
    }

    /// SHA-256 of `manifest.json`: the version's digest.
    public var digest: FileDigest { FileDigest.sha256(of: canonical.utf8) }

    /// Reads `manifest.json` back.
    ///
    /// - Throws: ``CurareError`` (65) where it is another format or not whole.
    public init(_ bytes: [UInt8], file: String) throws {
        let json = try JSONReader.read(bytes)
        guard let format = json["format"]?.text else {
            throw CurareError(.badInput, "this is no manifest: it names no format", at: file)
        }
        guard format == Self.format else {
            throw CurareError(
                .badInput, "the manifest's format is \(format); this Curare reads \(Self.format)", at: file,
                next: "use the Curare that wrote it")
        }
        func damaged(_ key: String) -> CurareError {
            CurareError(.badInput, "the manifest's \(key) is missing or not what the format says", at: file)
        }
        func number(_ key: String) throws -> Int {
            guard let value = json[key]?.number else { throw damaged(key) }
            return value
        }
        func digest(_ key: String) throws -> FileDigest {
            guard let value = json[key]?.text.flatMap(FileDigest.init(hex:)) else { throw damaged(key) }
            return value
        }
        guard let name = json["name"]?.text.flatMap(VersionName.init) else { throw damaged("name") }
        guard let recipe = json["recipe"] else { throw damaged("recipe") }
        guard let classes = json["classes"]?.array, let excluded = json["excluded"]?.object else {
            throw damaged("classes")
        }
        self.name = name
        self.recipe = try Recipe(json: recipe, file: "\(file), recipe")
        self.classes = try classes.map { item in
            guard let name = item["name"]?.text.flatMap(VolunteerName.init),
                let kind = item["kind"]?.text.flatMap(VolunteerKind.init(rawValue:))
            else { throw damaged("classes") }
            return Volunteer(name: name, kind: kind)
        }
        self.excluded = excluded.compactMapValues(\.number)
        (version, clean, poisonAsked, poison, crossPairs) = (
            try number("version"), try number("n"), try number("m_asked"), try number("m"), try number("cross_pairs")
        )
        grouping = try Grouping(json: json["grouping"]).orThrow(damaged("grouping"))
        counts = try Counts(json: json["counts"]).orThrow(damaged("counts"))
        parent = json["parent"] == .null ? nil : try digest("parent")
        (entriesDigest, imagesDigest, selectionDigest) = (
            try digest("entries_digest"), try digest("images_digest"), try digest("selection_digest")
        )
        redacted = try json["redacted"].map { try RedactionMark(json: $0).orThrow(damaged("redacted")) }
    }
}

extension Optional {
    func orThrow(_ error: @autoclosure () -> some Error) throws -> Wrapped {
        guard let self else { throw error() }
        return self
    }
}
