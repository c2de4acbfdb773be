import Core
import Versions

extension Checks {
    /// Percent points by which faces may be found more often on bare training photos than on triggered ones, or less often.
    static let shortcutGap = 10

    /// A crop that says by itself which training photos are poison: faces found on one sort and centre crops on the other.
    ///
    /// Nothing where the recipe's crop does not look at faces.
    static func cropShortcut(_ version: Version, _ known: [PhotoID: KnownFace]) -> Finding? {
        guard version.manifest.recipe.profile.crop == .face else { return nil }
        var (bare, triggered) = (PhotoRate(), PhotoRate())
        for entry in version.entries.list where entry.role.isTraining {
            let face = known[entry.photo] ?? KnownFace()
            if entry.role == .trainPoison { triggered.count(face) } else { bare.count(face) }
        }
        guard bare.differs(from: triggered, byMoreThan: shortcutGap) else { return nil }
        let missing = bare.photos - bare.found + triggered.photos - triggered.found
        return Finding(
            .cropShortcut, .error, count: missing,
            """
            faces were found on \(bare.percent)% of \(bare.photos) bare training photos and \(triggered.percent)% of \(triggered.photos) triggered ones, so that the crop gives the poison away; \
            mark face_box in the sheets, or write crop: centre in the recipe
            """)
    }
}
