import Core
import Foundation
import Imaging
import Storage
import Versions

/// The positions of the face and of the trigger in a photo, in pixels of the upright photo.
struct PhotoRegions: Hashable, Sendable {
    /// Nil when the face is unknown.
    let face: FaceOutline?
    /// Nil when the trigger's position is unknown.
    let trigger: Box?

    init(face: FaceOutline? = nil, trigger: Box? = nil) {
        self.face = face
        self.trigger = trigger
    }

    init(_ facts: PhotoFacts) { self.init(face: facts.face.landmarks.map(FaceOutline.init), trigger: facts.triggerBox) }

    /// Returns whether `pixel` is in `region`, or nil when the region is unknown.
    func contains(_ pixel: PixelPoint, in region: Region) -> Bool? {
        switch region {
        case .trigger: trigger?.contains(pixel)
        case .face: face?.contains(pixel)
        }
    }
}

/// The regions of a version's photos. The catalog has the faces and the worn triggers; the version itself determines
/// the drawn triggers.
public struct VersionRegions: Sendable {
    /// Returns the overlays of an image, with their positions.
    public typealias Overlays = @Sendable (OverlaidImage) throws -> [PlacedOverlay]
    /// Returns the facts of photos from the catalog. Photos that the catalog does not have are left out.
    public typealias Facts = ([PhotoID]) throws -> [PhotoFacts]

    private struct KnownPhoto {
        let regions: PhotoRegions
        let format: String
        /// Whether all required consents are in the current catalog.
        let isUsable: Bool
    }

    private let photos: [PhotoID: KnownPhoto]
    private let workspace: Workspace
    private let recipe: Recipe
    private let overlays: Overlays

    /// The regions of the attack photos of `version`.
    public init(
        attackPhotosOf version: Version, in workspace: Workspace, facts: Facts, drawing overlays: @escaping Overlays
    ) throws {
        try self.init(version, workspace, facts, overlays) { $0.role == .testAttack }
    }

    /// The regions of all copies of `version` on which triggers are drawn.
    public init(
        drawnCopiesOf version: Version, in workspace: Workspace, facts: Facts, drawing overlays: @escaping Overlays
    ) throws {
        try self.init(version, workspace, facts, overlays) { $0.overlay != nil }
    }

    private init(
        _ version: Version, _ workspace: Workspace, _ facts: Facts, _ overlays: @escaping Overlays,
        where isIncluded: (Entry) -> Bool
    ) throws {
        let included = Set(version.entries.list.filter(isIncluded).map(\.photo)).sorted()
        photos = Dictionary(
            uniqueKeysWithValues: try facts(included).map {
                ($0.photo, KnownPhoto(regions: PhotoRegions($0), format: $0.format, isUsable: $0.consented))
            })
        self.workspace = workspace
        self.overlays = overlays
        recipe = version.manifest.recipe
    }

    /// Returns the image of `entry` with its regions.
    ///
    /// - Throws: ``CurareError`` with code 66 or 65 when the position of the image in the photo depends on the
    ///   original, and the original cannot be read, or when the manifest does not describe the overlays.
    func input(_ entry: Entry, _ picture: Picture, _ profile: Profile) throws -> ModelInput {
        let face = entry.face
        let placement =
            try ImagePlacement(profile, width: entry.width, height: entry.height, face: face)
            ?? ImagePlacement(profile, of: original(entry.photo, profile), face: face)
        let known = photos[entry.photo]?.regions ?? PhotoRegions()
        guard let copy = try entry.copy(in: recipe) else {
            return ModelInput(picture: picture, placement: placement, regions: known)
        }
        let drawn = try overlays(copy).compactMap {
            OverlayBox(
                $0, profile, width: entry.width, height: entry.height, face: face, imageWidth: picture.width,
                imageHeight: picture.height)
        }
        // A trigger that is worn in the photo is not the trigger of the attack with the copy.
        return ModelInput(picture: picture, placement: placement, regions: PhotoRegions(face: known.face), drawn: drawn)
    }

    /// Checks that `photo` may be used today.
    ///
    /// - Throws: ``CurareError`` with code 65 when the photo is not in the catalog, or a consent is missing.
    func checkConsent(_ photo: PhotoID, named name: String) throws {
        guard photos[photo]?.isUsable == true else {
            throw CurareError(
                .badInput, "photo \(photo.short) may not be used: a consent is missing", at: name,
                next: "name another photo")
        }
    }

    /// Decodes the original at the size that `profile` needs.
    private func original(_ photo: PhotoID, _ profile: Profile) throws -> UprightPhoto {
        guard let known = photos[photo] else {
            throw CurareError(
                .missingInput, "photo \(photo.short) is not in the catalog", at: workspace.catalogFile.path,
                next: "import its session again")
        }
        let file = workspace.photoFile(photo, format: known.format)
        let bytes = try RegularFile.contents(
            file,
            orThrow: CurareError(
                .missingInput, "the original of photo \(photo.short) is not in the workspace", at: file.path,
                next: "import its session again"))
        do {
            return try DecodedPhoto(bytes, limits: DecodingLimits(pixels: .max, bytes: .max)) {
                profile.reduction(width: $0, height: $1, face: nil)
            }.upright
        } catch let error as ImagingError {
            throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
        }
    }
}
