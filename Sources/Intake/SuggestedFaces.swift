import Catalog
import Core

/// The suggested face boxes of the catalog's photos. A person can accept them as marked boxes.
public struct SuggestedFaces {
    /// A photo with its suggested box.
    public struct Suggestion: Sendable {
        public let sessionPhoto: SessionPhoto
        public let photo: PhotoID
        public let box: Box
        /// Whether the photo has probably lost its orientation. The box is then probably wrong.
        public let isOrientationSuspect: Bool
    }

    private let catalog: Catalog
    private let facts: [PhotoFacts]
    private let boxes: [PhotoID: Box]
    private let orientationSuspects: Set<PhotoID>

    public init(_ catalog: Catalog) throws {
        self.catalog = catalog
        facts = try catalog.facts(Catalog.FetchOptions(landmarks: .none, quality: false))
        boxes = FaceBoxSuggestion.boxes(facts)
        orientationSuspects = Set(facts.lazy.filter(PhotoFlag.orientationSuspect.applies).map(\.photo))
    }

    /// Returns all suggestions, or those of a session, in the order of photo ids.
    ///
    /// - Throws: ``CurareError`` (66) when there is no such session.
    public func suggestions(session: String? = nil) throws -> [Suggestion] {
        let name = try session.map {
            try ContactSheetFilter.find($0, "session", among: catalog.sessions().map(\.name))
        }
        return try suggestions(of: boxes.keys.sorted(), in: name)
    }

    /// Returns the suggestions of `photos`, in the order of photo ids. A photo that is named twice counts once.
    ///
    /// - Throws: ``CurareError`` (65) with all photos that do not exist or have no suggestion.
    public func suggestions(of photos: [PhotoReference]) throws -> [Suggestion] {
        var found: Set<PhotoID> = []
        var problems: [CurareError.Problem] = []
        for reference in photos {
            do throws(CurareError) {
                let photo = try photo(reference)
                if boxes[photo] == nil {
                    problems.append(CurareError.Problem(reference.text, reason(photo)))
                }
                found.insert(photo)
            } catch {
                problems.append(CurareError.Problem(reference.text, error.message))
            }
        }
        guard problems.isEmpty else {
            let count = problems.count == 1 ? "1 photo has" : "\(problems.count) photos have"
            throw CurareError(
                .badInput, "\(count) no suggested face box",
                next: "list the suggestions with curare faces accept --all --dry-run; nothing was changed",
                problems: problems)
        }
        return try suggestions(of: found.sorted(), in: nil)
    }

    /// Stores the boxes as corrections by hand, in one transaction, so that a later import keeps them. Removes the records of the face crops of these photos.
    ///
    /// - Parameters:
    ///   - made: the time, in UTC, ISO 8601.
    ///   - author: who accepts the boxes, if known.
    public func accept(_ suggestions: [Suggestion], made: String, author: Author? = nil) throws {
        try catalog.store(suggestions.map { PhotoEdit($0.photo, boxes: [.face: $0.box]) }, made: made, author: author)
    }

    private func suggestions(of photos: [PhotoID], in session: SessionName?) throws -> [Suggestion] {
        let sessionPhotos = try catalog.sessionPhotos(in: session)
        return photos.compactMap { photo in
            guard let sessionPhoto = sessionPhotos[photo], let box = boxes[photo] else { return nil }
            return Suggestion(
                sessionPhoto: sessionPhoto, photo: photo, box: box,
                isOrientationSuspect: orientationSuspects.contains(photo))
        }
    }

    private func photo(_ reference: PhotoReference) throws(CurareError) -> PhotoID {
        do {
            return try reference.photo(in: catalog)
        } catch let error as CurareError {
            throw error
        } catch {
            throw CurareError(.inputOutput, "\(error)")
        }
    }

    /// Returns why a photo has no suggestion.
    private func reason(_ photo: PhotoID) -> String {
        guard let fact = facts.first(where: { $0.photo == photo }) else { return "the catalog has no such photo" }
        guard let label = fact.label else { return "the photo has no label; label it first" }
        if fact.face.marked != nil { return "a person has marked the face already" }
        if fact.face.record == nil { return "no face was searched for; run curare faces search" }
        if fact.face.face != nil { return "the detector found a face" }
        return """
            fewer than \(FaceBoxSuggestion.minimumOthers) other photos of \(label.volunteer) in \(fact.session) with \
            the same orientation have a face; mark the face with face_box in session.csv
            """
    }
}
