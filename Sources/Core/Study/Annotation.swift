/// The label that a further annotator gave a photo. An annotation never counts as the label of the photo: it is compared
/// with the label that counts and with the annotations of other people.
public struct Annotation: Hashable, Sendable {
    public let photo: PhotoID
    public let author: Author
    public let label: Label
    /// UTC, ISO 8601.
    public let made: String
    /// The largest id of all labels when the annotation was stored.
    public let newestLabel: Int64

    public init(photo: PhotoID, author: Author, label: Label, made: String, newestLabel: Int64) {
        self.photo = photo
        self.author = author
        self.label = label
        self.made = made
        self.newestLabel = newestLabel
    }

    /// The name of the annotator whose labels are the labels that count. No author of annotations has this name.
    public static let countingAnnotator = "label"
}
