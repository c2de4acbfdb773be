import Core
import Foundation
import Imaging
import Intake
import Versions

extension RecipeFile {
    /// The file with its overlays' pictures read: those that the program draws, PNGs beside the recipe, and those that an extended version keeps.
    ///
    /// - Throws: ``CurareError`` where one is missing, no overlay, or not the one that the recipe says.
    func withPictures(beside recipe: URL, extending parent: Version?, in store: VersionStore) throws -> (
        RecipeFile, OverlayPictures
    ) {
        var pictures = OverlayPictures()
        var digests: [OverlayReference: OverlayDigest] = [:]
        // What is inherited was read when the version was made, from a recipe that may be gone.
        for (trigger, overlay) in (parent?.manifest.recipe.poison?.overlays ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let parent, let digest = overlay.digest else { continue }
            let folder = try store.folder(VersionReference(name: parent.manifest.name, number: parent.manifest.version))
            try pictures.add(kept: VersionStore.pictureFile(trigger, in: folder), as: digest)
            digests[overlay.picture] = digest
        }
        for picture in self.pictures.sorted(by: { $0.text < $1.text }) where digests[picture] == nil {
            digests[picture] =
                switch picture {
                case .drawn(let name): try pictures.add(drawn: name)
                case .file(let path): try pictures.add(file: path, below: recipe.deletingLastPathComponent())
                }
        }
        return (try naming(digests), pictures)
    }
}

extension Version {
    /// The pictures of its overlays, as its folder keeps them.
    func keptPictures(in folder: URL) throws -> OverlayPictures {
        var kept = OverlayPictures()
        for (trigger, digest) in pictures.sorted(by: { $0.key < $1.key }) {
            try kept.add(kept: VersionStore.pictureFile(trigger, in: folder), as: digest)
        }
        return kept
    }
}

extension ImageMaker {
    /// Sees to it that every image of a version lies in its place with the version's pixels, drawn copies too.
    func hold(_ version: Version, in folder: URL, _ profile: Profile, progress: (Int, Int) -> Void) throws {
        try hold(version.photos.map { ($0.photo, $0.image) }, profile, progress: progress)
        let images = Dictionary(version.photos.map { ($0.photo, $0.image) }) { first, _ in first }
        try hold(version.copies(), on: images, version.keptPictures(in: folder), profile, progress: progress)
    }
}
