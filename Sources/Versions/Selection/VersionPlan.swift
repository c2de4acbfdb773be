import Core
import Foundation

/// A version before its images are made: the photos that a recipe selects from a catalog, and the role of each.
public struct VersionPlan: Sendable {
    /// The bytes of the version's `recipe.yaml`.
    public let text: [UInt8]
    public let eligibility: Eligibility
    public let selection: Selection
    /// The differences from the base version. Nil when the recipe extends no version.
    public let delta: VersionDelta?

    public var name: VersionName { selection.recipe.name }
    public var profile: Profile { selection.recipe.profile }

    /// Conditions that a researcher should check.
    public var warnings: [String] {
        let warnings = selection.warnings + (tightCropWarning.map { [$0] } ?? [])
        guard let delta, !delta.newVolunteers.isEmpty else { return warnings }
        let names = delta.newVolunteers.map(\.text).joined(separator: ", ")
        return warnings + [
            "new volunteers are not attackable, because \(delta.parent) has fixed the attackable classes: \(names)"
        ]
    }

    /// A tight face crop does not show all that is beside the face.
    private var tightCropWarning: String? {
        guard profile.crop == .face, profile.margin.cutsOffSurroundings else { return nil }
        let attacks = selection.assignments.lazy.filter { $0.role == .trainPoison || $0.role == .testAttack }
        let triggers = Set(attacks.flatMap { $0.triggerState.pairs.filter { $0.location == .offFace }.map(\.trigger) })
        guard !triggers.isEmpty else { return nil }
        let names = triggers.sorted().map(\.text).joined(separator: ", ")
        return "the margin \(profile.margin) of the face crop can cut off triggers that are not on the face: \(names); "
            + "margin: wide shows them"
    }

    /// - Parameters:
    ///   - distance: the largest distance of near-duplicates.
    ///   - version: the version that the recipe extends.
    /// - Throws: ``CurareError`` (65) when the photos do not allow what the recipe requires.
    public init(
        _ recipe: Recipe, text: [UInt8], _ facts: FactSource, groups distance: GroupDistance,
        extending version: Version? = nil
    ) throws {
        self.text = text
        let base = try version.map(BaseVersion.init)
        eligibility = try Eligibility(facts, recipe, groups: distance, extending: base)
        let selection = try Selection(eligibility.photos, recipe, extending: base)
        delta =
            if let version, let base {
                try VersionDelta(selection, from: version, base, facts)
            } else {
                nil
            }
        self.selection = selection
    }

    /// Returns the plans of all recipes in a file.
    ///
    /// - Throws: ``CurareError`` (65). For a grid the error has a line for each version that cannot be made.
    public static func all(
        of file: RecipeFile, _ facts: FactSource, groups distance: GroupDistance, extending version: Version? = nil
    ) throws -> [VersionPlan] {
        var plans: [VersionPlan] = []
        var failures: [(recipe: Recipe, error: CurareError)] = []
        for recipe in file.recipes {
            do {
                plans.append(
                    try VersionPlan(recipe, text: file.text(of: recipe), facts, groups: distance, extending: version))
            } catch let error as CurareError where file.grid != nil {
                failures.append((recipe, error))
            }
        }
        guard let grid = file.grid, !failures.isEmpty else { return plans }
        throw gridError(file, grid, failures)
    }

    /// Returns the error of a grid. It advises to remove values from `vary` only if a key of `vary` is at fault. A step
    /// that fixes all versions is given once.
    private static func gridError(
        _ file: RecipeFile, _ grid: VersionName, _ failures: [(recipe: Recipe, error: CurareError)]
    ) -> CurareError {
        let isVaried = failures.contains { $0.error.location.map(file.varies) == true }
        let steps = Set(failures.map(\.error.nextStep))
        let shared = steps.count == 1 && !isVaried ? failures[0].error.nextStep : nil
        let problems = failures.map { recipe, error in
            CurareError.Problem(
                recipe.name.text,
                shared != nil
                    ? error.message : [error.message, error.nextStep].compactMap(\.self).joined(separator: "; "))
        }
        let step =
            shared
            ?? (isVaried
                ? "remove these values from vary, or follow the step of each line" : "follow the step of each line")
        return CurareError(
            .badInput, "\(failures.count) of \(file.recipes.count) versions of the grid cannot be made", at: grid.text,
            next: "\(step); nothing was written", problems: problems)
    }

    /// Returns the copies on which triggers are drawn, sorted by photo, then overlay.
    ///
    /// - Parameter facts: about the photos in ``Selection/photosToDrawOn``, with their landmarks.
    public func copies(_ facts: [PhotoFacts]) throws -> [OverlaidImage] { try selection.copies(facts) }

    /// Returns the version of the plan, with number 1. Writing the version decides its number.
    ///
    /// - Parameters:
    ///   - images: of the selection's ``Selection/photos``, in their order.
    ///   - copies: all of ``copies(_:)``, in their order, with the images that were drawn.
    ///   - file: where the entries are written as `entries.jsonl`. Nil to write no file.
    /// - Throws: ``CurareError`` (70) when an image is missing; (74) when the file cannot be written.
    public func version(
        _ images: [ImageDigest?], copies: [(copy: OverlaidImage, image: ImageDigest)] = [], entriesTo file: URL? = nil
    ) throws -> Version {
        try Version(
            selection, excluded: eligibility.excluded, grouping: eligibility.grouping, images: images, copies: copies,
            number: 1, entriesTo: file)
    }
}
