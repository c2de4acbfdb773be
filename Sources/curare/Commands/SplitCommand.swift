import ArgumentParser
import Catalog
import Foundation
import Imaging
import Intake
import Learning
import Versions

struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Make a dataset version of a recipe.",
        discussion: """
            The same recipe over the same catalog gives the same bytes, whatever the machine, the order of imports or --jobs; where nothing is new, no version is made.

            Example: curare split sunglasses-25.yaml --dry-run
            """)

    @Argument(help: "The recipe, a YAML file.") var recipe: String
    @Flag(help: "Print what the version would hold; write nothing.") var dryRun = false
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try dryRun ? options.open() : options.openToChange()
        let text = try contents(of: recipe, limit: YAMLReader.maximumBytes)
        let known = KnownNames(triggers: try study.catalog.triggers(), volunteers: try study.catalog.volunteers(), models: Models.names)
        let recipe = try RecipeReader.read(text, file: URL(filePath: recipe).lastPathComponent, known: known)
        let maker = ImageMaker(study.workspace, study.catalog, workers: options.workers)
        let measuring = options.progress("measuring", unit: "photos")
        try maker.measureAll(faces: recipe.profile.crop == .face) { measuring.update($0, of: $1) }
        measuring.end()
        let facts = try study.catalog.facts()
        let eligible = Eligibility(facts, recipe, groups: try study.catalog.groupDistance())
        let selection = try Selection(eligible.photos, recipe)
        if dryRun { return options.answer(DryAnswer(selection, eligible), table(selection, eligible)) }

        let progress = options.progress("making images", unit: "images")
        let images = try maker.images(of: selection.parts.map(\.photo.photo), recipe.profile) { progress.update($0, of: $1) }
        progress.end()
        let provenance = Provenance(libraries: ImagingLibraries.versions, machine: Machine.name, made: Now.text, labelCutOff: try study.catalog.newestLabel())
        let written = try VersionStore(study.workspace).write(recipe: text, provenance: provenance, name: recipe.name) { number in
            try Version(selection, excluded: eligible.excluded, grouping: eligible.grouping, facts: facts, images: images, number: number)
        }
        options.answer(Answer(written.version, path: written.folder.path, created: written.created, warnings: selection.warnings), words(written, selection))
    }

    private struct Answer: Encodable {
        let name: String
        let version: Int
        let digest, selectionDigest: String
        let n, m, mAsked: Int
        let rateAsked, rate: Double
        let counts: [String: Int]
        let path: String
        let created: Bool
        let warnings: [String]

        init(_ version: Version, path: String, created: Bool, warnings: [String]) {
            let manifest = version.manifest
            (name, self.version, digest, selectionDigest) = (manifest.name.text, manifest.version, manifest.digest.hex, manifest.selectionDigest.hex)
            (n, m, mAsked) = (manifest.clean, manifest.poison, manifest.poisonAsked)
            (rateAsked, rate) = (manifest.recipe.poison?.injectionRate.decimal.double ?? 0, manifest.rateReached.double)
            counts = manifest.counts.byRole
            (self.path, self.created, self.warnings) = (path, created, warnings)
        }
    }

    private struct DryAnswer: Encodable {
        let name: String
        let n, m, mAsked, pool: Int
        let counts: [String: Int]
        let excluded: [String: Int]
        let warnings: [String]

        init(_ selection: Selection, _ eligible: Eligibility) {
            name = selection.recipe.name.text
            (n, m, mAsked, pool) = (selection.clean, selection.poison, selection.poisonAsked, selection.pool)
            counts = Counts(selection).byRole
            excluded = Dictionary(uniqueKeysWithValues: eligible.excluded.map { ($0.key.rawValue, $0.value) })
            warnings = selection.warnings
        }
    }

    /// Counts by class × role, and what limits the rate.
    private func table(_ selection: Selection, _ eligible: Eligibility) -> String {
        let counts = Counts(selection)
        var table = Table(["class"] + Role.allCases.map(\.rawValue))
        for volunteer in selection.classes { table.add([volunteer.name.text] + Role.allCases.map { "\(counts[$0, volunteer.name])" }) }
        table.add(["all"] + Role.allCases.map { "\(counts[$0])" })
        var lines = [table.text, ""]
        if let poison = selection.recipe.poison {
            let rate = InjectionRate.reached(poison: selection.poison, clean: selection.clean)
            lines.append("\(selection.poison) poison photos beside \(selection.clean) clean ones: rate \(rate), asked \(poison.injectionRate) (\(selection.poisonAsked)); the pool holds \(selection.pool)")
            lines.append("the highest rate possible is \(InjectionRate.highest(poison: selection.pool, beside: selection.clean))")
        }
        lines += eligible.excluded.sorted { $0.key.rawValue < $1.key.rawValue }.map { "left out: \($0.value) photos (\($0.key.rawValue))" }
        lines += selection.warnings.map { "warning: \($0)" }
        return (lines + ["nothing was written"]).joined(separator: "\n")
    }

    private func words(_ written: (version: Version, folder: URL, created: Bool), _ selection: Selection) -> String {
        let manifest = written.version.manifest
        var lines = ["\(written.version.reference) \(written.created ? "made" : "is there already, with the same bytes"): \(written.version.entries.list.count) photos, n \(manifest.clean), m \(manifest.poison), rate \(manifest.rateReached)"]
        lines += Role.allCases.filter { manifest.counts[$0] > 0 }.map { "  \($0.rawValue): \(manifest.counts[$0])" }
        lines += selection.warnings.map { "warning: \($0)" }
        return (lines + ["digest \(manifest.digest)", written.folder.path]).joined(separator: "\n")
    }
}
