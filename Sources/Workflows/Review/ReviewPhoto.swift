import Core

/// A photo on the review page. The encoding is the object `P` of the page's API; see docs/review-api.md.
public struct ReviewPhoto: Encodable, Sendable {
    public let id: String
    /// The name of the file in the session's folder.
    public let name: String
    public let session: String
    /// The label that counts; nil without a label. Several triggers and locations are joined by `+`.
    public let volunteer: String?
    public let trigger: String?
    public let location: String?
    /// The origin of the label: a raw value of ``LabelSource``.
    public let source: String?
    /// Whether no person has confirmed the label.
    public let suggested: Bool
    /// Changes with every change of the label or the boxes.
    public let version: String
    /// Pixels of the upright photo.
    public let width: Int
    public let height: Int
    /// The boxes as x, y, width, height in pixels of the upright photo.
    public let face: [Int]?
    /// Who marked the face: `review`, `sheet`, or the detector.
    public let faceSource: String?
    public let box: [Int]?
    public let note: String?
    /// The checks of the audit that list the photo.
    public let findings: [String]
    /// Why a person should look at the label; nil if there is no reason.
    public let reason: String?

    private enum CodingKeys: CodingKey {
        case id, name, session, volunteer, trigger, location, source, suggested, version, width, height, face,
            faceSource,
            box, note, findings, reason
    }

    /// A value that is missing is `null`, and its key is present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(session, forKey: .session)
        try container.encode(volunteer, forKey: .volunteer)
        try container.encode(trigger, forKey: .trigger)
        try container.encode(location, forKey: .location)
        try container.encode(source, forKey: .source)
        try container.encode(suggested, forKey: .suggested)
        try container.encode(version, forKey: .version)
        try container.encode(width, forKey: .width)
        try container.encode(height, forKey: .height)
        try container.encode(face, forKey: .face)
        try container.encode(faceSource, forKey: .faceSource)
        try container.encode(box, forKey: .box)
        try container.encode(note, forKey: .note)
        try container.encode(findings, forKey: .findings)
        try container.encode(reason, forKey: .reason)
    }
}

/// The photos that a review page shows: conditions, an order, and a part of the list.
public struct ReviewQuery: Sendable {
    public static let maximumLimit = 500

    /// The first of the photo's sessions by name.
    public var session: String?
    public var volunteer: String?
    /// A trigger that the label contains, or `none` for bare photos.
    public var trigger: String?
    public var location: String?
    /// A check of the audit that lists the photo.
    public var finding: String?
    /// Words that must all occur in the file name, session, note, label or id.
    public var text: String?
    /// Whether the photos that most need a person come first.
    public var leastSureFirst = false
    public var offset = 0
    public var limit = 60

    public init() {}
}

/// A part of the photos of a query.
public struct ReviewPage: Encodable, Sendable {
    /// The number of all photos of the query.
    public let total: Int
    public let offset: Int
    public let photos: [ReviewPhoto]
}

/// The study as the review page shows it.
public struct ReviewOverview: Encodable {
    public struct Person: Encodable {
        public let name: String
        public let kind: String
    }

    /// The name of the workspace's folder.
    public let workspace: String
    @ExplicitNull public var author: String?
    public let photos: Int
    public let triggers: [String]
    public let locations: [String]
    public let volunteers: [Person]
    public let sessions: [String]
}

/// A photo and its label history.
public struct ReviewPhotoHistory: Encodable {
    public struct RecordedLabel: Encodable {
        public let volunteer: String
        public let trigger: String
        public let location: String
        public let source: String
        @ExplicitNull public var author: String?
        /// UTC, ISO 8601.
        public let made: String
        /// Whether this label is the label that counts.
        public let counts: Bool
    }

    public let photo: ReviewPhoto
    /// The oldest first.
    public let history: [RecordedLabel]
}

/// The error when other people have changed photos since the page read them.
public struct ReviewConflict: Error, Sendable {
    /// The present state of the photos that were changed. A photo that was removed is left out.
    public let photos: [ReviewPhoto]
}
