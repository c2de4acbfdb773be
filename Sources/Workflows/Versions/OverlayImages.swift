import Core
import Foundation
import Imaging
import Intake
import Storage
import Versions

extension RecipeFile {
    /// Returns the recipes with the digests of their overlay images, and the images.
    ///
    /// There are three sources of overlay images: images that the program draws, PNG files next to the recipe, and
    /// images in the folder of the base version.
    ///
    /// - Throws: ``CurareError`` if an image is missing, cannot be used as an overlay, or does not have the digest in
    ///   the recipe.
    func withOverlayImages(nextTo recipe: URL, extending base: Version?, in store: VersionStore) throws -> (
        RecipeFile, OverlayPictures
    ) {
        var images = OverlayPictures()
        var digests: [OverlayPictureSource: OverlayDigest] = [:]
        // The base version keeps its images: the recipe that they came from may be gone.
        for (trigger, overlay) in (base?.manifest.recipe.poison?.overlays ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let base, let digest = overlay.digest else { continue }
            let reference = VersionReference(name: base.manifest.name, number: base.manifest.version)
            try images.add(stored: VersionFiles(store.folder(reference)).overlayPicture(trigger), as: digest)
            digests[overlay.picture] = digest
        }
        for picture in pictures.sorted(by: { $0.text < $1.text }) where digests[picture] == nil {
            digests[picture] =
                switch picture {
                case .builtIn(let name): try images.add(drawn: name)
                case .file(let path): try images.add(file: path, below: recipe.deletingLastPathComponent())
                }
        }
        return (try settingPictureDigests(digests), images)
    }
}

extension Version {
    /// Returns the version's overlay images from its folder.
    func overlayImages(in folder: URL) throws -> OverlayPictures {
        var images = OverlayPictures()
        for (trigger, digest) in pictures.sorted(by: { $0.key < $1.key }) {
            try images.add(stored: VersionFiles(folder).overlayPicture(trigger), as: digest)
        }
        return images
    }
}

extension ImageMaker {
    /// Makes every image of `version` that does not exist or has other pixels, images with drawn triggers included.
    func ensureImages(of version: Version, in folder: URL, _ profile: Profile, progress: (Int, Int) -> Void) throws {
        try ensure(version.photos.map { ($0.photo, $0.image) }, profile, progress: progress)
        let images = Dictionary(version.photos.map { ($0.photo, $0.image) }) { first, _ in first }
        try ensure(version.copies(), on: images, version.overlayImages(in: folder), profile, progress: progress)
    }
}
