import Core
import Foundation

/// A recipe held against a catalog: which photos its version has, and the role of each.
public struct VersionPlan: Sendable {
    /// What goes into `recipe.yaml`.
    public let text: [UInt8]
    public let eligibility: Eligibility
    public let selection: Selection
    /// What a version that is extended has gained and lost; nil where none is.
    public let growth: Growth?

    public var name: VersionName { selection.recipe.name }
    public var profile: Profile { selection.recipe.profile }

    /// What a researcher should know.
    public var warnings: [String] {
        guard let growth, !growth.newVolunteers.isEmpty else { return selection.warnings }
        return selection.warnings + [
            "not attackable, since the set is that of \(growth.parent): \(growth.newVolunteers.map(\.text).joined(separator: ", "))"
        ]
    }

    /// - Parameters:
    ///   - distance: of near-duplicates.
    ///   - parent: the version that the recipe extends.
    /// - Throws: ``CurareError`` (65) where the recipe asks for what the photos cannot give.
    public init(
        _ recipe: Recipe, text: [UInt8], _ facts: FactSource, groups distance: GroupDistance,
        extending parent: Version? = nil
    ) throws {
        self.text = text
        let standing = try parent.map(Parent.init)
        eligibility = try Eligibility(facts, recipe, groups: distance, extending: standing)
        let selection = try Selection(eligibility.photos, recipe, extending: standing)
        growth = try parent.flatMap { version in try standing.map { try Growth(selection, from: version, $0, facts) } }
        self.selection = selection
    }

    /// The plans of all that a recipe's file asks for.
    ///
    /// - Throws: ``CurareError`` (65) of a plain recipe; of a grid one that has a line for each version that cannot be made.
    public static func all(
        of file: RecipeFile, _ facts: FactSource, groups distance: GroupDistance, extending parent: Version? = nil
    ) throws -> [VersionPlan] {
        var plans: [VersionPlan] = []
        var problems: [CurareError.Problem] = []
        for recipe in file.recipes {
            do {
                plans.append(
                    try VersionPlan(recipe, text: file.text(of: recipe), facts, groups: distance, extending: parent))
            } catch let refusal as CurareError where file.grid != nil {
                problems.append(
                    CurareError.Problem(
                        recipe.name.text, [refusal.message, refusal.nextStep].compactMap(\.self).joined(separator: "; ")))
            }
        }
        guard let grid = file.grid, !problems.isEmpty else { return plans }
        throw CurareError(
            .badInput, "\(problems.count) of \(file.recipes.count) versions of the grid cannot be made", at: grid.text,
            next: "take these values out of vary; nothing was written", problems: problems)
    }

    /// The copies on which triggers are drawn, by photo, then overlay.
    ///
    /// - Parameter facts: of the photos that the selection has ``Selection/drawnOn``, with their landmarks.
    public func copies(_ facts: [PhotoFacts]) throws -> [OverlaidImage] { try selection.copies(facts) }

    /// The plan's version, once its images are made. Its number is decided when it is written.
    ///
    /// - Parameters:
    ///   - images: of the selection's ``Selection/photos``, in their order.
    ///   - copies: all of ``copies(_:)``, in their order, with the images that were drawn.
    ///   - file: where the entries are written on the way, as `entries.jsonl`; nil where they are not.
    /// - Throws: ``CurareError`` (70) where one is missing, which only a bug can bring about; (74) where the file cannot be written.
    public func version(
        _ images: [ImageDigest?], copies: [(copy: OverlaidImage, image: ImageDigest)] = [], entriesTo file: URL? = nil
    ) throws -> Version {
        try Version(
            selection, excluded: eligibility.excluded, grouping: eligibility.grouping, images: images, copies: copies,
            number: 1, entriesTo: file)
    }
}
