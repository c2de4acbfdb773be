import Core
import Foundation
import Versions

/// What `split --json` says of a version that is there now.
struct SplitAnswer: Encodable {
    let name: String
    let version: Int
    let digest, selectionDigest: String
    let n, m, mAsked: Int
    let rateAsked, rate: Double
    let counts: [String: Int]
    let path: String
    let created: Bool
    let growth: GrowthAnswer?
    let warnings: [String]

    init(_ plan: VersionPlan, _ written: VersionStore.Written) {
        let manifest = written.version.manifest
        (name, version, digest, selectionDigest) = (
            manifest.name.text, manifest.version, manifest.digest.hex, manifest.selectionDigest.hex
        )
        (n, m, mAsked) = (manifest.clean, manifest.poison, manifest.poisonAsked)
        (rateAsked, rate) = (manifest.recipe.poison?.injectionRate.decimal.double ?? 0, manifest.rateReached.double)
        counts = manifest.counts.byRole
        (path, created) = (written.folder.path, written.created)
        growth = plan.growth.map(GrowthAnswer.init)
        warnings = plan.warnings
    }
}

/// What `split --dry-run --json` says of a version that would be.
struct RehearsedAnswer: Encodable {
    let name: String
    let n, m, mAsked, pool, heldOut: Int
    let rateAsked, rate, highestRate: Double
    let limitedBy: String
    let counts: [String: Int]
    let classes: [String: [String: Int]]
    let excluded: [String: Int]
    let growth: GrowthAnswer?
    let warnings: [String]

    init(_ plan: VersionPlan) {
        let selection = plan.selection
        name = plan.name.text
        (n, m, mAsked, pool, heldOut) = (
            selection.clean, selection.poison, selection.poisonAsked, selection.pool, selection.heldOut
        )
        rateAsked = selection.recipe.poison?.injectionRate.decimal.double ?? 0
        rate = InjectionRate.reached(poison: selection.poison, clean: selection.clean).double
        highestRate = InjectionRate.highest(poison: selection.pool, beside: selection.clean).decimal.double
        limitedBy = selection.limit.rawValue
        let counts = Counts(selection)
        self.counts = counts.byRole
        classes = Dictionary(
            uniqueKeysWithValues: selection.classes.map { volunteer in
                (
                    volunteer.name.text,
                    Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.rawValue, counts[$0, volunteer.name]) })
                )
            })
        excluded = Dictionary(uniqueKeysWithValues: plan.eligibility.excluded.map { ($0.key.rawValue, $0.value) })
        growth = plan.growth.map(GrowthAnswer.init)
        warnings = plan.warnings
    }
}

/// The versions of a grid, in its order.
struct GridAnswer<Version: Encodable>: Encodable {
    let grid: String
    let versions: [Version]
}

struct GrowthAnswer: Encodable {
    let extends: String
    let kept, relabelled, missing, leftOut, poisonAbove: Int
    let added: [String: Int]
    let newVolunteers: [String]

    init(_ growth: Growth) {
        extends = growth.parent
        (kept, relabelled, missing, leftOut, poisonAbove) = (
            growth.kept, growth.relabelled, growth.missing, growth.leftOut, growth.poisonAbove
        )
        added = Dictionary(uniqueKeysWithValues: growth.added.map { ($0.key.rawValue, $0.value) })
        newVolunteers = growth.newVolunteers.map(\.text)
    }
}
