import Core

/// Where the program's own overlays are drawn, and how large, where the recipe leaves it out: first on the face, then off it.
enum OverlayDefaults {
    struct Choice {
        let place: OverlayPlace
        let size: ExactDecimal
    }

    static let own: [String: [Choice]] = [
        "bandana": [choice(.forehead, 260), choice(.neck, 200)],
        "checkerboard": [choice(.cornerBottomRight, 15)],
        "dots": [choice(.nose, 180), choice(.neck, 90)],
        "earrings": [choice(.ears, 265)],
        "sunglasses": [choice(.eyes, 200), choice(.crown, 190)],
        "tattoo-filled": [choice(.cheekRight, 55), choice(.neck, 70)],
        "tattoo-outline": [choice(.cheekRight, 55), choice(.neck, 70)],
        "white-tape": [choice(.nose, 110), choice(.neck, 130)],
    ]

    private static func choice(_ place: OverlayPlace, _ hundredths: Int) -> Choice {
        Choice(place: place, size: ExactDecimal(units: hundredths, places: 2))
    }

    /// The first of a picture's places whose location the recipe names.
    static func choice(_ picture: OverlayReference, _ locations: [Location]) -> Choice? {
        own[picture.text]?.first { locations.contains($0.place.location) }
    }

    /// A size for a place that is not the picture's usual one.
    static func size(_ picture: OverlayReference, at place: OverlayPlace) -> ExactDecimal? {
        let choices = own[picture.text] ?? []
        return (choices.first { $0.place == place } ?? choices.first { $0.place.isOfFace == place.isOfFace })?.size
    }
}
