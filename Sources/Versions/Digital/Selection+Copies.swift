import Core

extension Selection {
    /// The photos on whose copies something is drawn, in the order of their ids; none where the trigger is worn.
    public var drawnOn: [PhotoID] {
        var numbers: [Int] = []
        for copy in parts.copies where copy.number != numbers.last { numbers.append(copy.number) }
        return numbers.map { parts.photos[$0].photo }
    }

    /// What is drawn for each of the version's copies, by photo, then overlay.
    ///
    /// - Parameter facts: of the photos ``drawnOn`` with their landmarks, others among them or not.
    /// - Throws: ``CurareError`` (70) where a face is not known, which only a bug can bring about.
    public func copies(_ facts: [PhotoFacts]) throws -> [OverlaidImage] {
        guard !parts.copies.isEmpty else { return [] }
        let facts = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0) })
        return try parts.copies.map { copy in
            let photo = parts.photos[copy.number]
            guard let fact = facts[photo.photo], let layers = recipe.layers(copy.overlay, on: fact.photo, fact.face)
            else {
                throw CurareError(
                    .bug, "there is no place to draw on photo \(photo.photo.short)", next: "please report this")
            }
            return OverlaidImage(
                photo: photo.photo, width: photo.width, height: photo.height, face: photo.face, layers: layers)
        }
    }
}
