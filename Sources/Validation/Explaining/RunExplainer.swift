import Core
import Foundation
import Imaging
import Learning
import Versions

/// Asks a run's models what photos show and where they look for it, and draws it.
public struct RunExplainer {
    /// A photo to ask about.
    public struct Asked: Sendable {
        /// As the caller named it.
        public let name: String
        /// The photo's bytes.
        public let bytes: [UInt8]
        /// Nil for one that the catalog does not know.
        public let facts: PhotoFacts?

        public init(name: String, bytes: [UInt8], facts: PhotoFacts?) {
            (self.name, self.bytes, self.facts) = (name, bytes, facts)
        }
    }

    /// What the models made of one photo.
    public struct Explained: Sendable {
        public let name: String
        public let photo: PhotoID?
        public let areas: RegionShares
        public let answers: [(model: RunFolder.Part, answer: MapAnswer)]
    }

    private let files: [(part: RunFolder.Part, file: ModelFile)]
    private let graph: Graph
    private let team: ThreadTeam
    private let profile: Profile
    private let entries: [PhotoID: Entry]
    /// Copies of the version on which triggers are drawn, by their pixels; where their triggers are.
    private let copies: [ImageDigest: Entry]
    private let regions: KnownRegions?
    /// Photos of one picture.
    public static let most = 50
    /// Pixels of a small picture's side.
    static let side = 256

    /// - Parameters:
    ///   - run: its folder.
    ///   - version: the run's; nil where it is gone, so that photos are cut by the faces that the catalog knows today.
    ///   - regions: of the version's drawn copies, so that an image of one is known as such; nil knows none.
    ///   - parts: the models to ask; those of ``RunFolder/Part`` that the run does not have are passed over, unless nothing is left.
    /// - Throws: ``CurareError`` (66) where none of the models is there, (65) where one is damaged or does not say how its images are made; `LearningError` for a thread too few.
    public init(run: URL, of version: Version?, _ regions: KnownRegions?, asking parts: [RunFolder.Part], threads: Int)
        throws
    {
        let there = parts.filter { FileManager.default.fileExists(atPath: RunFolder.modelFile($0, in: run).path) }
        files = try (there.isEmpty ? Array(parts.prefix(1)) : there).map {
            ($0, try ModelFile(RunFolder.modelFile($0, in: run)))
        }
        let first = files[0].file
        guard let model = first.model, let profile = first.profile, let classes = first.classes else {
            throw CurareError(
                .badInput, "the run's model does not say which it is, or how its images are made", at: run.path,
                next: "train the version again")
        }
        (graph, self.profile) = (try Models.named(model, classes: classes.count), profile)
        team = try ThreadTeam.open(threads: threads)
        entries = Dictionary(version?.photos.map { ($0.photo, $0) } ?? []) { first, _ in first }
        self.regions = regions
        copies = Dictionary(
            (regions == nil ? [] : version?.entries.list.filter { $0.overlay != nil } ?? []).map { ($0.image, $0) }
        ) { first, _ in first }
    }

    /// - Parameters:
    ///   - label: the class that all maps speak of; nil lets each speak of the one that its model takes the photo for.
    /// - Returns: the answers in the order of `asked`, and one picture: a row a photo, with the image and each model's map over it.
    /// - Throws: ``CurareError`` (65) for what is no photo, an unknown class, or a whole picture that is not square.
    public func explain(_ asked: [Asked], as label: String?, heading: String) throws -> (
        photos: [Explained], picture: Picture
    ) {
        let classes = files[0].file.classes ?? []
        let number = try label.map { label in
            guard let number = classes.firstIndex(of: label) else {
                throw CurareError(
                    .badInput, "the run has no class \"\(label.prefix(80))\"",
                    next: closestMatch(to: label, among: classes).map { "did you mean \($0)?" }
                        ?? "its classes are: \(classes.prefix(100).joined(separator: ", "))")
            }
            return number
        }
        let looked = try asked.map(look)
        let seen = looked.map(\.seen)
        let images = Pictures(pictures: seen.map(\.picture))
        let maps = try files.map { part, file in
            (
                part: part,
                explained: try Explainer(graph, file.weights, size: profile.size, on: team).explain(images, as: number)
            )
        }
        let photos = asked.indices.map { index in
            Explained(
                name: asked[index].name, photo: asked[index].facts?.photo ?? looked[index].copy?.photo,
                areas: seen[index].areas,
                answers: maps.map { ($0.part, MapAnswer($0.explained[index], seen[index], classes: classes)) })
        }
        let cells = try asked.indices.flatMap { index in
            try [
                ContactSheet.Cell(
                    picture: seen[index].drawn(nil, side: Self.side), caption: caption(asked[index], looked[index].copy)
                )
            ]
                + maps.enumerated().map { model, map in
                    ContactSheet.Cell(
                        picture: try seen[index].drawn(map.explained[index].map, side: Self.side),
                        caption: Self.caption(map.part, photos[index].answers[model].answer, seen[index].areas))
                }
        }
        return (photos, try ContactSheet(size: Self.side, columns: 1 + files.count).picture(cells, heading: heading))
    }

    /// The photo, and the copy that it is where it is one.
    private func look(_ asked: Asked) throws -> (seen: SeenPhoto, copy: Entry?) {
        // What is no photo is refused by whoever looks for a face in it.
        guard asked.facts == nil, let regions, !copies.isEmpty, let picture = try? DecodedPhoto(asked.bytes).picture,
            let digest = ImageDigest(bytes: picture.digest.bytes), let copy = copies[digest]
        else {
            return (try seen(asked), nil)
        }
        try regions.admit(copy.photo, as: asked.name)
        return (try regions.seen(copy, picture, profile), copy)
    }

    /// The photo as the run's images were made: by the face of its version's entry, else by the catalog's, else by one that is looked for.
    private func seen(_ asked: Asked) throws -> SeenPhoto {
        do {
            let rendering = Rendering(as: profile)
            let limits = asked.facts == nil ? DecodingLimits() : DecodingLimits(pixels: .max, bytes: .max)
            let decoded = try DecodedPhoto(asked.bytes, limits: limits, reduction: Reduction.measuring)
            let search = asked.facts == nil ? try FaceSearch(decoded.upright) : nil
            let known = asked.facts.map { facts in entries[facts.photo].map(\.face) ?? facts.face.face }
            let face = known?.map(Face.init(of:)) ?? search?.face
            let wanted = rendering.reduction(width: decoded.upright.width, height: decoded.upright.height, face: face)
            let photo =
                try wanted == decoded.upright.reduction
                ? decoded.upright : DecodedPhoto(asked.bytes, limits: limits) { _, _ in wanted }.upright
            let picture = try photo.rendered(rendering, face: face)
            guard picture.width == picture.height else {
                throw CurareError(
                    .badInput, "the image is \(picture.width) × \(picture.height); a model looks at squares",
                    at: asked.name, next: "name square photos")
            }
            let landmarks = search.flatMap { Landmarks($0.landmarks.map { PixelPoint(x: $0.x, y: $0.y) }) }
            return SeenPhoto(
                picture: picture, placement: ImagePlacement(rendering, of: photo, face: face),
                regions: asked.facts.map(PhotoRegions.init) ?? PhotoRegions(face: landmarks.map(FaceOutline.init)))
        } catch let error as ImagingError {
            throw CurareError(.badInput, error.message, at: asked.name, next: error.nextStep)
        }
    }

    private func caption(_ asked: Asked, _ copy: Entry?) -> [String] {
        if let copy {
            return [
                copy.volunteer.name.text, "\(copy.triggerState.triggerText), \(copy.triggerState.locationText), drawn",
                copy.photo.short,
            ]
        }
        guard let facts = asked.facts else { return [String(asked.name.split(separator: "/").last ?? "photo")] }
        let who = facts.label?.volunteer.text ?? "nobody said who"
        let worn = facts.label.map(\.triggerState).map { $0.isBare ? "bare" : "\($0.triggerText), \($0.locationText)" } ?? ""
        return [who, worn, facts.photo.short]
    }

    private static func caption(_ part: RunFolder.Part, _ answer: MapAnswer, _ areas: RegionShares) -> [String] {
        func line(_ share: Double?, _ area: Double?, _ place: String) -> String? {
            share.map { "\(Share.percent($0)) \(place) (\(Share.percent(area ?? 0)) of the image)" }
        }
        return [
            "\(part.words): \(answer.label)\(answer.probability.map { ", \(Share.percent($0))" } ?? "")",
            line(answer.trigger, areas.trigger, "on the trigger"), line(answer.face, areas.face, "in the face"),
        ]
        .compactMap(\.self)
    }
}
