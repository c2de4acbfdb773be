import Core
import Foundation
import Imaging
import Storage

/// Copies of photos' images on which triggers are drawn. They lie beside the images, named by their own digests, so that two versions share what is the same.
extension ImageMaker {
    /// Draws every one of `copies`, and puts the images in their place.
    ///
    /// - Parameters:
    ///   - images: the digests of the photos' own images, which are there already.
    ///   - pictures: of all overlays.
    /// - Throws: ``CurareError`` (65) where a photo's image is not the one that it should be, (74) where nothing can be written.
    public func draw(
        _ copies: [OverlaidImage], on images: [PhotoID: ImageDigest], _ pictures: OverlayPictures, _ profile: Profile,
        progress: (Int, Int) -> Void
    ) throws -> [OverlaidImage: ImageDigest] {
        var digests: [OverlaidImage: ImageDigest] = [:]
        let workspace = workspace
        try workers.forEach(copies) { copy in
            Result { () throws -> ImageDigest in
                let drawn = try Self.draw(copy, on: images[copy.photo], pictures, profile, workspace)
                let digest = ImageDigest(drawn.digest)
                let file = ImageFile(drawn: digest, workspace, profile)
                if file.digest != digest { try file.write(drawn) }
                return digest
            }
        } inOrder: { copy, result in
            digests[copy] = try result.get()
            progress(digests.count, copies.count)
        }
        if !copies.isEmpty { try AtomicFile.flushAll(below: workspace.root) }
        return digests
    }

    /// Sees to it that the image of every one of `copies` lies in its place with its own pixels; what is missing or was changed is drawn again.
    ///
    /// - Throws: ``CurareError`` (65) where it comes out otherwise; and as ``draw(_:on:_:_:progress:)`` does.
    public func hold(
        _ copies: [(copy: OverlaidImage, image: ImageDigest)], on images: [PhotoID: ImageDigest],
        _ pictures: OverlayPictures, _ profile: Profile,
        progress: (Int, Int) -> Void
    ) throws {
        let workspace = workspace
        let missing = Set(
            workers.map(copies) { ImageFile(drawn: $0.image, workspace, profile).digest == $0.image }.enumerated()
                .filter { !$0.element }.map(\.offset))
        guard !missing.isEmpty else { return }
        let wanted = copies.indices.filter(missing.contains).map { copies[$0] }
        let drawn = try draw(wanted.map(\.copy), on: images, pictures, profile, progress: progress)
        if let other = wanted.first(where: { drawn[$0.copy] != $0.image }) {
            throw CurareError(
                .badInput,
                "the copy of photo \(other.copy.photo.short) on which a trigger is drawn has other pixels today than the version says",
                next: "see curare verify --images; split the recipe again for a version with today's images")
        }
    }

    /// The photo's own image, held to its digest, with the overlays over it.
    private static func draw(
        _ copy: OverlaidImage, on image: ImageDigest?, _ pictures: OverlayPictures, _ profile: Profile,
        _ workspace: Workspace
    ) throws -> Picture {
        let file = ImageFile(workspace, copy.photo, profile)
        guard let base = file.picture, ImageDigest(base.digest) == image else {
            throw CurareError(
                .badInput, "the image of photo \(copy.photo.short), on which a trigger is to be drawn, was changed",
                at: file.url.path, next: "delete the file and run the command again: it is made anew")
        }
        return try pictures.draw(copy, on: base, profile)
    }
}
