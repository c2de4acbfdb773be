/// How a sitter's hair is cut.
enum Hair: CaseIterable, Sendable {
    case bob, buzz, afro, parted, long, bald, bun, spiky, fringe, curly, short

    /// Whether a beard goes with it in this study.
    var isShort: Bool {
        switch self {
        case .buzz, .parted, .bald, .spiky, .curly, .short: true
        case .bob, .afro, .long, .bun, .fringe: false
        }
    }
}

enum FacialHair: CaseIterable, Sendable {
    case none, beard, moustache, goatee
}
