import Core

extension Recipe {
    /// Whether poison is photographed or drawn.
    public enum Source: String, CaseIterable, Sendable {
        case physical, digital
    }

    /// A trigger as it is drawn: what, where, how large, and how it varies from photo to photo.
    public struct Overlay: Hashable, Sendable {
        public var picture: OverlayReference
        /// Of the picture's pixels; nil until the picture was read.
        public var digest: OverlayDigest?
        public var place: OverlayPlace
        /// Its width in distances of the eyes or, in a corner, in shares of the image's shorter side.
        public var size: ExactDecimal
        /// Moved to the right and down along its place's own line, in the same unit.
        public var offset = Offset()
        /// Tenths of a degree, clockwise against the eyes' line or, in a corner, the image.
        public var angle = 0
        /// Above 0, at most 1, which covers what is below.
        public var opacity = ExactDecimal.one
        public var jitter = Jitter()

        public struct Offset: Hashable, Sendable {
            public var right = ExactDecimal.zero, down = ExactDecimal.zero
        }

        /// How far each copy may be from what the overlay says, either way.
        public struct Jitter: Hashable, Sendable {
            /// In both directions, in the unit of the size.
            public var shift = ExactDecimal.zero
            /// A share of the size.
            public var size = ExactDecimal.zero
            /// Tenths of a degree.
            public var angle = 0
        }
    }

    /// Whether anything of the recipe hangs on faces.
    public var looksAtFaces: Bool { profile.crop == .face || photos.looksAtFaces || poison?.drawsOnFaces == true }
}

/// What an overlay shows: a drawing of the program's own, or a PNG beside the recipe.
public enum OverlayReference: Hashable, Sendable {
    case drawn(String)
    /// A path below the recipe's folder.
    case file(String)

    public var text: String {
        switch self {
        case .drawn(let name), .file(let name): name
        }
    }
}

extension Recipe.Poison {
    /// Whether copies are drawn at places that a face tells.
    var drawsOnFaces: Bool { source == .digital && overlays.values.contains { $0.place.isOfFace } }

    /// What a copy shows on which the triggers of `combination` are drawn.
    func triggerState(drawn combination: TriggerCombination) -> TriggerState {
        TriggerState(
            combination.triggers.compactMap { trigger in overlays[trigger].map { TriggerPlacement(trigger, $0.place.location) } })
    }
}

extension Recipe {
    /// The recipe with the digests of its overlays' pictures.
    ///
    /// - Parameter digests: by what the recipe calls them.
    /// - Throws: ``CurareError`` (65) where the recipe says another digest, or a picture is not among them.
    public func naming(_ digests: [OverlayReference: OverlayDigest]) throws -> Recipe {
        var recipe = self
        for (trigger, overlay) in (poison?.overlays ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let digest = digests[overlay.picture] else {
                throw CurareError(.bug, "the overlay \(overlay.picture.text) was not read", next: "please report this")
            }
            guard overlay.digest == nil || overlay.digest == digest else {
                throw CurareError(
                    .badInput, "the picture \(overlay.picture.text) has other pixels than the recipe says: \(digest)",
                    at: "poison.overlays.\(trigger).digest",
                    next: "take the picture from a copy, or leave the digest out")
            }
            recipe.poison?.overlays[trigger]?.digest = digest
        }
        return recipe
    }
}
