import Core
import Foundation

/// A dataset version: a manifest and its entries.
public struct Version: Sendable {
    public let manifest: Manifest
    public let entries: Entries

    /// `NAME@V`
    public var reference: String { "\(manifest.name)@\(manifest.version)" }

    /// Version `number` of a selection whose images are made.
    ///
    /// - Parameters:
    ///   - images: of the selection's ``Selection/photos``, in their order.
    ///   - copies: what ``Selection/copies(_:)`` says, in its order, with the images that were drawn.
    ///   - file: where the entries are written on the way, as `entries.jsonl`; nil where they are not.
    /// - Throws: ``CurareError`` (70) where an image is missing, which only a bug can bring about; (74) where the file cannot be written.
    public init(
        _ selection: Selection, excluded: [Eligibility.Reason: Int], grouping: Grouping, images: [ImageDigest?],
        copies: [(copy: OverlaidImage, image: ImageDigest)] = [], number: Int,
        entriesTo file: URL? = nil
    ) throws {
        let drawn = copies.map { DrawnImage(image: $0.image, positions: $0.copy.layers.map(\.position)) }
        let entries = try Entries(selection.parts, images: images, copies: drawn, writtenTo: file)
        self.init(
            manifest: Manifest(selection, entries: entries, excluded: excluded, grouping: grouping, version: number),
            entries: entries)
    }

    /// The same under another number.
    func numbered(_ number: Int) -> Version {
        Version(manifest: manifest.numbered(number), entries: entries)
    }

    init(manifest: Manifest, entries: Entries) {
        self.manifest = manifest
        self.entries = entries
    }
}
