/// A head seen from the front, in half widths and half heights about its middle.
struct HeadShape: Sendable {
    /// Pixels.
    let halfWidth, halfHeight: Double
    /// Half the width at the level of the mouth, and just above the chin.
    let jaw, chin: Double

    static let all = [
        HeadShape(halfWidth: 54, halfHeight: 71, jaw: 0.74, chin: 0.32),
        HeadShape(halfWidth: 61, halfHeight: 66, jaw: 0.82, chin: 0.42),
        HeadShape(halfWidth: 49, halfHeight: 74, jaw: 0.70, chin: 0.30),
        HeadShape(halfWidth: 57, halfHeight: 69, jaw: 0.90, chin: 0.52),
        HeadShape(halfWidth: 55, halfHeight: 70, jaw: 0.62, chin: 0.20),
        HeadShape(halfWidth: 60, halfHeight: 71, jaw: 0.78, chin: 0.36),
        HeadShape(halfWidth: 52, halfHeight: 67, jaw: 0.80, chin: 0.30),
        HeadShape(halfWidth: 51, halfHeight: 72, jaw: 0.86, chin: 0.46),
    ]
}
