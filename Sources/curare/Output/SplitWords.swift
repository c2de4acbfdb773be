import Core
import Versions

/// What `split` says to a person.
enum SplitWords {
    /// Counts by class × role, and what limits the rate.
    static func rehearsal(_ plan: VersionPlan) -> String {
        let selection = plan.selection
        let counts = Counts(selection)
        var table = Table(["class"] + Role.allCases.map(\.rawValue))
        for volunteer in selection.classes {
            table.add([volunteer.name.text] + Role.allCases.map { "\(counts[$0, volunteer.name])" })
        }
        table.add(["all"] + Role.allCases.map { "\(counts[$0])" })
        var lines = [table.text, ""]
        if let poison = selection.recipe.poison {
            let rate = InjectionRate.reached(poison: selection.poison, clean: selection.clean)
            lines.append(
                "\(selection.poison) poison photos beside \(selection.clean) clean ones: rate \(rate), asked \(poison.injectionRate) (\(selection.poisonAsked)); the pool holds \(selection.pool), \(selection.heldOut) are held out"
            )
            lines.append(selection.limit.words)
            lines.append(
                "the highest rate possible is \(InjectionRate.highest(poison: selection.pool, beside: selection.clean))"
            )
        }
        lines += plan.eligibility.excluded.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "left out: \($0.value) photos (\($0.key.rawValue))"
        }
        return (lines + growth(plan) + warnings(plan) + ["nothing was written"]).joined(separator: "\n")
    }

    /// One version that is there now.
    static func words(_ plan: VersionPlan, _ written: VersionStore.Written) -> String {
        let manifest = written.version.manifest
        var lines = [
            "\(written.version.reference) \(written.created ? "made" : "is there already, with the same bytes"): \(written.version.entries.list.count) photos, n \(manifest.clean), m \(manifest.poison), rate \(manifest.rateReached)"
        ]
        lines += Role.allCases.filter { manifest.counts[$0] > 0 }.map { "  \($0.rawValue): \(manifest.counts[$0])" }
        return (lines + growth(plan) + warnings(plan) + ["digest \(manifest.digest)", written.folder.path]).joined(
            separator: "\n")
    }

    /// A row for each version of a grid; without `written`, of what it would hold.
    static func table(_ plans: [VersionPlan], _ written: [VersionStore.Written] = []) -> String {
        var table = Table(
            "version", "n", "m", "asked", "rate", "test/clean", "test/attack", written.isEmpty ? "limited by" : "")
        for (index, plan) in plans.enumerated() {
            let selection = plan.selection
            let counts = Counts(selection)
            let last = written.isEmpty ? selection.limit.rawValue : written[index].created ? "made" : "is there already"
            table.add(
                written.isEmpty ? plan.name.text : written[index].version.reference, "\(selection.clean)",
                "\(selection.poison)",
                "\(selection.recipe.poison?.injectionRate.description ?? "–")",
                "\(InjectionRate.reached(poison: selection.poison, clean: selection.clean))",
                "\(counts[.testClean])", "\(counts[.testAttack])", last)
        }
        let warned = plans.flatMap { plan in warnings(plan) }
        return ([table.text] + Set(warned).sorted()).joined(separator: "\n")
    }

    private static func warnings(_ plan: VersionPlan) -> [String] { plan.warnings.map { "warning: \($0)" } }

    /// What was added where, and what is not there any more.
    private static func growth(_ plan: VersionPlan) -> [String] {
        guard let growth = plan.growth else { return [] }
        let added = growth.added.sorted { $0.key < $1.key }.map { "\($0.value) to \($0.key.rawValue)" }
        let rest = [
            (growth.relabelled, "show somebody or something else today, and were placed anew"),
            (growth.missing, "are not in the catalog any more"),
            (growth.leftOut, "are left out today"),
            (growth.poisonAbove, "are poison above what the rate asks for, and stay"),
        ]
        return [
            "extends \(growth.parent): \(growth.kept) photos stay where they were; added: \(added.isEmpty ? "none" : added.joined(separator: ", "))"
        ]
            + rest.filter { $0.0 > 0 }.map { "of \(growth.parent), \($0.0) \($0.1)" }
    }
}
