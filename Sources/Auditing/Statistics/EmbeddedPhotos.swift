import Core

/// Photos with a label and a face embedding, in the order of photo ids, in five folds.
///
/// A photo's fold depends only on its id, so that a new photo does not move other photos to another fold.
struct EmbeddedPhotos: Sendable {
    let facts: [PhotoFacts]
    let vectors: [FaceEmbedding]
    /// 0 ..< ``foldCount`` for each photo.
    let folds: [Int]

    static let foldCount = 5

    /// - Parameters:
    ///   - facts: photos in the order of photo ids.
    ///   - limit: the largest number of photos. Ids are SHA-256 digests, so that the first ids are a random sample.
    init(_ facts: [PhotoFacts], _ embeddings: [PhotoID: FaceEmbedding], limit: Int = .max) {
        var kept: [PhotoFacts] = []
        var vectors: [FaceEmbedding] = []
        for fact in facts where fact.label != nil && kept.count < limit {
            guard let vector = embeddings[fact.photo] else { continue }
            kept.append(fact)
            vectors.append(vector)
        }
        self.init(kept, vectors)
    }

    private init(_ facts: [PhotoFacts], _ vectors: [FaceEmbedding]) {
        self.facts = facts
        self.vectors = vectors
        folds = facts.map { Int($0.photo.leading % UInt64(Self.foldCount)) }
    }

    /// Returns the photos whose class has at least `minimum` photos, and their classes: indices in the sorted list of
    /// these classes. Leaves out the photos for which `className` returns nil.
    func classified<Class: Hashable & Comparable>(
        atLeast minimum: Int, by className: (Label) -> Class?
    ) -> (photos: EmbeddedPhotos, labels: [Int], classes: [Class]) {
        let names = facts.map { $0.label.flatMap(className) }
        var counts: [Class: Int] = [:]
        for case let name? in names { counts[name, default: 0] += 1 }
        let classes = counts.filter { $0.value >= minimum }.keys.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let kept = names.indices.filter { index in names[index].map { numbers[$0] != nil } ?? false }
        return (
            EmbeddedPhotos(kept.map { facts[$0] }, kept.map { vectors[$0] }),
            kept.compactMap { index in names[index].flatMap { numbers[$0] } }, classes
        )
    }
}
