/// Something about a single photo that a person should look at.
public enum PhotoProblem: Hashable, CaseIterable, Sendable {
    case orientationSuspect, severalFaces, noFace, unlabelled, noConsent
    case quality(QualityFlag)

    /// The worst first.
    public static let allCases =
        [.orientationSuspect, .severalFaces, .noFace, .unlabelled, .noConsent]
        + QualityFlag.allCases.map(PhotoProblem.quality)

    /// The problem called `word`; nil where there is none.
    public init?(_ word: String) {
        guard let problem = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = problem
    }

    /// What it is called on the command line and under a thumbnail.
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

    /// Whether the photo that `facts` are of has it.
    public func concerns(_ facts: PhotoFacts) -> Bool {
        switch self {
        case .noFace: facts.face.record != nil && facts.face.face == nil
        case .severalFaces: facts.face.record?.found == .several && facts.face.marked == nil
        case .orientationSuspect: facts.face.record?.suspectTurn != nil && facts.face.marked == nil
        case .unlabelled: facts.label == nil
        case .noConsent: !facts.consented
        case .quality(let flag): facts.flags.contains(flag)
        }
    }
}
