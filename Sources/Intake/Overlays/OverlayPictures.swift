import Core
import Foundation
import Imaging
import Storage

/// The pictures of overlays, by their digests.
public struct OverlayPictures: Sendable {
    private var pictures: [OverlayDigest: OverlayPicture] = [:]

    public init() {}

    /// Adds one that the program draws itself.
    ///
    /// - Throws: ``CurareError`` (65) where it draws none of that name.
    public mutating func add(drawn name: String) throws -> OverlayDigest {
        guard let drawn = DrawnOverlay(rawValue: name) else {
            throw CurareError(
                .badInput, "there is no overlay named \(name)",
                next: "there are: \(DrawnOverlay.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return try add(drawn.picture())
    }

    /// Adds a PNG that lies below `folder`.
    ///
    /// - Throws: ``CurareError`` (66) where it is not there, (65) where it is no PNG of the size that an overlay may have, or a link leads out of the folder.
    public mutating func add(file path: String, below folder: URL) throws -> OverlayDigest {
        let file = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the picture of an overlay is not there", at: file.path,
                next: "put it beside the recipe, which names it by its path from there")
        }
        let (real, home) = (file.resolvingSymlinksInPath().path, folder.resolvingSymlinksInPath().path)
        guard real.hasPrefix(home.hasSuffix("/") ? home : home + "/") else {
            throw CurareError(
                .badInput, "the picture of an overlay is a link that leads out of the recipe's folder", at: file.path,
                next: "copy the picture into it")
        }
        return try add(Self.picture(file))
    }

    /// Adds the picture that a version's folder keeps.
    ///
    /// - Throws: ``CurareError`` (66) where it is not there, (65) where it is not the one that was drawn.
    public mutating func add(kept file: URL, as digest: OverlayDigest) throws {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the version's picture of an overlay is missing", at: file.path,
                next: "take it from a copy of the version")
        }
        guard try add(Self.picture(file)) == digest else {
            throw CurareError(
                .badInput, "the version's picture of an overlay has other pixels than its manifest says", at: file.path,
                next: "take it from a copy of the version")
        }
    }

    private mutating func add(_ picture: OverlayPicture) throws -> OverlayDigest {
        guard let digest = OverlayDigest(bytes: picture.digest.bytes) else {
            throw CurareError(.bug, "a digest has not 32 bytes", next: "please report this")
        }
        pictures[digest] = picture
        return digest
    }

    private static func picture(_ file: URL) throws -> OverlayPicture {
        do {
            return try OverlayPicture(png: RegularFile(file).bytes(limit: OverlayPicture.mostBytes))
        } catch let error as ImagingError {
            throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
        }
    }

    /// As a PNG, which decoded is the same picture.
    public func png(_ digest: OverlayDigest) throws -> [UInt8] { try self[digest].png() }

    subscript(digest: OverlayDigest) -> OverlayPicture {
        get throws {
            guard let picture = pictures[digest] else {
                throw CurareError(
                    .bug, "the picture \(digest.short) of an overlay was not read", next: "please report this")
            }
            return picture
        }
    }

    /// What is drawn on `copy`, each layer at its place; the first is drawn first.
    ///
    /// - Throws: ``CurareError`` (70) where a picture was not added.
    public func placed(_ copy: OverlaidImage) throws -> [PlacedOverlay] {
        try copy.layers.map { layer in
            PlacedOverlay(
                try self[layer.picture], opacity: layer.opacity, anchor: .init(layer.place), x: layer.position.x,
                y: layer.position.y, u: layer.position.u, v: layer.position.v)
        }
    }

    /// The image of `copy` on `base`, which is the photo's image under `profile`.
    func draw(_ copy: OverlaidImage, on base: Picture, _ profile: Profile) throws -> Picture {
        try base.drawn(
            placed(copy), Rendering(profile), width: copy.width, height: copy.height, face: copy.face.map(Face.init))
    }
}

extension PlacedOverlay.Anchor {
    init(_ place: OverlayPlace) {
        self =
            switch place {
            case .cornerTopLeft: .topLeft
            case .cornerTopRight: .topRight
            case .cornerBottomLeft: .bottomLeft
            case .cornerBottomRight: .bottomRight
            case .eyes, .forehead, .nose, .mouth, .chin, .neck, .crown, .ears, .cheekLeft, .cheekRight: .photo
            }
    }
}
