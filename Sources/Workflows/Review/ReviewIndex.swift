import Catalog
import Core

/// All photos of a review in memory, in the order of session and file name.
struct ReviewIndex: Sendable {
    /// What the page shows of one photo.
    struct IndexedPhoto: Sendable {
        let id: PhotoID
        let session: SessionName
        let file: String
        let note: String?
        var label: Label?
        var source: LabelSource?
        var revision: PhotoRevision
        let size: PhotoSize
        var face: Box?
        var faceSource: String?
        var box: Box?
        /// Why a person should look at the photo, without the reasons of the audit.
        var doubt: Doubt?
    }

    /// A reason to look at a label. A larger weight is more urgent.
    struct Doubt: Sendable {
        let weight: Double
        let text: String
    }

    private(set) var photos: [IndexedPhoto]
    private var positions: [PhotoID: Int]

    /// Reads all photos.
    init(_ catalog: Catalog) throws {
        photos = try Self.read(catalog, nil).sorted(by: Self.precedes)
        positions = Dictionary(uniqueKeysWithValues: photos.enumerated().map { ($0.element.id, $0.offset) })
    }

    subscript(id: PhotoID) -> IndexedPhoto? { positions[id].map { photos[$0] } }

    /// Reads photos again after a change of their labels or boxes. The order does not depend on labels.
    mutating func update(_ ids: [PhotoID], from catalog: Catalog) throws {
        for photo in try Self.read(catalog, ids) {
            if let position = positions[photo.id] { photos[position] = photo }
        }
    }

    private static func precedes(_ left: IndexedPhoto, _ right: IndexedPhoto) -> Bool {
        if left.session != right.session { return left.session < right.session }
        if left.file != right.file { return left.file < right.file }
        return left.id < right.id
    }

    private static func read(_ catalog: Catalog, _ ids: [PhotoID]?) throws -> [IndexedPhoto] {
        // The revisions are read first: if somebody changes a photo meanwhile, a change on the page is a conflict.
        let revisions = try catalog.revisions(of: ids)
        let facts = try catalog.facts(
            of: ids, Catalog.FetchOptions(landmarks: .photosWithTriggerBox, quality: false))
        let labels = try catalog.countingLabels(of: ids)
        let names = try ids == nil ? catalog.sessionPhotos() : [:]
        return try facts.compactMap { fact in
            guard let revision = revisions[fact.photo],
                let entry = try names[fact.photo] ?? catalog.sessionPhotos(of: fact.photo).first
            else { return nil }
            let record = labels[fact.photo]
            return IndexedPhoto(
                id: fact.photo, session: entry.session, file: entry.file, note: entry.note, label: record?.label,
                source: record?.source, revision: revision,
                size: PhotoSize(width: fact.width, height: fact.height), face: fact.face.face?.box,
                faceSource: faceSource(fact, revision), box: fact.triggerBox,
                doubt: doubt(fact, record?.label, record?.source))
        }
    }

    private static func faceSource(_ fact: PhotoFacts, _ revision: PhotoRevision) -> String? {
        guard fact.face.face != nil else { return nil }
        guard fact.face.marked == nil else {
            return (revision.hasCorrectedFace ? LabelSource.review : .sheet).rawValue
        }
        return fact.face.record?.detector.rawValue
    }

    /// A label by hand needs no second look: a person has decided.
    private static func doubt(_ fact: PhotoFacts, _ label: Label?, _ source: LabelSource?) -> Doubt? {
        let estimate = fact.triggerBox.flatMap { TriggerLocationEstimate(of: $0, on: fact.face) }
        let share = estimate.map { "\($0.percent)% of the trigger's box is inside the face" }
        guard let label, let source else { return Doubt(weight: 4, text: "the photo has no label") }
        switch source {
        case .review: return nil
        case .rule:
            return Doubt(
                weight: 3, text: share.map { "the location is a suggestion: \($0)" } ?? "the label is a suggestion")
        case .sheet:
            if let estimate, let placement = label.triggerState.single, estimate.location != placement.location {
                return Doubt(
                    weight: 2,
                    text: "\(share ?? ""), but the label has the location \(placement.location.rawValue)")
            }
            guard fact.face.marked == nil else { return nil }
            switch fact.face.record?.found {
            case .several: return Doubt(weight: 1, text: "the photo shows several faces")
            case .some(.none): return Doubt(weight: 0.5, text: "no face was found in the photo")
            default: return nil
            }
        }
    }
}

/// The photos that the findings of an audit list.
struct FoundPhotos: Sendable {
    /// Checks whose photos probably have a wrong label.
    static let labelChecks: Set = [
        "label-suspect", "trigger-suspect", "duplicate-across-volunteers", "duplicate-across-labels", "look-alike",
        "location-mismatch",
    ]

    /// The names of the checks that list a photo, sorted.
    var checks: [PhotoID: [String]] = [:]
}

extension ReviewIndex {
    /// Returns the photo as the page shows it.
    func reviewPhoto(_ photo: IndexedPhoto, _ found: FoundPhotos) -> ReviewPhoto {
        let state = photo.label?.triggerState
        return ReviewPhoto(
            id: photo.id.hex, name: photo.file, session: photo.session.text, volunteer: photo.label?.volunteer.text,
            trigger: state?.triggerText, location: state?.locationText, source: photo.source?.rawValue,
            suggested: photo.source == .rule, version: photo.revision.text, width: photo.size.width,
            height: photo.size.height, face: photo.face?.numbers, faceSource: photo.faceSource, box: photo.box?.numbers,
            note: photo.note, findings: found.checks[photo.id] ?? [], reason: Self.doubt(photo, found)?.text)
    }

    /// The reason to look at the label, the findings of the audit included.
    private static func doubt(_ photo: IndexedPhoto, _ found: FoundPhotos) -> Doubt? {
        guard photo.source != .review, photo.doubt?.weight ?? 0 < 2 else { return photo.doubt }
        let checks = found.checks[photo.id, default: []].filter(FoundPhotos.labelChecks.contains)
        guard !checks.isEmpty else { return photo.doubt }
        return Doubt(
            weight: 2 + 0.1 * Double(checks.count), text: "finding of the audit: \(checks.joined(separator: ", "))")
    }

    /// Returns a part of the photos that meet the conditions of `query`.
    func page(_ query: ReviewQuery, _ found: FoundPhotos) -> ReviewPage {
        let words = (query.text ?? "").lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        var matching = photos.indices.filter { index in Self.matches(photos[index], query, words, found) }
        if query.leastSureFirst {
            let weights = Dictionary(
                uniqueKeysWithValues: matching.map { ($0, Self.doubt(photos[$0], found)?.weight ?? 0) })
            matching.sort { left, right in
                let (first, second) = (weights[left] ?? 0, weights[right] ?? 0)
                return first == second ? left < right : first > second
            }
        }
        let shown = matching.dropFirst(max(0, query.offset)).prefix(max(0, query.limit))
        return ReviewPage(
            total: matching.count, offset: query.offset, photos: shown.map { reviewPhoto(photos[$0], found) })
    }

    private static func matches(
        _ photo: IndexedPhoto, _ query: ReviewQuery, _ words: [String], _ found: FoundPhotos
    ) -> Bool {
        if let session = query.session, photo.session.text != session { return false }
        if let volunteer = query.volunteer, photo.label?.volunteer.text != volunteer { return false }
        if query.trigger != nil || query.location != nil {
            guard let state = photo.label?.triggerState else { return false }
            if state.isBare {
                let bare = TriggerState.bareText
                guard query.trigger ?? bare == bare, query.location ?? bare == bare else { return false }
            } else {
                guard
                    state.pairs.contains(where: { pair in
                        query.trigger ?? pair.trigger.text == pair.trigger.text
                            && query.location ?? pair.location.rawValue == pair.location.rawValue
                    })
                else { return false }
            }
        }
        if let check = query.finding, found.checks[photo.id]?.contains(check) != true { return false }
        guard !words.isEmpty else { return true }
        let state = photo.label?.triggerState
        let texts = [
            photo.file, photo.session.text, photo.note, photo.label?.volunteer.text, state?.triggerText,
            state?.locationText, photo.id.hex,
        ].compactMap { $0?.lowercased() }
        return words.allSatisfy { word in texts.contains { $0.contains(word) } }
    }
}
