import Core

/// How a version differs from the one that it extends, in numbers of photos.
public struct Growth: Hashable, Sendable {
    /// `NAME@V` that was extended.
    public let parent: String
    /// Photos of the parent that stand where they stood, drawn copies among them.
    public let kept: Int
    /// New photos, by the role that they were given.
    public let added: [Role: Int]
    /// Photos of the parent that show somebody else today, or other things worn: their role was given anew. They count in ``added`` too.
    public let relabelled: Int
    /// Photos of the parent that the catalog does not know any more.
    public let missing: Int
    /// Photos of the parent that consent, the recipe's filters or the lack of a bare photo leave out today.
    public let leftOut: Int
    /// Poison above m as the rate asks for it, which stays because it was there.
    public let poisonAbove: Int
    /// Volunteers who are new: they are not attackable, for the set is the parent's.
    public let newVolunteers: [VolunteerName]

    init(_ selection: Selection, from version: Version, _ parent: Parent, _ facts: FactSource) throws {
        let before = Set(version.entries.parts.photos.map(\.photo))
        let now = Set(selection.photos)
        self.parent = parent.reference
        let new = selection.parts.filter { !parent.keeps($0) }
        kept = selection.parts.count - new.count
        added = Dictionary(grouping: new, by: \.role).mapValues(\.count)
        relabelled = new.count { $0.overlay == nil && before.contains($0.photo.photo) }
        let gone = before.subtracting(now)
        var there = 0
        if !gone.isEmpty { try facts.forEach { if gone.contains($0.photo) { there += 1 } } }
        (missing, leftOut) = (gone.count - there, there)
        poisonAbove = max(0, selection.poison - selection.poisonAsked)
        let classes = Set(version.manifest.classes)
        newVolunteers =
            selection.recipe.poison == nil
            ? [] : selection.classes.filter { $0.kind == .volunteer && !classes.contains($0) }.map(\.name)
    }
}
