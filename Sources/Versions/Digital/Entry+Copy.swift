import Core
import Foundation
import Storage

extension Entry {
    /// All that has to be known to draw this copy again; nil for a photo itself.
    ///
    /// - Throws: ``CurareError`` (65) where `recipe` says nothing of what is drawn.
    public func copy(in recipe: Recipe) throws -> OverlaidImage? {
        guard let overlay else { return nil }
        let layers = try zip(overlay.triggers, drawn).map { trigger, position in
            guard let drawn = recipe.poison?.overlays[trigger], let digest = drawn.digest else {
                throw CurareError(
                    .badInput, "the manifest does not say how \(trigger) is drawn, which its entries show",
                    next: "take the version's files from a copy")
            }
            return drawn.layer(digest, at: position)
        }
        return OverlaidImage(photo: photo, width: width, height: height, face: face, layers: layers)
    }
}

extension Version {
    /// The photos themselves, without the copies on which triggers are drawn.
    public var photos: [Entry] { entries.list.filter { $0.overlay == nil } }

    /// As above, as selection looks at them, in the order of their ids.
    public var eligiblePhotos: [EligiblePhoto] { entries.parts.photos }

    /// Whether triggers are drawn on any of its photos.
    public var hasCopies: Bool { !entries.parts.copies.isEmpty }

    /// The drawn copies with the images that they must give, in the order of entries.
    ///
    /// - Throws: ``CurareError`` (65) where the manifest says nothing of what is drawn.
    public func copies() throws -> [(copy: OverlaidImage, image: ImageDigest)] {
        guard hasCopies else { return [] }
        return try entries.list.compactMap { entry in try entry.copy(in: manifest.recipe).map { ($0, entry.image) } }
    }

    /// Each overlay's picture by its trigger; empty where nothing is drawn.
    public var pictures: [TriggerName: OverlayDigest] {
        (manifest.recipe.poison?.overlays ?? [:]).compactMapValues(\.digest)
    }
}

extension Workspace {
    /// Where the image of an entry lies, be it the photo's own or a drawn one.
    public func imageFile(of entry: Entry, _ profile: Profile) -> URL {
        entry.overlay == nil ? imageFile(entry.photo, profile) : drawnFile(entry.image, profile)
    }
}

extension VersionStore {
    /// Where a version's folder keeps the picture of an overlay.
    public static func pictureFile(_ trigger: TriggerName, in folder: URL) -> URL {
        folder.appending(path: "overlays").appending(path: "\(trigger).png")
    }
}
