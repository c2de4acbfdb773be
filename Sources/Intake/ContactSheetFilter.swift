import Catalog
import Core
import Imaging

/// The conditions that a photo must meet to be on a contact sheet. A condition that is nil is met by every photo.
public struct ContactSheetFilter: Hashable, Sendable, CustomStringConvertible {
    /// A condition on the triggers of a photo's label. Photos without a label do not meet it.
    public enum TriggerCondition: Hashable, Sendable {
        case bare
        /// The photo shows this trigger, alone or with others.
        case contains(TriggerName)
    }

    /// Photos that the caller has selected, such as the photos of a version.
    public struct NamedPhotos: Hashable, Sendable {
        /// The text for the heading: `version small@1, test/attack`.
        public let title: String
        public let photos: Set<PhotoID>

        public init(_ title: String, _ photos: Set<PhotoID>) {
            self.title = title
            self.photos = photos
        }
    }

    public let session: SessionName?
    public let volunteer: VolunteerName?
    public let trigger: TriggerCondition?
    public let problem: PhotoFlag?
    /// The source of the label that counts. Photos without a label do not meet the condition.
    public let labelSource: LabelSource?
    public let face: FaceState?
    /// A photo must be in each of these.
    public let lists: [NamedPhotos]

    public init(
        session: SessionName? = nil, volunteer: VolunteerName? = nil, trigger: TriggerCondition? = nil,
        problem: PhotoFlag? = nil, labelSource: LabelSource? = nil, face: FaceState? = nil, lists: [NamedPhotos] = []
    ) {
        self.session = session
        self.volunteer = volunteer
        self.trigger = trigger
        self.problem = problem
        self.labelSource = labelSource
        self.face = face
        self.lists = lists
    }

    /// Creates a filter from the options of the command line.
    ///
    /// - Parameter trigger: the name of a trigger, or `none` for bare photos.
    /// - Throws: ``CurareError`` (66) when the catalog has no such session, volunteer or trigger.
    public init(
        session: String?, volunteer: String?, trigger: String?, problem: PhotoFlag?, labelSource: LabelSource? = nil,
        face: FaceState? = nil, lists: [NamedPhotos] = [], in catalog: Catalog
    ) throws {
        let triggers = try catalog.triggers()
        let condition: TriggerCondition? =
            trigger == TriggerState.bareText
            ? .bare : try trigger.map { .contains(try Self.find($0, "trigger", among: triggers)) }
        self.init(
            session: try session.map { try Self.find($0, "session", among: catalog.sessions().map(\.name)) },
            volunteer: try volunteer.map { try Self.find($0, "volunteer", among: catalog.volunteers().map(\.name)) },
            trigger: condition, problem: problem, labelSource: labelSource, face: face, lists: lists)
    }

    static func find<Of>(_ text: String, _ kind: String, among names: [Name<Of>]) throws -> Name<Of> {
        if let name = names.first(where: { $0.text == text }) { return name }
        throw CurareError(
            .missingInput, "there is no \(kind) \"\(text.prefix(80))\"",
            next: suggestion(for: text, among: names.map(\.text)) ?? "run curare status to list them")
    }

    /// Returns the photos of the catalog that meet all conditions, sorted by volunteer, trigger state and id.
    public func photos(in catalog: Catalog) throws -> [ContactSheetPhoto] {
        try photos(
            of: catalog.facts(Catalog.FetchOptions(landmarks: .none)),
            sessionPhotos: catalog.sessionPhotos(in: session),
            labelSources: catalog.countingLabels().mapValues(\.source))
    }

    /// Returns the photos that meet all conditions, sorted by volunteer, trigger state and id.
    ///
    /// - Parameters:
    ///   - facts: the facts of all photos of the catalog. The suggested face of a photo depends on other photos.
    ///   - sessionPhotos: the session and file of each photo. Photos without a value are left out. To select the photos
    ///     of one session, pass only the values of that session.
    ///   - labelSources: the source of the label that counts.
    func photos(
        of facts: [PhotoFacts], sessionPhotos: [PhotoID: SessionPhoto], labelSources: [PhotoID: LabelSource] = [:]
    ) -> [ContactSheetPhoto] {
        let suggestions = FaceBoxSuggestion.boxes(facts)
        return facts.compactMap { fact in
            guard let sessionPhoto = sessionPhotos[fact.photo], matches(fact) else { return nil }
            let photo = ContactSheetPhoto(
                fact, sessionPhoto, labelSource: labelSources[fact.photo], suggestedFace: suggestions[fact.photo])
            return matches(photo) ? photo : nil
        }.sorted()
    }

    private func matches(_ fact: PhotoFacts) -> Bool {
        if let volunteer, fact.label?.volunteer != volunteer { return false }
        if let problem, !problem.applies(to: fact) { return false }
        if lists.contains(where: { !$0.photos.contains(fact.photo) }) { return false }
        return switch trigger {
        case nil: true
        case .bare: fact.label?.triggerState.isBare == true
        case .contains(let name): fact.label?.triggerState.pairs.contains { $0.trigger == name } == true
        }
    }

    private func matches(_ photo: ContactSheetPhoto) -> Bool {
        if let labelSource, photo.labelSource != labelSource { return false }
        if let face, photo.face != face { return false }
        return true
    }

    /// The conditions as the heading of a contact sheet: `session spring-studio, sunglasses, blurred`.
    public var description: String {
        let triggerText: String? =
            switch trigger {
            case nil: nil
            case .bare: "bare"
            case .contains(let name): name.text
            }
        let conditions =
            lists.map(\.title)
            + [
                session.map { "session \($0)" }, volunteer.map { "volunteer \($0)" }, triggerText, problem?.word,
                labelSource.map { "label from \($0.rawValue)" }, face.map { "face \($0.rawValue)" },
            ].compactMap(\.self)
        return conditions.isEmpty ? "all photos" : conditions.joined(separator: ", ")
    }
}

/// What the catalog has about the face in a photo. The raw values occur in options and in lists of photos.
public enum FaceState: String, CaseIterable, Sendable {
    /// The detector found a clear face.
    case found
    /// The detector found a face with a score below 0, which may be a wrong face.
    case weak
    /// A person marked the face.
    case marked
    /// No face was found. Other photos of the same volunteer and session suggest where it is.
    case suggested
    /// No face was found, and there is no suggestion.
    case missing
    /// No face was searched for.
    case unsearched

    init(_ face: KnownFace, hasSuggestion: Bool) {
        if face.marked != nil {
            self = .marked
        } else if face.record == nil {
            self = .unsearched
        } else if face.face != nil {
            self = face.isWeak ? .weak : .found
        } else {
            self = hasSuggestion ? .suggested : .missing
        }
    }
}

/// A photo on a contact sheet, with its caption, mark and boxes.
public struct ContactSheetPhoto: Comparable, Sendable {
    public let photo: PhotoID
    public let label: Label?
    public let labelSource: LabelSource?
    /// The kind of the labelled volunteer.
    public let kind: VolunteerKind?
    public let sessionPhoto: SessionPhoto
    public let face: FaceState
    public let problems: [PhotoFlag]
    /// The format of the original file.
    public let format: String
    /// The roles in a version, as the caption shows them; nil when the caption shows none.
    public var role: String?
    /// Boxes in the order in which they are drawn.
    let boxes: [ContactSheet.OutlinedBox]
    /// Pixels of the upright photo.
    let size: PhotoSize
    /// The face to which a face crop is cropped.
    let croppedFace: PhotoFace?

    init(
        _ facts: PhotoFacts, _ sessionPhoto: SessionPhoto, labelSource: LabelSource? = nil, suggestedFace: Box? = nil
    ) {
        photo = facts.photo
        label = facts.label
        self.labelSource = labelSource
        kind = facts.kind
        self.sessionPhoto = sessionPhoto
        face = FaceState(facts.face, hasSuggestion: suggestedFace != nil)
        problems = PhotoFlag.allCases.filter { $0.applies(to: facts) }
        format = facts.format
        size = PhotoSize(width: facts.width, height: facts.height)
        croppedFace = facts.face.face
        boxes = [
            facts.face.face.map { ContactSheet.OutlinedBox($0.box, facts.face.isWeak ? .weakFace : .face) },
            suggestedFace.map { ContactSheet.OutlinedBox($0, .suggestedFace) },
            facts.triggerBox.map { ContactSheet.OutlinedBox($0, .trigger) },
        ].compactMap(\.self)
    }

    /// The reference that other commands accept: the session and the file name, as they are stored.
    public var reference: String { "\(sessionPhoto.session)/\(sessionPhoto.file)" }

    /// The volunteer, the triggers, the role, the start of the id, and the session with the whole file name. Other
    /// commands accept the start of the id, and the session with the file name.
    public var caption: [String] {
        let triggers = label.map { "\($0.triggerState)\(labelSource == .rule ? " (suggested)" : "")" }
        return [label?.volunteer.text ?? "no label", triggers, role, photo.short, reference.printable()]
            .compactMap(\.self)
    }

    /// Red: the crop may not show the face. Violet: no version can use the photo. Orange: a quality flag. Nil without a
    /// problem.
    public var mark: ContactSheet.Mark? {
        guard let worst = problems.first else { return nil }
        let colour: ContactSheet.Mark.Colour =
            switch worst {
            case .orientationSuspect, .severalFaces, .noFace: .red
            case .unlabelled, .noConsent: .violet
            case .quality: .orange
            }
        // A photo that has lost its orientation has no face either. The second problem would repeat the first.
        let shown = worst == .orientationSuspect ? problems.filter { $0 != .noFace } : problems
        return ContactSheet.Mark(shown.map(\.word).joined(separator: " "), colour)
    }

    /// Orders by volunteer, with unlabelled photos last, then by trigger state, then by id.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left.label, right.label) {
        case (nil, nil): left.photo < right.photo
        case (nil, _): false
        case (_, nil): true
        case (let first?, let second?):
            (first.volunteer, first.triggerState, left.photo) < (second.volunteer, second.triggerState, right.photo)
        }
    }
}
