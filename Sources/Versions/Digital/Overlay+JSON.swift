import Core
import Documents

extension Recipe.Overlay {
    /// As it stands in a manifest: every key, decimals as texts.
    var json: JSONValue {
        .object(
            [
                "picture": .text(picture.text), "digest": digest.map { .text($0.hex) } ?? .null,
                "place": .text(place.rawValue), "size": .text(size.description),
                "offset": .array([.text(offset.right.description), .text(offset.down.description)]),
                "angle": .text(Self.degrees(angle)), "opacity": .text(opacity.description),
                "jitter": .object([
                    "shift": .text(jitter.shift.description), "size": .text(jitter.size.description),
                    "angle": .text(Self.degrees(jitter.angle)),
                ]),
            ].filter { $0.value != .null })
    }

    private static func degrees(_ tenths: Int) -> String { ExactDecimal(units: tenths, places: 1).description }
}
