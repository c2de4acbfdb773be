import Core
import Versions
import Workflows

/// The text output of `curare split`.
enum SplitText {
    static func text(_ result: CreateVersion.Result) -> String {
        switch result {
        case .created(let version): created(version)
        case .planned(let version): planned(version.plan)
        case .createdGrid(let grid): table(grid.versions.map(\.plan), grid.versions.map(\.written))
        case .plannedGrid(let grid): table(grid.versions.map(\.plan)) + "\nnothing was written"
        }
    }

    private static func created(_ version: CreatedVersion) -> String {
        let manifest = version.written.version.manifest
        let reference = version.written.version.reference
        let action = version.created ? "created" : "exists already, with the same bytes"
        var lines = [
            """
            \(reference) \(action): \(counted(version.written.version.entries.list.count, "photo")), n \(manifest.clean), \
            m \(manifest.poison), rate \(manifest.rateReached)
            """
        ]
        lines += Role.allCases.filter { manifest.counts[$0] > 0 }.map { "  \($0.rawValue): \(manifest.counts[$0])" }
        return
            (lines + growth(version.plan) + warnings(version.plan)
            + ["digest \(manifest.digest)", version.path]).joined(separator: "\n")
    }

    /// Number of photos by class and role, and what limits the injection rate.
    private static func planned(_ plan: VersionPlan) -> String {
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
                """
                \(selection.poison) poisoned and \(selection.clean) clean training photos: rate \(rate), requested \
                \(poison.injectionRate) (\(counted(selection.poisonAsked, "photo")))
                """)
            lines.append(
                """
                \(selection.pool) triggered photos may be used as poison; \(selection.heldOut) more are held out \
                for testing
                """)
            lines.append(selection.limit.explanation)
            if selection.pool > 0 {
                lines.append(
                    """
                    the highest rate that you can request is \
                    \(InjectionRate.highest(poison: selection.pool, clean: selection.clean))
                    """)
            }
        }
        lines += plan.eligibility.excluded.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "left out: \(counted($0.value, "photo")) (\($0.key.rawValue))"
        }
        return (lines + growth(plan) + warnings(plan) + ["nothing was written"]).joined(separator: "\n")
    }

    /// A row for each version of a grid. Without `written`, the versions are only planned.
    private static func table(_ plans: [VersionPlan], _ written: [VersionStore.Written] = []) -> String {
        var table = Table(
            "version", "n", "m", "requested", "rate", "test/clean", "test/attack", written.isEmpty ? "limited by" : "")
        for (index, plan) in plans.enumerated() {
            let selection = plan.selection
            let counts = Counts(selection)
            table.add(
                written.isEmpty ? plan.name.text : written[index].version.reference, "\(selection.clean)",
                "\(selection.poison)", "\(selection.recipe.poison?.injectionRate.description ?? "–")",
                "\(InjectionRate.reached(poison: selection.poison, clean: selection.clean))",
                "\(counts[.testClean])", "\(counts[.testAttack])",
                written.isEmpty
                    ? selection.limit.rawValue : written[index].created ? "created" : "exists already")
        }
        return ([table.text] + Set(plans.flatMap(warnings)).sorted()).joined(separator: "\n")
    }

    private static func warnings(_ plan: VersionPlan) -> [String] { plan.warnings.map { "warning: \($0)" } }

    /// The photos that an extending version keeps from its base version, and the photos that it adds.
    private static func growth(_ plan: VersionPlan) -> [String] {
        guard let growth = plan.delta else { return [] }
        let added = growth.added.sorted { $0.key < $1.key }.map { "\($0.value) to \($0.key.rawValue)" }
        let rest = [
            (growth.relabelled, "have another label today and have a new role"),
            (growth.missing, "are not in the catalog any more"),
            (growth.leftOut, "cannot be used today"),
            (growth.poisonAbove, "are poison above the requested rate and stay poison"),
        ]
        let first =
            """
            extends \(growth.parent): \(counted(growth.kept, "photo keeps its role", "photos keep their roles")); added: \
            \(added.isEmpty ? "none" : added.joined(separator: ", "))
            """
        return [first] + rest.filter { $0.0 > 0 }.map { "\($0.0) photos of \(growth.parent) \($0.1)" }
    }
}
