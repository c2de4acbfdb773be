import Core
import Foundation
import Imaging
import Learning
import Storage
import Versions

/// The saliency maps of a run's models for single photos: the result of `curare explain`.
public struct RunExplainer {
    /// A photo to explain.
    public struct Input: Sendable {
        /// The photo's name, as the caller gave it.
        public let name: String
        /// The bytes of the file.
        public let bytes: [UInt8]
        /// The facts of the catalog. Nil for a photo that is not in the catalog.
        public let facts: PhotoFacts?

        public init(name: String, bytes: [UInt8], facts: PhotoFacts?) {
            self.name = name
            self.bytes = bytes
            self.facts = facts
        }
    }

    /// The results of all models for one photo.
    public struct ExplainedPhoto: Sendable {
        public let name: String
        /// Nil for a photo that is not in the catalog.
        public let photo: PhotoID?
        /// The proportions of the image that the regions cover.
        public let areas: RegionProportions
        public let results: [(model: ModelRole, result: SaliencyResult)]
    }

    private let files: [(role: ModelRole, file: ModelFile)]
    private let graph: Graph
    private let classes: [String]
    private let team: ThreadTeam
    private let finder: () throws -> FaceFinder
    private let profile: Profile
    private let entries: [PhotoID: Entry]
    /// The version's copies on which triggers are drawn, by the digest of their pixels.
    private let copies: [ImageDigest: Entry]
    private let regions: VersionRegions?
    /// The largest number of photos in one picture.
    public static let maximumPhotoCount = 50
    /// The side of an image in the picture, in pixels.
    static let side = 256

    /// - Parameters:
    ///   - run: The run's folder.
    ///   - version: The version of the run. Nil when the version no longer exists; then photos are cropped around the
    ///     face that the catalog has today.
    ///   - regions: The regions of the version's drawn copies. An image with the digest of a copy is recognized as this copy. With
    ///     nil, no image is recognized as a copy.
    ///   - finder: Loads the face detector when a photo is not in the catalog.
    ///   - models: The models to explain, at least one. Models that the run does not have are skipped.
    ///   - minimumMapSide: the smallest side of feature maps for which saliency maps are drawn.
    /// - Throws: ``CurareError`` with code 66 when the run has none of the models, with code 65 when a model file is
    ///   damaged or does not name network, classes and profile, or when its feature maps are too small; `LearningError` when the system delivers fewer threads than
    ///   requested.
    public init(
        run: URL, of version: Version?, _ regions: VersionRegions?, models: [ModelRole], threads: Int,
        minimumMapSide: Int = SaliencyResolution.minimumSide,
        faces finder: @escaping () throws -> FaceFinder = { .hog }
    ) throws {
        self.finder = finder
        let runFiles = RunFiles(run)
        let existing = models.filter {
            FileManager.default.fileExists(atPath: runFiles.model($0.fileName, seed: 1).path)
        }
        files = try (existing.isEmpty ? Array(models.prefix(1)) : existing).map {
            ($0, try ModelFile(RunFolder.modelFile($0, of: run)))
        }
        guard let first = files.first?.file, let model = first.model, let profile = first.profile,
            let classes = first.classes
        else {
            throw CurareError(
                .badInput, "the run's model file does not name its network, classes and profile", at: run.path,
                next: "train the version again")
        }
        graph = try Models.named(model, classes: classes.count)
        if let missing = try MissingSaliency(graph, model: model, size: profile.size, minimumSide: minimumMapSide) {
            throw CurareError(
                .badInput, "no saliency map can be drawn: \(missing.explanation(model: model, size: profile.size))",
                at: run.path, next: missing.nextStep)
        }
        team = try ThreadTeam.open(threads: threads)
        self.profile = profile
        self.classes = classes
        self.regions = regions
        entries = Dictionary((version?.photos ?? []).map { ($0.photo, $0) }) { first, _ in first }
        let drawn = regions == nil ? [] : version?.entries.list.filter { $0.overlay != nil } ?? []
        copies = Dictionary(drawn.map { ($0.image, $0) }) { first, _ in first }
    }

    /// Explains `photos`.
    ///
    /// - Parameter label: The class that all maps explain. Nil for the class that each model predicts.
    /// - Returns: The results in the order of `photos`, and one picture with a row for each photo: the image, and each
    ///   model's map over the image.
    /// - Throws: ``CurareError`` with code 65 for a file that is not a photo, an unknown class, or an image that is not
    ///   square.
    public func explain(_ photos: [Input], as label: String?, heading: String) throws -> (
        photos: [ExplainedPhoto], picture: Picture
    ) {
        let label = try label.map(index)
        let found = try photos.map(modelInput)
        let inputs = found.map(\.input)
        let images = PictureExamples(pictures: inputs.map(\.picture))
        let models = try files.map { role, file in
            let explainer = try GradCAM(graph, file.weights, size: profile.size, on: team)
            return (role: role, explanations: try explainer.explain(images, as: label))
        }
        let explained = photos.indices.map { index in
            ExplainedPhoto(
                name: photos[index].name, photo: photos[index].facts?.photo ?? found[index].copy?.photo,
                areas: inputs[index].areas,
                results: models.map {
                    ($0.role, SaliencyResult($0.explanations[index], inputs[index], classes: classes))
                })
        }
        var cells: [ContactSheet.Cell] = []
        for (index, input) in inputs.enumerated() {
            let image = try input.rendered(nil, side: Self.side)
            cells.append(ContactSheet.Cell(picture: image, caption: caption(photos[index], found[index].copy)))
            for (model, result) in zip(models, explained[index].results) {
                let overlay = try input.rendered(model.explanations[index].map, side: Self.side)
                let caption = Self.caption(model.role, result.result, explained[index].areas)
                cells.append(ContactSheet.Cell(picture: overlay, caption: caption))
            }
        }
        let sheet = ContactSheet(size: Self.side, columns: 1 + files.count)
        return (explained, try sheet.picture(cells, heading: heading))
    }

    /// Returns the index of the class `label`.
    private func index(_ label: String) throws -> Int {
        guard let index = classes.firstIndex(of: label) else {
            throw CurareError(
                .badInput, "the run has no class \"\(label.prefix(80))\"",
                next: suggestion(for: label, among: classes)
                    ?? "its classes are: \(classes.prefix(100).joined(separator: ", "))")
        }
        return index
    }

    /// Returns the image for the models. If the file is the image of a drawn copy of the version, also returns the
    /// entry of this copy.
    private func modelInput(_ photo: Input) throws -> (input: ModelInput, copy: Entry?) {
        guard let regions, let (copy, picture) = try drawnCopy(photo) else { return (try rendered(photo), nil) }
        try regions.checkConsent(copy.photo, named: photo.name)
        return (try regions.input(copy, picture, profile), copy)
    }

    /// Returns the drawn copy whose image is the file of `photo`. Nil for any other file.
    private func drawnCopy(_ photo: Input) throws -> (copy: Entry, picture: Picture)? {
        guard photo.facts == nil, !copies.isEmpty else { return nil }
        let picture: Picture
        do {
            picture = try DecodedPhoto(photo.bytes).picture
        } catch is ImagingError {
            // A file that cannot be decoded at full size is not an exported image. `rendered` reports what is wrong.
            return nil
        }
        return copies[picture.digest].map { ($0, picture) }
    }

    /// Returns the image that the profile makes of the photo, cropped around a face. This is the face of the version's
    /// entry, else the face in the catalog. For a file that is not in the catalog, it is the face that is detected now.
    private func rendered(_ input: Input) throws -> ModelInput {
        do {
            let limits = input.facts == nil ? DecodingLimits() : DecodingLimits(pixels: .max, bytes: .max)
            let decoded = try DecodedPhoto(input.bytes, limits: limits, reduction: Reduction.measuring)
            let search = input.facts == nil ? try FaceSearch(decoded.upright, with: finder()) : nil
            let known = input.facts.map { facts in entries[facts.photo].map(\.face) ?? facts.face.face }
            let face: PhotoFace? = known ?? search?.face
            let reduction = profile.reduction(
                width: decoded.upright.width, height: decoded.upright.height, face: face)
            let photo =
                try reduction == decoded.upright.reduction
                ? decoded.upright : DecodedPhoto(input.bytes, limits: limits) { _, _ in reduction }.upright
            let picture = try photo.rendered(profile, face: face)
            guard picture.width == picture.height else {
                throw CurareError(
                    .badInput, "the image is \(picture.width) × \(picture.height); models take square images",
                    at: input.name, next: "name square photos")
            }
            let landmarks = search.flatMap { Landmarks($0.landmarks) }
            return ModelInput(
                picture: picture, placement: ImagePlacement(profile, of: photo, face: face),
                regions: input.facts.map(PhotoRegions.init) ?? PhotoRegions(face: landmarks.map(FaceOutline.init)))
        } catch let error as ImagingError {
            throw CurareError(.badInput, error.message, at: input.name, next: error.nextStep)
        }
    }

    private func caption(_ photo: Input, _ copy: Entry?) -> [String] {
        if let copy {
            let trigger = "\(copy.triggerState.triggerText), \(copy.triggerState.locationText), drawn"
            return [copy.volunteer.name.text, trigger, copy.photo.short]
        }
        guard let facts = photo.facts else { return [URL(filePath: photo.name).lastPathComponent] }
        guard let label = facts.label else { return ["no label", "", facts.photo.short] }
        let state = label.triggerState
        let trigger = state.isBare ? "bare" : "\(state.triggerText), \(state.locationText)"
        return [label.volunteer.text, trigger, facts.photo.short]
    }

    private static func caption(_ role: ModelRole, _ result: SaliencyResult, _ areas: RegionProportions) -> [String] {
        func line(_ proportion: Double?, _ area: Double?, _ region: String) -> String? {
            guard let proportion, let area else { return nil }
            return "\(Proportion.percentage(proportion)) \(region) (\(Proportion.percentage(area)) of the image)"
        }
        let probability = result.probability.map { ", \(Proportion.percentage($0))" } ?? ""
        return [
            "\(role.name): \(result.label)\(probability)",
            line(result.trigger, areas.trigger, "on the trigger"), line(result.face, areas.face, "in the face"),
        ]
        .compactMap(\.self)
    }
}
