/// A reason why a person should review a photo.
public enum PhotoFlag: Hashable, CaseIterable, Sendable {
    case orientationSuspect, severalFaces, noFace, unlabelled, noConsent
    case quality(QualityFlag)

    /// All flags, the most serious first.
    public static let allCases =
        [.orientationSuspect, .severalFaces, .noFace, .unlabelled, .noConsent]
        + QualityFlag.allCases.map(PhotoFlag.quality)

    /// Creates the flag that has this ``word``; nil if there is none.
    public init?(_ word: String) {
        guard let flag = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = flag
    }

    /// The name of the flag on the command line and on contact sheets.
    public var word: String {
        switch self {
        case .noFace: "no-face"
        case .severalFaces: "several-faces"
        case .orientationSuspect: "orientation-suspect"
        case .unlabelled: "unlabelled"
        case .noConsent: "no-consent"
        case .quality(let flag): flag.rawValue
        }
    }

    /// Returns whether the photo with these facts has the flag.
    public func applies(to facts: PhotoFacts) -> Bool {
        switch self {
        case .noFace: facts.face.record != nil && facts.face.face == nil
        case .severalFaces: facts.face.record?.found == .several && facts.face.marked == nil
        case .orientationSuspect: facts.face.record?.suspectedRotation != nil && facts.face.marked == nil
        case .unlabelled: facts.label == nil
        case .noConsent: !facts.consented
        case .quality(let flag): facts.flags.contains(flag)
        }
    }
}
