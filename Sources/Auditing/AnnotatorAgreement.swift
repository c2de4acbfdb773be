import Core

/// The agreement between the annotators of a study, and the photos about which they disagree.
///
/// The annotator ``Annotation/countingAnnotator`` stands for the labels that count. The other annotators are the authors of
/// annotations.
public struct AnnotatorAgreement: Sendable {
    /// A part of a label that annotators can agree about. The classes of triggers and locations are the texts of a session
    /// sheet: `none`, `sunglasses`, `bandana+sunglasses`.
    public enum Field: String, CaseIterable, Sendable {
        case volunteer, trigger, location

        fileprivate func text(of label: Label) -> String {
            switch self {
            case .volunteer: label.volunteer.text
            case .trigger: label.triggerState.triggerText
            case .location: label.triggerState.locationText
            }
        }
    }

    /// An annotator, and the number of the annotated photos with a label of this annotator.
    public struct Annotator: Hashable, Sendable {
        public let name: String
        public let photos: Int
    }

    /// The agreement of two annotators about one field.
    public struct Pair: Hashable, Sendable {
        public let first: String
        public let second: String
        public let field: Field
        public let kappa: CohenKappa
    }

    /// A photo with different labels.
    public struct Disagreement: Hashable, Sendable {
        public let photo: PhotoID
        /// The label of each annotator: the label that counts, then by the names of the authors.
        public let labels: [NamedLabel]
        /// Whether a person gave the label that counts by hand, after the last annotation of the photo was stored. The
        /// person has then decided about the differences.
        public let isDecided: Bool
    }

    /// The label that an annotator gave a photo.
    public struct NamedLabel: Hashable, Sendable {
        public let annotator: String
        public let label: Label
    }

    /// The label that counts first, then the authors by name. Empty without annotations.
    public let annotators: [Annotator]
    /// Each two annotators, in the order of ``annotators``, with each field.
    public let pairs: [Pair]
    /// In the order of photo ids.
    public let disagreements: [Disagreement]

    /// - Parameters:
    ///   - counting: the label that counts, for each photo that has one. Photos without annotations have no effect.
    ///   - annotations: at most one for each photo and author.
    public init(counting: [PhotoID: LabelRecord], annotations: [Annotation]) {
        let byPhoto = Dictionary(grouping: annotations, by: \.photo)
        let photos = byPhoto.keys.sorted()
        let authors = Set(annotations.map(\.author)).sorted()
        var columns: [(name: String, labels: [PhotoID: Label])] = []
        if !authors.isEmpty {
            var labels: [PhotoID: Label] = [:]
            for photo in photos { labels[photo] = counting[photo]?.label }
            columns.append((Annotation.countingAnnotator, labels))
        }
        let byAuthor = Dictionary(grouping: annotations, by: \.author)
        for author in authors {
            let own = byAuthor[author, default: []].map { ($0.photo, $0.label) }
            columns.append((author.text, Dictionary(uniqueKeysWithValues: own)))
        }
        annotators = columns.map { Annotator(name: $0.name, photos: $0.labels.count) }
        var pairs: [Pair] = []
        for (index, first) in columns.enumerated() {
            for second in columns[(index + 1)...] {
                let shared = photos.compactMap { photo -> (first: Label, second: Label)? in
                    guard let label = first.labels[photo], let other = second.labels[photo] else { return nil }
                    return (label, other)
                }
                for field in Field.allCases {
                    let classes = shared.map { (first: field.text(of: $0.first), second: field.text(of: $0.second)) }
                    pairs.append(
                        Pair(first: first.name, second: second.name, field: field, kappa: CohenKappa(classes)))
                }
            }
        }
        self.pairs = pairs
        disagreements = photos.compactMap { photo in
            Disagreement(photo, counting[photo], byPhoto[photo, default: []])
        }
    }
}

extension AnnotatorAgreement.Disagreement {
    /// Nil if all labels of the photo are equal.
    fileprivate init?(_ photo: PhotoID, _ counting: LabelRecord?, _ annotations: [Annotation]) {
        let sorted = annotations.sorted { $0.author < $1.author }
        let labels = (counting.map { [$0.label] } ?? []) + sorted.map(\.label)
        guard Set(labels).count > 1 else { return nil }
        self.photo = photo
        let names = (counting.map { _ in [Annotation.countingAnnotator] } ?? []) + sorted.map(\.author.text)
        self.labels = zip(names, labels).map { AnnotatorAgreement.NamedLabel(annotator: $0, label: $1) }
        isDecided =
            counting.map { record in
                record.source == .review && annotations.allSatisfy { record.id > $0.newestLabel }
            } ?? false
    }
}
