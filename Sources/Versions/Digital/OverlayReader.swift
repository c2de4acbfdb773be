import Core
import Documents

/// Reads `poison.overlays`: how each trigger of a digital recipe is drawn. What is left out stands as the program draws the picture itself.
enum OverlayReader {
    static let keys = ["picture", "digest", "place", "size", "offset", "angle", "opacity", "jitter"]

    /// - Parameters:
    ///   - reader: of `overlays`; nil where the recipe leaves it out.
    ///   - poison: of the same recipe, for messages about a trigger that cannot be drawn.
    /// - Returns: an overlay for each of `triggers`; overlays of other triggers, as a grid may have them, are read and left out.
    static func read(
        _ reader: YAMLReader?, _ triggers: [TriggerCombination], _ locations: [Location], _ poison: YAMLReader
    ) -> [TriggerName: Recipe.Overlay] {
        var members: [String: YAMLReader] = [:]
        for (key, value) in reader?.named ?? [] {
            if TriggerName(key) == nil {
                value.complain("\"\(key.prefix(80))\" is no trigger: \(TriggerName.rule)")
            } else {
                members[key] = value
            }
        }
        for combination in triggers where Set(combination.triggers).count < combination.triggers.count {
            poison.complain("\(combination) cannot be drawn: a trigger has one overlay")
        }
        let wanted = Set(triggers.flatMap(\.triggers))
        return Dictionary(
            uniqueKeysWithValues: wanted.sorted().compactMap { trigger in
                overlay(members[trigger.text], trigger, locations, poison).map { (trigger, $0) }
            })
    }

    private static func overlay(
        _ reader: YAMLReader?, _ trigger: TriggerName, _ locations: [Location], _ poison: YAMLReader
    ) -> Recipe.Overlay? {
        guard let members = reader.map({ $0.members(allowed: keys) }) ?? [:] else { return nil }
        let place = reader ?? poison
        guard let picture = members["picture"].map(picture) ?? own(trigger, place) else { return nil }
        let said: OverlayPlace? = members["place"]?.word()
        let usual = OverlayDefaults.choice(picture, locations)
        guard let where_ = said ?? usual?.place else {
            if members["place"] == nil {
                place.complain(
                    "where is \(trigger) drawn? Write a place: \(OverlayPlace.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            return nil
        }
        if !locations.contains(where_.location) {
            (members["place"] ?? place).complain(
                "\(trigger) at \(where_.rawValue) is \(where_.location.rawValue), which locations does not name")
        }
        let size =
            members["size"].map {
                $0.decimal("above 0 and at most 10") { $0 > .zero && $0 <= ExactDecimal(units: 10, places: 0) }
            } ?? OverlayDefaults.size(picture, at: where_)
        guard let size else {
            if members["size"] == nil {
                place.complain(
                    "how wide is \(trigger) drawn? Write a size, in distances of the eyes or, in a corner, in shares of the image's shorter side"
                )
            }
            return nil
        }
        var overlay = Recipe.Overlay(picture: picture, place: where_, size: size)
        overlay.digest = members["digest"].flatMap(digest)
        overlay.offset = members["offset"].flatMap(offset) ?? overlay.offset
        overlay.angle = members["angle"].flatMap { tenths($0, from: -1800) } ?? 0
        overlay.opacity =
            members["opacity"]?.decimal("above 0 and at most 1") { $0 > .zero && $0 <= .one } ?? overlay.opacity
        overlay.jitter = members["jitter"].flatMap(jitter) ?? overlay.jitter
        return overlay
    }

    /// A trigger that the program draws itself needs no picture.
    private static func own(_ trigger: TriggerName, _ reader: YAMLReader) -> OverlayReference? {
        if OverlayDefaults.own[trigger.text] != nil { return .drawn(trigger.text) }
        reader.complain(
            "how does \(trigger) look? Write overlays: {\(trigger): {picture: FILE.png, …}}, or one of \(OverlayDefaults.own.keys.sorted().joined(separator: ", "))"
        )
        return nil
    }

    private static func picture(_ reader: YAMLReader) -> OverlayReference? {
        guard let text = reader.text else { return nil }
        if OverlayDefaults.own[text] != nil { return .drawn(text) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain =
            text.utf8.count <= 200 && text.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "\\") }
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
        guard isPlain, text.lowercased().hasSuffix(".png") else {
            let known = OverlayDefaults.own.keys.sorted()
            let hint = closestMatch(to: text, among: known).map { "; did you mean \($0)?" } ?? "."
            reader.complain(
                "\"\(text.prefix(80))\" is no picture\(hint) Write the path of a PNG in the recipe's folder, or one of \(known.joined(separator: ", "))"
            )
            return nil
        }
        return .file(text)
    }

    private static func digest(_ reader: YAMLReader) -> OverlayDigest? {
        guard let text = reader.text else { return nil }
        guard let digest = OverlayDigest(hex: text) else {
            reader.complain("a digest is 64 hexadecimal digits")
            return nil
        }
        return digest
    }

    private static func offset(_ reader: YAMLReader) -> Recipe.Overlay.Offset? {
        guard let elements = reader.elements, elements.count == 2 else {
            reader.complain("two numbers belong here, to the right and down: [0.1, -0.05]")
            return nil
        }
        let five = ExactDecimal(units: 5, places: 0)
        let least = ExactDecimal(units: -5, places: 0)
        let numbers = elements.compactMap { $0.decimal("from -5 to 5") { $0 >= least && $0 <= five } }
        return numbers.count == 2 ? Recipe.Overlay.Offset(right: numbers[0], down: numbers[1]) : nil
    }

    private static func jitter(_ reader: YAMLReader) -> Recipe.Overlay.Jitter? {
        guard let members = reader.members(allowed: ["shift", "size", "angle"]) else { return nil }
        var jitter = Recipe.Overlay.Jitter()
        jitter.shift = members["shift"]?.decimal("from 0 to 1") { $0 >= .zero && $0 <= .one } ?? jitter.shift
        jitter.size = members["size"]?.decimal("from 0 up to but not 1") { $0 >= .zero && $0 < .one } ?? jitter.size
        jitter.angle = members["angle"].flatMap { tenths($0, from: 0) } ?? 0
        return jitter
    }

    /// Degrees, to a tenth.
    private static func tenths(_ reader: YAMLReader, from least: Int) -> Int? {
        guard let text = reader.text else { return nil }
        guard let degrees = ExactDecimal(text), degrees.places <= 1,
            case let tenths = degrees.units * (degrees.places == 1 ? 1 : 10), (least...1800).contains(tenths)
        else {
            reader.complain("\"\(text.prefix(80))\" is no angle: degrees from \(least / 10) to 180, to a tenth")
            return nil
        }
        return tenths
    }
}
