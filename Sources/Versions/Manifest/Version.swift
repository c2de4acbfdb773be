import Catalog

/// A dataset version: a manifest and its entries.
public struct Version: Sendable {
    public let manifest: Manifest
    public let entries: Entries

    /// `NAME@V`
    public var reference: String { "\(manifest.name)@\(manifest.version)" }

    /// Version `number` of a selection whose images are made.
    ///
    /// - Throws: ``Refusal`` (70) where an image or a photo's facts are missing, which only a bug can bring about.
    public init(_ selection: Selection, excluded: [Eligibility.Reason: Int], grouping: Grouping, facts: [PhotoFacts], images: [PhotoID: ImageDigest], drawn: [DrawnCopy: ImageDigest] = [:], number: Int) throws {
        let copies = try selection.copies(facts)
        let facts = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0) })
        let looksAtFaces = selection.recipe.profile.crop == .face
        let entries = Entries(try selection.parts.map { part in
            let copy = copies[part.key]
            guard let image = part.overlay == nil ? images[part.photo.photo] : copy.flatMap({ drawn[$0] }), let fact = facts[part.photo.photo] else {
                throw Refusal(.bug, "photo \(part.photo.photo.short) was selected without an image", next: "please report this")
            }
            return Entry(part: part, image: image, width: fact.width, height: fact.height, face: looksAtFaces ? fact.face.face : nil,
                         drawn: copy?.layers.map(\.position) ?? [])
        })
        self.init(manifest: Manifest(selection, entries: entries, excluded: excluded, grouping: grouping, version: number), entries: entries)
    }

    init(manifest: Manifest, entries: Entries) {
        self.manifest = manifest
        self.entries = entries
    }
}
