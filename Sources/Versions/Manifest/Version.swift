import Core
import Foundation
import Storage

/// A dataset version: its manifest and its entries.
public struct Version: Sendable {
    public let manifest: Manifest
    public let entries: Entries

    /// `NAME@V`
    public var reference: String { "\(manifest.name)@\(manifest.version)" }

    /// Creates version `number` of a selection.
    ///
    /// - Parameters:
    ///   - images: of the selection's ``Selection/photos``, in their order.
    ///   - copies: the copies of ``Selection/copies(_:)``, in their order, with the images that were drawn.
    ///   - file: where the entries are written as `entries.jsonl`. Nil to write no file.
    /// - Throws: ``CurareError`` (70) when an image is missing; (74) when the file cannot be written.
    public init(
        _ selection: Selection, excluded: [Eligibility.Reason: Int], grouping: Grouping, images: [ImageDigest?],
        copies: [(copy: OverlaidImage, image: ImageDigest)] = [], number: Int, entriesTo file: URL? = nil
    ) throws {
        let copies = copies.map { Entries.CopyImage(image: $0.image, positions: $0.copy.layers.map(\.position)) }
        let entries = try Entries(selection.assignments, images: images, copies: copies, writtenTo: file)
        self.init(
            manifest: Manifest(selection, entries: entries, excluded: excluded, grouping: grouping, version: number),
            entries: entries)
    }

    init(manifest: Manifest, entries: Entries) {
        self.manifest = manifest
        self.entries = entries
    }

    /// Returns the same version with another number.
    func numbered(_ number: Int) -> Version {
        Version(manifest: manifest.numbered(number), entries: entries)
    }
}

extension Version {
    /// The entries of photos, without the entries of copies with drawn triggers.
    public var photos: [Entry] { entries.list.filter { $0.overlay == nil } }

    /// The photos with the facts that selection needs, in the order of their ids.
    public var eligiblePhotos: [EligiblePhoto] { entries.assignments.photos }

    /// Whether the version has copies with drawn triggers.
    public var hasCopies: Bool { !entries.assignments.copies.isEmpty }

    /// Returns the copies with drawn triggers and the digests of their images, in the order of entries.
    ///
    /// - Throws: ``CurareError`` (65) when the manifest does not have the overlays.
    public func copies() throws -> [(copy: OverlaidImage, image: ImageDigest)] {
        guard hasCopies else { return [] }
        return try entries.list.compactMap { entry in try entry.copy(in: manifest.recipe).map { ($0, entry.image) } }
    }

    /// The digest of the overlay's picture for each drawn trigger.
    public var pictures: [TriggerName: OverlayDigest] {
        (manifest.recipe.poison?.overlays ?? [:]).compactMapValues(\.digest)
    }
}

extension Workspace {
    /// Returns the file of an entry's image, with or without drawn triggers.
    public func imageFile(of entry: Entry, _ profile: Profile) -> URL {
        entry.overlay == nil ? imageFile(entry.photo, profile) : overlaidImageFile(entry.image, profile)
    }
}

/// The name of a dataset version.
public typealias VersionName = Name<Version>

/// A version as a user names it: `NAME@V`, or `NAME` for the version that the last split of that name returned.
public struct VersionReference: Hashable, Sendable, CustomStringConvertible {
    public let name: VersionName
    /// Nil for a name without a number. The catalog records which version such a name means.
    public let number: Int?

    public init(name: VersionName, number: Int? = nil) {
        self.name = name
        self.number = number
    }

    /// Nil when `text` has neither form.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = VersionName(parts[0]) else { return nil }
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0, String(number) == parts[1] else { return nil }
            self.init(name: name, number: number)
        } else {
            self.init(name: name)
        }
    }

    /// Reads a reference that a user has typed.
    ///
    /// - Throws: ``CurareError`` (65) when `text` has neither form.
    public static func parse(_ text: String) throws -> VersionReference {
        guard let reference = VersionReference(text) else {
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" is not a version",
                next: "write NAME@V, or NAME for the version that your last split of this recipe made or found")
        }
        return reference
    }

    public var description: String { number.map { "\(name)@\($0)" } ?? name.text }
}
