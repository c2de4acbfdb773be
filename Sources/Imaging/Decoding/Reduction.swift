/// The fraction of its sides that a photo is decoded at. A JPEG gives halves, quarters and eighths for a fraction of the work; pixels of all other
/// kinds are averaged in blocks while they are decoded. Sides that do not divide are rounded up.
public enum Reduction: Int, CaseIterable, Codable, Comparable, Sendable {
    case whole = 1
    case half = 2
    case quarter = 4
    case eighth = 8

    /// Pixels of the longer side that a photo is measured at, at least, where it has as many.
    static let measured = 640

    /// The strongest that leaves `count` of `length` pixels; whole where there are fewer.
    init(leaving count: Int, of length: Int) {
        self = Self.allCases.last { length >= $0.rawValue * count } ?? .whole
    }

    /// What a photo of `width` × `height` is measured at: it hangs on nothing else.
    public static func measuring(width: Int, height: Int) -> Reduction {
        Reduction(leaving: measured, of: max(width, height))
    }

    public static func < (left: Reduction, right: Reduction) -> Bool { left.rawValue < right.rawValue }
}
