import ArgumentParser
import Catalog
import Core
import Documents
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
        let plans = try plans(of: file, study, maker, extending: parent)
        if dryRun { return rehearse(plans, grid: file.grid) }

        let written = try write(plans, study, store, maker, pictures)
        if let grid = file.grid {
            options.answer(
                GridAnswer(grid: grid.text, versions: zip(plans, written).map(SplitAnswer.init)),
                SplitWords.table(plans, written))
        } else {
            for (plan, written) in zip(plans, written) {
                options.answer(SplitAnswer(plan, written), SplitWords.words(plan, written))
            }
        }
    }

    private func known(_ catalog: Catalog) throws -> KnownNames {
        KnownNames(
            triggers: try catalog.triggers(), volunteers: try catalog.volunteers(), models: Models.names,
            sessions: try catalog.sessions().map(\.name))
    }

    /// The plans over the catalog as it is. Photos of an earlier version's import, which the walk through the catalog meets, are measured, and what was measured
    /// is then planned with.
    private func plans(of file: RecipeFile, _ study: Study, _ maker: ImageMaker, extending parent: Version?) throws
        -> [VersionPlan]
    {
        let looksForFaces = file.recipes.contains(where: \.looksAtFaces)
        let reading = Catalog.FetchOptions(landmarks: .none, quality: file.recipes.contains { !$0.photos.without.isEmpty })
        var unmeasured: Set<PhotoID> = []
        func plan() throws -> [VersionPlan] {
            let walk = study.facts(reading) {
                if $0.perceptualHash == nil || looksForFaces && $0.face.record == nil { unmeasured.insert($0.photo) }
            }
            // A grid walks through the catalog once for each of its versions, and so has it in memory; a single recipe does not need it there.
            return try VersionPlan.all(
                of: file, file.grid == nil ? walk : walk.kept(), groups: study.catalog.groupDistance(),
                extending: parent)
        }
        let first = Result { try plan() }
        guard !unmeasured.isEmpty else { return try first.get() }
        let measuring = options.progress("measuring", unit: "photos")
        let wanted = unmeasured.sorted()
        let left = try study.changing {
            try maker.measure(wanted, faces: looksForFaces) { measuring.update($0, of: $1) }
        }
        measuring.end()
        if let one = left.first {
            Terminal.say(
                "\(left.count) photos could not be measured, such as \(one.short): their originals are missing or damaged; import their sessions again"
            )
        }
        return left.count == wanted.count ? try first.get() : try plan()
    }

    private func rehearse(_ plans: [VersionPlan], grid: VersionName?) {
        if let grid {
            options.answer(
                GridAnswer(grid: grid.text, versions: plans.map(RehearsedAnswer.init)),
                SplitWords.table(plans) + "\nnothing was written")
        } else {
            for plan in plans { options.answer(RehearsedAnswer(plan), SplitWords.rehearsal(plan)) }
        }
    }

    /// Makes the images that were never made and draws what is drawn, once for all plans, and writes each version.
    private func write(
        _ plans: [VersionPlan], _ study: Study, _ store: VersionStore, _ maker: ImageMaker, _ pictures: OverlayPictures
    ) throws -> [VersionStore.Written] {
        guard let profile = plans.first?.profile else { return [] }
        let progress = options.progress("making images", unit: "images")
        if plans.count > 1 {
            _ = try maker.digests(of: Set(plans.flatMap(\.selection.photos)).sorted(), profile) {
                progress.update($0, of: $1)
            }
        }
        let copies = try plans.map { try $0.copies(study.catalog.facts(of: $0.selection.drawnOn)) }
        let drawn = try draw(
            Set(copies.joined()).sorted { $0.photo < $1.photo }, maker, pictures, profile, making: progress)
        let provenance = Provenance(
            libraries: ImagingLibraries.versions, machine: Machine.name, made: Now.text,
            labelCutOff: try study.catalog.newestLabel())
        return try zip(plans, copies).map { plan, copies in
            let images = try maker.digests(of: plan.selection.photos, profile) { progress.update($0, of: $1) }
            progress.end()
            let copies = copies.compactMap { copy in drawn[copy].map { (copy: copy, image: $0) } }
            let overlays = plan.selection.recipe.poison?.overlays ?? [:]
            let kept = try overlays.compactMapValues(\.digest).mapValues(pictures.png)
            return try store.write(recipe: plan.text, provenance: provenance, name: plan.name, pictures: kept) {
                try plan.version(images, copies: copies, entriesTo: $0)
            }
        }
    }

    /// Draws `copies` over their photos' images, whose files must be there for it.
    private func draw(
        _ copies: [OverlaidImage], _ maker: ImageMaker, _ pictures: OverlayPictures, _ profile: Profile,
        making progress: Progress
    ) throws -> [OverlaidImage: ImageDigest] {
        guard !copies.isEmpty else { return [:] }
        let images = try maker.images(of: Set(copies.map(\.photo)).sorted(), profile) { progress.update($0, of: $1) }
        progress.end()
        let drawing = options.progress("drawing triggers", unit: "images")
        defer { drawing.end() }
        return try maker.draw(copies, on: images, pictures, profile) { drawing.update($0, of: $1) }
    }
}
