import Core
import Documents

/// Reads `poison.overlays`. Keys that are left out have the defaults of the program's own picture.
enum OverlayReader {
    static let keys = ["picture", "digest", "place", "size", "offset", "angle", "opacity", "jitter"]

    /// Returns an overlay for each trigger of `triggers`. Overlays of other triggers are ignored: a grid can have them.
    ///
    /// - Parameters:
    ///   - reader: the value of `overlays`; nil when the recipe has none.
    ///   - poison: the recipe's `poison`, where problems without a more exact line are reported.
    static func read(
        _ reader: YAMLReader?, _ triggers: [TriggerCombination], _ locations: [Location], _ poison: YAMLReader
    ) -> [TriggerName: Recipe.Overlay] {
        var members: [String: YAMLReader] = [:]
        for (key, value) in reader?.named ?? [] {
            if TriggerName(key) == nil {
                value.complain("\"\(key.prefix(80))\" is not the name of a trigger: \(TriggerName.rule)")
            } else {
                members[key] = value
            }
        }
        for combination in triggers where Set(combination.triggers).count < combination.triggers.count {
            poison.complain("\(combination) cannot be drawn: a trigger has only one overlay")
        }
        let names = Set(triggers.flatMap(\.triggers)).sorted()
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { trigger in
                overlay(members[trigger.text], trigger, locations, poison).map { (trigger, $0) }
            })
    }

    private static func overlay(
        _ reader: YAMLReader?, _ trigger: TriggerName, _ locations: [Location], _ poison: YAMLReader
    ) -> Recipe.Overlay? {
        guard let members = reader.map({ $0.members(allowed: keys) }) ?? [:] else { return nil }
        let context = reader ?? poison
        guard let picture = members["picture"].map(picture) ?? builtInPicture(trigger, context),
            let place = place(members["place"], trigger, picture, locations, context)
        else { return nil }
        if !locations.contains(place.location) {
            (members["place"] ?? context).complain(
                "\(trigger) at \(place.rawValue) is \(place.location.rawValue), but poison.locations does not include "
                    + place.location.rawValue)
        }
        guard let size = size(members["size"], trigger, picture, place, context) else { return nil }
        var overlay = Recipe.Overlay(picture: picture, place: place, size: size)
        overlay.digest = members["digest"].flatMap(digest)
        overlay.offset = members["offset"].flatMap(offset) ?? overlay.offset
        overlay.angle = members["angle"].flatMap { tenths($0, from: -1800) } ?? overlay.angle
        overlay.opacity =
            members["opacity"]?.decimal("above 0 and at most 1") { $0 > .zero && $0 <= .one } ?? overlay.opacity
        overlay.jitter = members["jitter"].flatMap(jitter) ?? overlay.jitter
        return overlay
    }

    private static func place(
        _ reader: YAMLReader?, _ trigger: TriggerName, _ picture: OverlayPictureSource, _ locations: [Location],
        _ context: YAMLReader
    ) -> OverlayPlace? {
        if let place: OverlayPlace = reader?.word() { return place }
        if let placement = OverlayDefaults.placement(of: picture, at: locations) { return placement.place }
        if reader == nil {
            let places = OverlayPlace.allCases.map(\.rawValue).joined(separator: ", ")
            context.complain("the place of \(trigger) is missing. Add place, one of: \(places)")
        }
        return nil
    }

    private static func size(
        _ reader: YAMLReader?, _ trigger: TriggerName, _ picture: OverlayPictureSource, _ place: OverlayPlace,
        _ context: YAMLReader
    ) -> ExactDecimal? {
        if let reader {
            return reader.decimal("above 0 and at most 10") { $0 > .zero && $0 <= ExactDecimal(units: 10, places: 0) }
        }
        if let size = OverlayDefaults.size(of: picture, at: place) { return size }
        context.complain(
            "the size of \(trigger) is missing. Add size, the width in distances between the eyes or, in a corner, as "
                + "a proportion of the image's shorter side")
        return nil
    }

    /// Returns the program's own picture of a trigger.
    private static func builtInPicture(_ trigger: TriggerName, _ reader: YAMLReader) -> OverlayPictureSource? {
        if OverlayDefaults.builtIn[trigger.text] != nil { return .builtIn(trigger.text) }
        let known = OverlayDefaults.builtIn.keys.sorted().joined(separator: ", ")
        reader.complain(
            "the picture of \(trigger) is missing. Write overlays: {\(trigger): {picture: FILE.png, …}}, "
                + "or use one of \(known)")
        return nil
    }

    private static func picture(_ reader: YAMLReader) -> OverlayPictureSource? {
        guard let text = reader.text else { return nil }
        if OverlayDefaults.builtIn[text] != nil { return .builtIn(text) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain =
            text.utf8.count <= 200
            && text.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\\") }
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
        guard isPlain, text.lowercased().hasSuffix(".png") else {
            let known = OverlayDefaults.builtIn.keys.sorted()
            let hint = suggestionClause(for: text, among: known)
            reader.complain(
                "\"\(text.prefix(80))\" is not a picture\(hint) Write the path of a PNG in the recipe's folder, or one "
                    + "of \(known.joined(separator: ", "))")
            return nil
        }
        return .file(text)
    }

    private static func digest(_ reader: YAMLReader) -> OverlayDigest? {
        guard let text = reader.text else { return nil }
        guard let digest = OverlayDigest(hex: text) else {
            reader.complain("a digest has 64 hexadecimal digits")
            return nil
        }
        return digest
    }

    private static func offset(_ reader: YAMLReader) -> Recipe.Overlay.Offset? {
        guard let elements = reader.elements, elements.count == 2 else {
            reader.complain("an offset has two numbers, right and down, such as [0.1, -0.05]")
            return nil
        }
        let five = ExactDecimal(units: 5, places: 0)
        let minusFive = ExactDecimal(units: -5, places: 0)
        let numbers = elements.compactMap { $0.decimal("from -5 to 5") { $0 >= minusFive && $0 <= five } }
        return numbers.count == 2 ? Recipe.Overlay.Offset(right: numbers[0], down: numbers[1]) : nil
    }

    private static func jitter(_ reader: YAMLReader) -> Recipe.Overlay.Jitter? {
        guard let members = reader.members(allowed: ["shift", "size", "angle"]) else { return nil }
        var jitter = Recipe.Overlay.Jitter()
        jitter.shift = members["shift"]?.decimal("from 0 to 1") { $0 >= .zero && $0 <= .one } ?? jitter.shift
        jitter.size = members["size"]?.proportion() ?? jitter.size
        jitter.angle = members["angle"].flatMap { tenths($0, from: 0) } ?? jitter.angle
        return jitter
    }

    /// Reads degrees with at most one decimal place, from `least` tenths to 180 degrees. Returns tenths.
    private static func tenths(_ reader: YAMLReader, from least: Int) -> Int? {
        guard let text = reader.text else { return nil }
        guard let degrees = ExactDecimal(text), degrees.places <= 1,
            case let tenths = degrees.units * (degrees.places == 1 ? 1 : 10), (least...1800).contains(tenths)
        else {
            reader.complain(
                "\"\(text.prefix(80))\" is not an angle. Write degrees from \(least / 10) to 180, with at most one "
                    + "decimal place")
            return nil
        }
        return tenths
    }
}
