import Catalog
import Core

/// A change of one photo on the review page.
public struct ReviewChange: Hashable, Sendable {
    public let photo: PhotoID
    /// The text of the photo's ``PhotoRevision`` when the page read the photo.
    public let revision: String
    /// The parts of the label that change. Boxes in this value are ignored.
    public var label: LabelChange
    /// The boxes that change. A box of nil removes the box.
    public var boxes: [Region: Box?]

    public init(
        _ photo: PhotoID, revision: String, label: LabelChange = LabelChange(), boxes: [Region: Box?] = [:]
    ) {
        self.photo = photo
        self.revision = revision
        self.label = label
        self.boxes = boxes
    }

    fileprivate var concernsLabel: Bool { label.volunteer != nil || label.trigger != nil || label.location != nil }
}

/// Corrects labels and boxes on the review page, by the rules of ``LabelEditor``.
public struct ReviewEditor {
    private let catalog: Catalog
    private let made: String
    private let author: Author?

    /// - Parameters:
    ///   - made: the time to record with the labels and boxes, in UTC, ISO 8601.
    ///   - author: the person to record with the labels and boxes, if known.
    public init(_ catalog: Catalog, made: String, author: Author?) {
        self.catalog = catalog
        self.made = made
        self.author = author
    }

    /// Stores the changes in one transaction: all of them or none.
    ///
    /// A value that a person gives becomes a label by hand, also when the photo has this label from a session folder or
    /// from a rule: the person has confirmed it.
    ///
    /// - Parameter changes: each photo occurs once.
    /// - Throws: ``RevisionConflict`` if a photo was changed since the page read it; ``CurareError`` (65) with the problems
    ///   of the values, (66) if a photo is not in the catalog.
    public func store(_ changes: [ReviewChange]) throws {
        let ids = changes.map(\.photo)
        let sizes = try catalog.sizes(of: ids)
        let labels = try catalog.countingLabels(of: ids)
        let undecided = try undecidedPhotos(ids, labels)
        let names = try KnownNames(catalog)
        var problems: [CurareError.Problem] = []
        var edits: [PhotoEdit] = []
        for change in changes {
            guard let size = sizes[change.photo] else {
                throw CurareError(.missingInput, "there is no photo \(change.photo.short)", next: "load the page again")
            }
            let stored = labels[change.photo]
            var edit = PhotoEdit(change.photo)
            if change.concernsLabel {
                let known = problems.count
                let label = names.label(change.label, stored?.label, change.photo.short, &problems)
                if label == nil, problems.count == known {
                    problems.append(CurareError.Problem(change.photo.short, "the label is not complete"))
                }
                if label != stored?.label || stored?.source != .review || undecided.contains(change.photo) {
                    edit.label = label
                }
            }
            for (region, box) in change.boxes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                if let problem = box.flatMap({ Self.problem($0, in: size) }) {
                    problems.append(CurareError.Problem("\(region.rawValue) box", problem))
                }
                edit.boxes.updateValue(box, forKey: region)
            }
            if !edit.isEmpty { edits.append(edit) }
        }
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, problems.map(\.description).joined(separator: "; "), next: "nothing was changed",
                problems: problems)
        }
        let revisions = Dictionary(changes.map { ($0.photo, $0.revision) }) { first, _ in first }
        try catalog.store(edits, expecting: revisions, made: made, author: author)
    }

    private static func problem(_ box: Box, in size: PhotoSize) -> String? {
        guard box.width > 0, box.height > 0 else { return "the box has no area" }
        return box.problem(in: size)
    }

    /// Returns the photos with an annotation that is newer than the label that counts. Another label by hand decides about
    /// the difference, also when it is equal to the label that counts.
    private func undecidedPhotos(_ ids: [PhotoID], _ labels: [PhotoID: LabelRecord]) throws -> Set<PhotoID> {
        let annotations = try catalog.annotations(of: ids)
        return Set(annotations.filter { $0.newestLabel >= labels[$0.photo]?.id ?? 0 }.map(\.photo))
    }
}
