import Catalog
import Core
import Documents
import Foundation
import Imaging
import Intake
import Learning
import Storage
import Versions

/// Makes the dataset version, or the grid of versions, that a recipe describes.
public struct CreateVersion: Workflow {
    public struct Request {
        /// The path of the recipe, a YAML file.
        public var recipe: String
        /// Reports what the versions would contain, and writes nothing.
        public var dryRun: Bool

        public init(recipe: String, dryRun: Bool = false) {
            self.recipe = recipe
            self.dryRun = dryRun
        }
    }

    public enum Result: WorkflowResult {
        case created(CreatedVersion)
        case createdGrid(VersionGrid<CreatedVersion>)
        case planned(PlannedVersion)
        case plannedGrid(VersionGrid<PlannedVersion>)

        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .created(let version): try version.encode(to: encoder)
            case .createdGrid(let grid): try grid.encode(to: encoder)
            case .planned(let version): try version.encode(to: encoder)
            case .plannedGrid(let grid): try grid.encode(to: encoder)
            }
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66, 65) with every problem of the recipe, or if the catalog has too few photos for
    ///   the recipe.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun)
        let text = try recipeText(request.recipe, session)
        let url = URL(filePath: request.recipe)
        guard try session.catalog.counts().photos > 0 else {
            throw CurareError(
                .badInput, "the catalog has no photos", at: session.workspace.root.path,
                next: "import sessions first with: curare import SESSION_DIR")
        }
        let base = try RecipeReader.base(of: text, file: url.lastPathComponent).map(session.versions.read)
        if let base { try requireCurrentNames(in: base, session.catalog) }
        let recipes = try RecipeFile(
            text, file: url.lastPathComponent, known: knownNames(session.catalog), extending: base?.manifest.recipe)
        let (file, images) = try recipes.withOverlayImages(nextTo: url, extending: base, in: session.versions)
        let maker = session.imageMaker(context)
        let plans = try plans(of: file, session, maker, extending: base)
        if request.dryRun {
            let planned = plans.map(PlannedVersion.init)
            return file.grid.map { .plannedGrid(VersionGrid(grid: $0.text, versions: planned)) } ?? .planned(planned[0])
        }
        let written = try write(plans, session, maker, images)
        try recordCurrent(written, file, session)
        let created = zip(plans, written).map(CreatedVersion.init)
        return file.grid.map { .createdGrid(VersionGrid(grid: $0.text, versions: created)) } ?? .created(created[0])
    }

    /// Returns the bytes of the recipe's file.
    ///
    /// - Throws: ``CurareError`` (65, 66) if the user named something else, such as a folder or a version.
    private func recipeText(_ path: String, _ session: WorkspaceSession) throws -> [UInt8] {
        let next = "split takes a recipe: curare split FILE.yaml"
        guard !FolderListing.isFolder(at: path) else {
            throw CurareError(.badInput, "this is a folder, and not a recipe", at: path, next: next)
        }
        do {
            return try RegularFile.contents(ofNamedFile: path, limit: YAMLReader.maximumBytes)
        } catch let error as CurareError where error.code == .missingInput {
            guard let name = VersionReference(path)?.name, try session.versions.numbers(of: name).isEmpty == false
            else {
                throw error
            }
            throw CurareError(.missingInput, "\(path) is a version, and not a recipe", next: next)
        }
    }

    private func knownNames(_ catalog: Catalog) throws -> KnownNames {
        KnownNames(
            triggers: try catalog.triggers(), volunteers: try catalog.volunteers(), models: Models.names,
            sessions: try catalog.sessions().map(\.name), earlier: try catalog.earlierNames())
    }

    /// Checks that the extended version has current names only. Otherwise the photos with an earlier name would count as
    /// new photos, and training photos of the base version could become test photos.
    private func requireCurrentNames(in base: Version, _ catalog: Catalog) throws {
        let names = try catalog.earlierNames()
        guard let name = base.manifest.earlierNames(in: names).first else { return }
        throw CurareError(
            .badInput, "\(base.reference) cannot be extended: its \(name) is now called \(names.current(name) ?? name)",
            next: "use a recipe without extends")
    }

    /// Returns the plans of all recipes in `file`, with the catalog as it is today.
    ///
    /// Photos that earlier versions of Curare imported may have no measures. This function measures them and then plans
    /// again.
    private func plans(
        of file: RecipeFile, _ session: WorkspaceSession, _ maker: ImageMaker, extending base: Version?
    ) throws -> [VersionPlan] {
        let needsFaces = file.recipes.contains(where: \.usesFaces)
        let options = Catalog.FetchOptions(
            landmarks: .none, quality: file.recipes.contains { !$0.photos.without.isEmpty })
        var unmeasured: Set<PhotoID> = []
        func plan() throws -> [VersionPlan] {
            let facts = session.facts(options) {
                if $0.perceptualHash == nil || needsFaces && $0.face.record == nil { unmeasured.insert($0.photo) }
            }
            // A grid reads the facts once for each version, so a grid keeps them in memory. A single recipe reads them
            // once.
            return try VersionPlan.all(
                of: file, file.grid == nil ? facts : facts.inMemory(), groups: session.catalog.groupDistance(),
                extending: base)
        }
        // The error of the first plan may be due to missing measures.
        let first = Swift.Result { try plan() }
        guard !unmeasured.isEmpty else { return try first.get() }
        let photos = unmeasured.sorted()
        let failed = try session.locked {
            try maker.measure(photos, faces: needsFaces, progress: context.progress(.measuringPhotos))
        }
        context.report(.ended(.measuringPhotos))
        if let example = failed.first {
            context.report(.photosNotMeasured(count: failed.count, example: example))
        }
        return failed.count == photos.count ? try first.get() : try plan()
    }

    /// Makes the missing images and draws the triggers, once for all plans. Then writes each version.
    private func write(
        _ plans: [VersionPlan], _ session: WorkspaceSession, _ maker: ImageMaker, _ images: OverlayPictures
    ) throws -> [VersionStore.Written] {
        guard let profile = plans.first?.profile else { return [] }
        if plans.count > 1 {
            let photos = Set(plans.flatMap(\.selection.photos)).sorted()
            _ = try maker.digests(of: photos, profile, progress: context.progress(.makingImages))
        }
        let copies = try plans.map { try $0.copies(session.catalog.facts(of: $0.selection.photosToDrawOn)) }
        let drawn = try draw(Set(copies.joined()).sorted { $0.photo < $1.photo }, maker, images, profile)
        let provenance = Provenance(
            libraries: ImagingLibraries.versions, machine: SystemName.text, made: context.timestamp,
            labelCutOff: try session.catalog.newestLabel())
        let named = try session.namedVersions()
        return try zip(plans, copies).map { plan, copies in
            let digests = try maker.digests(
                of: plan.selection.photos, profile, progress: context.progress(.makingImages))
            context.report(.ended(.makingImages))
            let copies = copies.compactMap { copy in drawn[copy].map { (copy: copy, image: $0) } }
            let overlays = plan.selection.recipe.poison?.overlays ?? [:]
            let kept = try overlays.compactMapValues(\.digest).mapValues(images.png)
            return try session.versions.write(
                recipe: plan.text, provenance: provenance, name: plan.name,
                used: named.filter { $0.name == plan.name }.compactMap(\.number).max() ?? 0, pictures: kept
            ) {
                try plan.version(digests, copies: copies, entriesTo: $0)
            }
        }
    }

    /// Records the versions that the names mean from now on, and the names of a grid. Reports the versions whose number
    /// is not the highest.
    private func recordCurrent(_ written: [VersionStore.Written], _ file: RecipeFile, _ session: WorkspaceSession)
        throws
    {
        let manifests = written.map(\.version.manifest)
        try session.catalog.record(
            currentVersions: manifests.map { ($0.name.text, $0.version) },
            grid: file.grid.map { ($0.text, file.varied) })
        let names = try VersionNames(session)
        let choices = manifests.compactMap { manifest in
            names.highest(manifest.name).map {
                VersionChoice(
                    version: VersionReference(name: manifest.name, number: manifest.version), highest: $0, relabelled: 0
                )
            }
        }.filter(\.isNotable)
        if !choices.isEmpty { context.report(.chosenVersions(choices)) }
    }

    /// Draws triggers on images, and returns the digests of the drawn images.
    private func draw(
        _ copies: [OverlaidImage], _ maker: ImageMaker, _ images: OverlayPictures, _ profile: Profile
    ) throws -> [OverlaidImage: ImageDigest] {
        guard !copies.isEmpty else { return [:] }
        let photos = Set(copies.map(\.photo)).sorted()
        let plain = try maker.images(of: photos, profile, progress: context.progress(.makingImages))
        context.report(.ended(.makingImages))
        defer { context.report(.ended(.drawingTriggers)) }
        return try maker.draw(copies, on: plain, images, profile, progress: context.progress(.drawingTriggers))
    }
}

/// A version that was written, or that existed already with the same bytes.
public struct CreatedVersion: Encodable {
    public let name: String
    public let version: Int
    public let digest: String
    public let selectionDigest: String
    public let n: Int
    public let m: Int
    public let mAsked: Int
    public let rateAsked: Double
    public let rate: Double
    public let counts: [String: Int]
    public let path: String
    public let created: Bool
    public let growth: VersionGrowth?
    public let warnings: [String]
    public let plan: VersionPlan
    public let written: VersionStore.Written

    private enum CodingKeys: CodingKey {
        case name, version, digest, selectionDigest, n, m, mAsked, rateAsked, rate, counts, path, created, growth,
            warnings
    }

    init(_ plan: VersionPlan, _ written: VersionStore.Written) {
        let manifest = written.version.manifest
        name = manifest.name.text
        version = manifest.version
        digest = manifest.digest.hex
        selectionDigest = manifest.selectionDigest.hex
        n = manifest.clean
        m = manifest.poison
        mAsked = manifest.poisonAsked
        rateAsked = manifest.recipe.poison?.injectionRate.decimal.double ?? 0
        rate = manifest.rateReached.double
        counts = manifest.counts.byRole
        path = written.folder.path
        created = written.created
        growth = plan.delta.map(VersionGrowth.init)
        warnings = plan.warnings
        self.plan = plan
        self.written = written
    }
}

/// A version that a dry run planned.
public struct PlannedVersion: Encodable {
    public let name: String
    public let n: Int
    public let m: Int
    public let mAsked: Int
    public let pool: Int
    public let heldOut: Int
    public let rateAsked: Double
    public let rate: Double
    public let highestRate: Double
    public let limitedBy: String
    public let counts: [String: Int]
    /// Number of photos by class and role.
    public let classes: [String: [String: Int]]
    /// Number of photos that cannot be used, by reason.
    public let excluded: [String: Int]
    public let growth: VersionGrowth?
    public let warnings: [String]
    public let plan: VersionPlan

    private enum CodingKeys: CodingKey {
        case name, n, m, mAsked, pool, heldOut, rateAsked, rate, highestRate, limitedBy, counts, classes, excluded,
            growth, warnings
    }

    init(_ plan: VersionPlan) {
        let selection = plan.selection
        let counts = Counts(selection)
        name = plan.name.text
        n = selection.clean
        m = selection.poison
        mAsked = selection.poisonAsked
        pool = selection.pool
        heldOut = selection.heldOut
        rateAsked = selection.recipe.poison?.injectionRate.decimal.double ?? 0
        rate = InjectionRate.reached(poison: selection.poison, clean: selection.clean).double
        highestRate = InjectionRate.highest(poison: selection.pool, clean: selection.clean).decimal.double
        limitedBy = selection.limit.rawValue
        self.counts = counts.byRole
        classes = Dictionary(
            uniqueKeysWithValues: selection.classes.map { volunteer in
                let byRole = Role.allCases.map { ($0.rawValue, counts[$0, volunteer.name]) }
                return (volunteer.name.text, Dictionary(uniqueKeysWithValues: byRole))
            })
        excluded = Dictionary(uniqueKeysWithValues: plan.eligibility.excluded.map { ($0.key.rawValue, $0.value) })
        growth = plan.delta.map(VersionGrowth.init)
        warnings = plan.warnings
        self.plan = plan
    }
}

/// The versions of a grid, in the grid's order.
public struct VersionGrid<Version: Encodable>: Encodable {
    public let grid: String
    public let versions: [Version]
}

/// What an extending version adds to its base version.
public struct VersionGrowth: Encodable {
    public let extends: String
    public let kept: Int
    public let relabelled: Int
    public let missing: Int
    public let leftOut: Int
    public let poisonAbove: Int
    public let added: [String: Int]
    public let newVolunteers: [String]

    init(_ growth: VersionDelta) {
        extends = growth.parent
        kept = growth.kept
        relabelled = growth.relabelled
        missing = growth.missing
        leftOut = growth.leftOut
        poisonAbove = growth.poisonAbove
        added = Dictionary(uniqueKeysWithValues: growth.added.map { ($0.key.rawValue, $0.value) })
        newVolunteers = growth.newVolunteers.map(\.text)
    }
}

/// The operating system and the processor type, for provenance. The machine's own name is not included.
private enum SystemName {
    static var text: String {
        var system = utsname()
        guard uname(&system) == 0 else { return "unknown" }
        return [text(of: system.sysname), text(of: system.release), text(of: system.machine)].joined(separator: " ")
    }

    /// Decodes a C character array up to its first NUL.
    private static func text<Field>(of field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
