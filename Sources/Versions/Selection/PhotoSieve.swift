import Core

/// What a recipe asks of a photo beyond its consent, label and class, and what it could not tell.
struct PhotoSieve {
    private let filter: Recipe.PhotoFilter
    private let isFiltering, drawsOnFaces: Bool
    /// Photos of which the filter cannot say whether it admits them, and bare ones in which no face was looked for that is to be drawn on.
    private var unjudged = 0, unseen = 0

    init(_ recipe: Recipe) {
        filter = recipe.photos
        isFiltering = filter != Recipe.PhotoFilter()
        drawsOnFaces = recipe.poison?.drawsOnFaces == true
    }

    /// Why `photo` is left out; nil where it is not.
    mutating func reason(against photo: PhotoFacts) -> Eligibility.Reason? {
        guard isFiltering || drawsOnFaces else { return nil }
        if isFiltering, !filter.canJudge(photo) { unjudged += 1 }
        let isDrawnOn = drawsOnFaces && photo.label?.triggerState.isBare == true
        if isDrawnOn, photo.face.record == nil, photo.face.marked == nil { unseen += 1 }
        // What cannot be drawn on would show by itself that it is no poison.
        return filter.reason(against: photo) ?? (isDrawnOn && photo.face.face == nil ? .faceless : nil)
    }

    /// - Throws: ``CurareError`` (65) where what the recipe hangs on was not looked for, or not measured, in some of the photos.
    func requireThatAllCouldBeJudged() throws {
        guard unseen == 0 else {
            throw CurareError(
                .badInput,
                "the trigger is drawn on faces, and in \(unseen) of the recipe's bare photos no face was looked for yet",
                at: "poison.overlays",
                next:
                    "run split where the originals are: it looks for the faces that are not known; curare audit names originals that are missing"
            )
        }
        guard unjudged == 0 else {
            let what =
                filter.looksAtFaces
                ? "faces, and in \(unjudged) of its photos no face was looked for yet"
                : "quality, and \(unjudged) of its photos were not measured yet"
            throw CurareError(
                .badInput, "the recipe asks for \(what)", at: "photos.\(filter.face == .any ? "without" : "face")",
                next:
                    "run split where the originals are: it measures what was not; curare audit names originals that are missing"
            )
        }
    }
}
