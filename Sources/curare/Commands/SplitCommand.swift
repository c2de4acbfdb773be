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
            The same recipe over the same catalog gives the same bytes, whatever the machine, the order of imports or --jobs; where nothing is new, no version is made. \
            A recipe that extends a version keeps the roles of that version's photos. A recipe with vary is a grid: all its versions are made at once.

            Example: curare split sunglasses-25.yaml --dry-run
            """)

    @Argument(help: "The recipe, a YAML file.") var recipe: String
    @Flag(help: "Print what the version would hold; write nothing.") var dryRun = false
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try dryRun ? options.open() : options.openToChange()
        let text = try contents(of: recipe, limit: YAMLReader.maximumBytes)
        let name = URL(filePath: recipe).lastPathComponent
        let store = VersionStore(study.workspace)
        let parent = try RecipeReader.parent(of: text, file: name).map(store.read)
        let asked = try RecipeFile(text, file: name, known: known(study.catalog), extending: parent?.manifest.recipe)
        let (file, pictures) = try asked.withPictures(beside: URL(filePath: recipe), extending: parent, in: store)
        let maker = ImageMaker(study.workspace, study.catalog, workers: options.workers)
        let measuring = options.progress("measuring", unit: "photos")
        try maker.measureAll(faces: file.recipes.contains(where: \.looksAtFaces)) { measuring.update($0, of: $1) }
        measuring.end()
        let facts = try study.catalog.facts()
        let plans = try VersionPlan.all(of: file, facts, groups: study.catalog.groupDistance(), extending: parent)
        if dryRun { return rehearse(plans, grid: file.grid) }

        let written = try write(plans, study, store, maker, facts, pictures)
        if let grid = file.grid {
            options.answer(GridAnswer(grid: grid.text, versions: zip(plans, written).map(SplitAnswer.init)), SplitWords.table(plans, written))
        } else {
            for (plan, written) in zip(plans, written) { options.answer(SplitAnswer(plan, written), SplitWords.words(plan, written)) }
        }
    }

    private func known(_ catalog: Catalog) throws -> KnownNames {
        KnownNames(triggers: try catalog.triggers(), volunteers: try catalog.volunteers(), models: Models.names, sessions: try catalog.sessions().map(\.name))
    }

    private func rehearse(_ plans: [VersionPlan], grid: VersionName?) {
        if let grid {
            options.answer(GridAnswer(grid: grid.text, versions: plans.map(RehearsedAnswer.init)), SplitWords.table(plans) + "\nnothing was written")
        } else {
            for plan in plans { options.answer(RehearsedAnswer(plan), SplitWords.rehearsal(plan)) }
        }
    }

    /// Makes the images that are not there, once for all plans, and writes each version.
    private func write(_ plans: [VersionPlan], _ study: Study, _ store: VersionStore, _ maker: ImageMaker, _ facts: [PhotoFacts], _ pictures: OverlayPictures) throws -> [VersionStore.Written] {
        guard let profile = plans.first?.profile else { return [] }
        let photos = Set(plans.flatMap { $0.selection.parts.map(\.photo.photo) }).sorted()
        let progress = options.progress("making images", unit: "images")
        let images = try maker.images(of: photos, profile) { progress.update($0, of: $1) }
        progress.end()
        let drawing = options.progress("drawing triggers", unit: "images")
        let copies = Dictionary(try plans.flatMap { try $0.copies(facts) }.map { ($0, ()) }) { first, _ in first }.keys.sorted { $0.photo < $1.photo }
        let drawn = try maker.draw(copies, on: images, pictures, profile) { drawing.update($0, of: $1) }
        if !copies.isEmpty { drawing.end() }
        let provenance = Provenance(libraries: ImagingLibraries.versions, machine: Machine.name, made: Now.text, labelCutOff: try study.catalog.newestLabel())
        return try plans.map { plan in
            let overlays = plan.selection.recipe.poison?.overlays ?? [:]
            let kept = try overlays.compactMapValues(\.digest).mapValues(pictures.png)
            return try store.write(recipe: plan.text, provenance: provenance, name: plan.name, pictures: kept) { try plan.version($0, facts, images, drawn: drawn) }
        }
    }
}
