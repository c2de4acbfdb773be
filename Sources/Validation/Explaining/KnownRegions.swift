import Catalog
import Core
import Foundation
import Imaging
import Storage
import Versions

/// Where things are in a photo, in whole pixels of the upright photo.
struct PhotoRegions: Hashable, Sendable {
    enum Region: CaseIterable { case trigger, face }

    /// Nil where it is not known.
    let face: FaceOutline?
    let trigger: Box?

    init(face: FaceOutline? = nil, trigger: Box? = nil) { (self.face, self.trigger) = (face, trigger) }

    init(_ facts: PhotoFacts) { self.init(face: facts.face.landmarks.map(FaceOutline.init), trigger: facts.triggerBox) }

    /// Whether the photo's pixel at `place` is in `region`; nil where the region is not known.
    func holds(_ place: Core.PixelPoint, in region: Region) -> Bool? {
        switch region {
        case .trigger: trigger?.contains(place)
        case .face: face?.contains(place)
        }
    }
}

/// What is known of where things are in a version's photos: faces and worn triggers by the catalog, drawn triggers by the version itself.
public struct KnownRegions: Sendable {
    /// What is drawn on a copy, and where.
    public typealias Overlays = @Sendable (OverlaidImage) throws -> [PlacedOverlay]

    private let regions: [PhotoID: PhotoRegions]
    private let formats: [PhotoID: String]
    private let workspace: Workspace
    private let recipe: Recipe
    private let overlays: Overlays
    /// Photos that the catalog has and that may be used today.
    private let usable: Set<PhotoID>

    /// Of the version's attack photos.
    public init(
        _ catalog: Catalog, _ workspace: Workspace, attacking version: Version, drawing overlays: @escaping Overlays
    ) throws {
        try self.init(catalog, workspace, version, overlays) { $0.role == .testAttack }
    }

    /// Of all the version's copies on which triggers are drawn.
    public init(
        _ catalog: Catalog, _ workspace: Workspace, copiesOf version: Version, drawing overlays: @escaping Overlays
    ) throws {
        try self.init(catalog, workspace, version, overlays) { $0.overlay != nil }
    }

    private init(
        _ catalog: Catalog, _ workspace: Workspace, _ version: Version, _ overlays: @escaping Overlays,
        of isWanted: (Entry) -> Bool
    ) throws {
        let wanted = Set(version.entries.list.filter(isWanted).map(\.photo)).sorted()
        var regions: [PhotoID: PhotoRegions] = [:]
        var usable: Set<PhotoID> = []
        try catalog.forEachPhoto(wanted) { facts in
            regions[facts.photo] = PhotoRegions(facts)
            if facts.consented { usable.insert(facts.photo) }
        }
        (self.regions, self.usable, self.workspace, self.overlays, recipe) = (
            regions, usable, workspace, overlays, version.manifest.recipe
        )
        formats = try catalog.formats(of: wanted)
    }

    /// The entry's image as it is seen.
    ///
    /// - Throws: ``CurareError`` (66, 65) where it takes the original to say where the image's pixels are, and that cannot be read, or where the manifest does not say what is drawn.
    func seen(_ entry: Entry, _ picture: Picture, _ profile: Profile) throws -> SeenPhoto {
        let (rendering, face) = (Rendering(as: profile), entry.face.map(Face.init(of:)))
        let placement =
            try ImagePlacement(rendering, width: entry.width, height: entry.height, face: face)
            ?? ImagePlacement(rendering, of: original(entry.photo, rendering), face: face)
        let known = regions[entry.photo] ?? PhotoRegions()
        guard let copy = try entry.copy(in: recipe) else {
            return SeenPhoto(picture: picture, placement: placement, regions: known)
        }
        let drawn = try overlays(copy).compactMap {
            OverlayBox(
                $0, rendering, width: entry.width, height: entry.height, face: face, imageWidth: picture.width,
                imageHeight: picture.height)
        }
        // What the photo itself wears is not what the copy is attacked with.
        return SeenPhoto(picture: picture, placement: placement, regions: PhotoRegions(face: known.face), drawn: drawn)
    }

    /// - Throws: ``CurareError`` (65) where the photo is gone from the catalog, or somebody's consent is missing.
    func admit(_ photo: PhotoID, as name: String) throws {
        guard usable.contains(photo) else {
            throw CurareError(
                .badInput, "photo \(photo.short) may not be used: someone's consent is missing", at: name,
                next: "name another photo")
        }
    }

    /// The photo as `rendering` has it decoded.
    private func original(_ photo: PhotoID, _ rendering: Rendering) throws -> UprightPhoto {
        let file = workspace.photoFile(photo, format: formats[photo] ?? "")
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the original of photo \(photo.short) is not in the workspace", at: file.path,
                next: "import its session again")
        }
        do {
            return try DecodedPhoto(Array(data), limits: DecodingLimits(pixels: .max, bytes: .max)) {
                rendering.reduction(width: $0, height: $1, face: nil)
            }.upright
        } catch let error as ImagingError {
            throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
        }
    }
}

extension Rendering {
    init(as profile: Profile) {
        let crop: Crop =
            switch profile.crop {
            case .centre: .centre
            case .face: .face
            case .none: .none
            }
        self.init(size: profile.size, crop: crop, colour: profile.colour == .grey ? .grey : .srgb)
    }
}

extension Face {
    init(of face: PhotoFace) {
        self.init(
            box: PixelBox(left: face.box.x, top: face.box.y, width: face.box.width, height: face.box.height),
            leftEye: Imaging.PixelPoint(x: face.leftEye.x, y: face.leftEye.y),
            rightEye: Imaging.PixelPoint(x: face.rightEye.x, y: face.rightEye.y))
    }
}
