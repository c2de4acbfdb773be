import Core
import Foundation
import Imaging
import Storage

/// The pictures of overlays by digest, and the images that result from drawing them.
public struct OverlayPictures: Sendable {
    private var pictures: [OverlayDigest: OverlayPicture] = [:]

    public init() {}

    /// Adds an overlay that the program draws.
    ///
    /// - Throws: ``CurareError`` (65) when there is no drawn overlay of that name.
    public mutating func add(drawn name: String) throws -> OverlayDigest {
        guard let drawn = DrawnOverlay(rawValue: name) else {
            throw CurareError(
                .badInput, "there is no overlay named \(name)",
                next: "use one of: \(DrawnOverlay.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return add(try drawn.picture())
    }

    /// Adds a PNG file below `folder`.
    ///
    /// - Throws: ``CurareError`` (66) when the file is missing, (65) when the file is not a PNG of an allowed size, or
    ///   is a link to a file outside the folder.
    public mutating func add(file path: String, below folder: URL) throws -> OverlayDigest {
        let file = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw MissingPath.error(
                "the picture of an overlay is missing", at: file.path,
                next: "copy the picture into the recipe's folder, or correct the path in the recipe")
        }
        let realFile = file.resolvingSymlinksInPath().path
        let realFolder = folder.resolvingSymlinksInPath().path
        guard realFile.hasPrefix(realFolder.hasSuffix("/") ? realFolder : realFolder + "/") else {
            throw CurareError(
                .badInput, "the picture of an overlay is a link to a file outside the recipe's folder", at: file.path,
                next: "copy the picture into the recipe's folder")
        }
        return add(try Self.picture(file))
    }

    /// Adds a picture from the folder of a version.
    ///
    /// - Throws: ``CurareError`` (66) when the file is missing, (65) when the picture's digest is not `digest`.
    public mutating func add(stored file: URL, as digest: OverlayDigest) throws {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the version's picture of an overlay is missing", at: file.path,
                next: "copy the picture from a backup of the version")
        }
        guard add(try Self.picture(file)) == digest else {
            throw CurareError(
                .badInput, "the version's picture of an overlay has different pixels than the manifest records",
                at: file.path, next: "copy the picture from a backup of the version")
        }
    }

    private mutating func add(_ picture: OverlayPicture) -> OverlayDigest {
        let digest = picture.digest
        pictures[digest] = picture
        return digest
    }

    private static func picture(_ file: URL) throws -> OverlayPicture {
        do {
            return try OverlayPicture(png: RegularFile(file).bytes(limit: OverlayPicture.maximumBytes))
        } catch let error as ImagingError {
            throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
        }
    }

    /// Returns a picture as PNG. Decoding the PNG gives the same picture.
    public func png(_ digest: OverlayDigest) throws -> [UInt8] { try self[digest].png() }

    subscript(digest: OverlayDigest) -> OverlayPicture {
        get throws {
            guard let picture = pictures[digest] else {
                throw CurareError(
                    .bug, "the overlay picture \(digest.short) was not loaded", next: "please report this as a bug")
            }
            return picture
        }
    }

    /// Returns the overlays of `copy` with their positions, bottom layer first.
    ///
    /// - Throws: ``CurareError`` (70) when a picture was not added.
    public func placed(_ copy: OverlaidImage) throws -> [PlacedOverlay] {
        try copy.layers.map { layer in
            PlacedOverlay(
                try self[layer.picture], opacity: layer.opacity, anchor: .init(layer.place), x: layer.position.x,
                y: layer.position.y, u: layer.position.u, v: layer.position.v)
        }
    }

    /// Returns the image of `copy`.
    ///
    /// - Parameter base: the image of the photo under `profile`, without overlays.
    func draw(_ copy: OverlaidImage, on base: Picture, _ profile: Profile) throws -> Picture {
        try base.drawn(
            placed(copy), profile, width: copy.width, height: copy.height, face: copy.face)
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

// MARK: - Files of images with drawn triggers

/// An image file with a drawn trigger is named by its digest, so that versions with the same image share one file.
extension ImageMaker {
    /// Draws the triggers of `copies` and writes the images.
    ///
    /// - Parameters:
    ///   - images: the digests of the photos' images without overlays. Their files must exist.
    ///   - pictures: the pictures of all overlays.
    /// - Throws: ``CurareError`` (65) when the image file of a photo was changed, (74) when an image cannot be written.
    public func draw(
        _ copies: [OverlaidImage], on images: [PhotoID: ImageDigest], _ pictures: OverlayPictures, _ profile: Profile,
        progress: (Int, Int) -> Void
    ) throws -> [OverlaidImage: ImageDigest] {
        var digests: [OverlaidImage: ImageDigest] = [:]
        let workspace = workspace
        try threads.forEach(copies) { copy in
            Result { () throws -> ImageDigest in
                let drawn = try Self.draw(copy, on: images[copy.photo], pictures, profile, workspace)
                let digest = drawn.digest
                let file = ImageFile(overlaid: digest, workspace, profile)
                if try file.digest != digest { try file.write(drawn) }
                return digest
            }
        } inOrder: { copy, result in
            digests[copy] = try result.get()
            progress(digests.count, copies.count)
        }
        if !copies.isEmpty { try AtomicFile.flushAll(below: workspace.root) }
        return digests
    }

    /// Checks that the image file of each copy has the pixels that a version records. Draws missing and changed files
    /// again.
    ///
    /// - Throws: ``CurareError`` (65) when a copy has other pixels than the version records; and as
    ///   ``draw(_:on:_:_:progress:)`` does.
    public func ensure(
        _ copies: [(copy: OverlaidImage, image: ImageDigest)], on images: [PhotoID: ImageDigest],
        _ pictures: OverlayPictures, _ profile: Profile, progress: (Int, Int) -> Void
    ) throws {
        let workspace = workspace
        let isIntact = try threads.map(copies) { copy in
            Result { try ImageFile(overlaid: copy.image, workspace, profile).digest == copy.image }
        }.map { try $0.get() }
        let missing = zip(copies, isIntact).filter { !$1 }.map(\.0)
        guard !missing.isEmpty else { return }
        let drawn = try draw(missing.map(\.copy), on: images, pictures, profile, progress: progress)
        if let different = missing.first(where: { drawn[$0.copy] != $0.image }) {
            throw CurareError(
                .badInput,
                "the image of photo \(different.copy.photo.short) with a drawn trigger has different pixels today "
                    + "than the version records",
                next: "run curare verify --images for details; split the recipe again for a version with today's images"
            )
        }
    }

    /// Draws the overlays of `copy` on the photo's image file, after checking the file's digest.
    private static func draw(
        _ copy: OverlaidImage, on image: ImageDigest?, _ pictures: OverlayPictures, _ profile: Profile,
        _ workspace: Workspace
    ) throws -> Picture {
        let file = ImageFile(workspace, copy.photo, profile)
        guard let base = try file.picture, base.digest == image else {
            throw CurareError(
                .badInput, "the image of photo \(copy.photo.short), on which a trigger is drawn, was changed",
                at: file.url.path, next: "delete the file and run the command again, which makes it again")
        }
        return try pictures.draw(copy, on: base, profile)
    }
}
