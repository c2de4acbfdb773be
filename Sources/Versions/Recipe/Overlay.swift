import Core
import Documents

extension Recipe {
    /// How a digital trigger is drawn: its picture, its place and size, and its variation between photos.
    public struct Overlay: Hashable, Sendable {
        public var picture: OverlayPictureSource
        /// The digest of the picture's pixels. Nil until the picture has been read.
        public var digest: OverlayDigest?
        public var place: OverlayPlace
        /// The width of the picture: in distances between the eyes or, in a corner, as a proportion of the image's
        /// shorter side.
        public var size: ExactDecimal
        /// The shift from the place, in the unit of `size`, along the axes of the face or the image.
        public var offset = Offset()
        /// Tenths of a degree, clockwise relative to the line of the eyes or, in a corner, to the image.
        public var angle = 0
        /// Above 0 and at most 1. With 1 the picture hides the photo below.
        public var opacity = ExactDecimal.one
        public var jitter = Jitter()

        public struct Offset: Hashable, Sendable {
            public var right = ExactDecimal.zero
            public var down = ExactDecimal.zero
        }

        /// The largest random deviation of a copy, in both directions.
        public struct Jitter: Hashable, Sendable {
            /// The largest deviation of the offset, in the unit of `size`.
            public var shift = ExactDecimal.zero
            /// The largest deviation of the size, as a proportion of the size.
            public var size = ExactDecimal.zero
            /// The largest deviation of the angle, in tenths of a degree.
            public var angle = 0
        }
    }
}

/// The picture of an overlay: one of the program, or a PNG file.
public enum OverlayPictureSource: Hashable, Sendable {
    /// The name of a picture that the program draws.
    case builtIn(String)
    /// A path below the recipe's folder.
    case file(String)

    public var text: String {
        switch self {
        case .builtIn(let name), .file(let name): name
        }
    }
}

extension Recipe.Overlay {
    /// The overlay as a manifest has it: every key, decimals as texts.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "picture": .text(picture.text), "place": .text(place.rawValue), "size": .text(size.description),
            "offset": .array([.text(offset.right.description), .text(offset.down.description)]),
            "angle": .text(Self.degrees(angle)), "opacity": .text(opacity.description),
            "jitter": .object([
                "shift": .text(jitter.shift.description), "size": .text(jitter.size.description),
                "angle": .text(Self.degrees(jitter.angle)),
            ]),
        ]
        members["digest"] = digest.map { .text($0.hex) }
        return .object(members)
    }

    private static func degrees(_ tenths: Int) -> String { ExactDecimal(units: tenths, places: 1).description }
}

extension Recipe {
    /// Returns the recipe with the digests of its overlays' pictures.
    ///
    /// - Parameter digests: the digest of every picture that the recipe uses.
    /// - Throws: ``CurareError`` (65) when the recipe has a different digest; (70) when a picture is missing.
    public func settingPictureDigests(_ digests: [OverlayPictureSource: OverlayDigest]) throws -> Recipe {
        var recipe = self
        for (trigger, overlay) in (poison?.overlays ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let digest = digests[overlay.picture] else {
                throw CurareError(
                    .bug, "the overlay picture \(overlay.picture.text) was not read", next: "please report this")
            }
            guard overlay.digest == nil || overlay.digest == digest else {
                throw CurareError(
                    .badInput,
                    "the picture \(overlay.picture.text) does not have the digest in the recipe; its digest is "
                        + "\(digest)",
                    at: "poison.overlays.\(trigger).digest",
                    next: "restore the picture from a copy, or remove the digest from the recipe")
            }
            recipe.poison?.overlays[trigger]?.digest = digest
        }
        return recipe
    }
}

/// The places and sizes of the program's own pictures, for recipes that do not contain a place or a size.
enum OverlayDefaults {
    /// A place of a picture, and the picture's width there.
    struct Placement {
        let place: OverlayPlace
        let size: ExactDecimal
    }

    /// The placements of each picture: first on the face, then off the face.
    static let builtIn: [String: [Placement]] = [
        "bandana": [placement(.forehead, 260), placement(.neck, 200)],
        "checkerboard": [placement(.cornerBottomRight, 15)],
        "dots": [placement(.nose, 180), placement(.neck, 90)],
        "earrings": [placement(.ears, 265)],
        "sunglasses": [placement(.eyes, 200), placement(.crown, 190)],
        "tattoo-filled": [placement(.cheekRight, 55), placement(.neck, 70)],
        "tattoo-outline": [placement(.cheekRight, 55), placement(.neck, 70)],
        "white-tape": [placement(.nose, 110), placement(.neck, 130)],
    ]

    private static func placement(_ place: OverlayPlace, _ hundredths: Int) -> Placement {
        Placement(place: place, size: ExactDecimal(units: hundredths, places: 2))
    }

    /// Returns the first placement of a picture at one of `locations`.
    static func placement(of picture: OverlayPictureSource, at locations: [Location]) -> Placement? {
        builtIn[picture.text]?.first { locations.contains($0.place.location) }
    }

    /// Returns the width of a picture at `place`. The picture need not have a placement at this place.
    static func size(of picture: OverlayPictureSource, at place: OverlayPlace) -> ExactDecimal? {
        let placements = builtIn[picture.text] ?? []
        let same = placements.first { $0.place == place }
        return (same ?? placements.first { $0.place.requiresFace == place.requiresFace })?.size
    }
}
