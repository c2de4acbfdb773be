import Core
import Versions

/// An injection rate that differs from the rate that the recipe requires.
struct RateShortfallCheck: AuditCheck {
    static let definition = CheckDefinition(
        .rateShortfall, title: "Another injection rate than the recipe requires",
        definition: """
            Compares the number of poisoned training photos of a version with the number that the recipe's \
            `injection_rate` requires. The numbers differ with `on_shortage: cap`, if near-duplicates must stay together, \
            and if the extended version has more poison. A table must contain the rate that was reached.
            """,
        threshold: "One photo.",
        severity: """
            Warning if the numbers differ by more than \(maximumPercentage)% of the required number, because a reader of \
            the requested rate would be misled. Info for smaller differences, because they hardly change a result.
            """,
        source: "The rate is defined in docs/format.md, Selection. The limit is a choice.", scope: .version)

    /// The largest difference, in percent of the required poison photos, that is not a warning.
    static let maximumPercentage = 10

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let manifest = subject.version?.manifest, let poison = manifest.recipe.poison else { return [] }
        let difference = abs(manifest.poison - manifest.poisonAsked)
        guard difference > 0 else { return [] }
        let isFewer = manifest.poison < manifest.poisonAsked
        let isLarge = 100 * difference > Self.maximumPercentage * manifest.poisonAsked
        let next =
            isFewer
            ? "for the requested rate, import more triggered photos of attackable classes, or lower hold_out"
            : "poison of the extended version stays poison"
        let finding = Finding(
            .rateShortfall, isLarge ? .warning : .info, count: difference,
            "the recipe requires an injection rate of \(poison.injectionRate), which is \(manifest.poisonAsked) poison "
                + "photos for \(manifest.clean) clean photos, but the version has \(manifest.poison), a rate of "
                + "\(manifest.rateReached): \(difference) \(isFewer ? "fewer" : "more"); report the reached rate; \(next)"
        )
        return [finding]
    }
}
