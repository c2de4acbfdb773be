import Core
import Documents

/// The recipe as it stands in a manifest: every key, decimals as texts, target and attackable classes as they were resolved.
///
/// `extends`, `photos` and `classes.max_per_class` stand where they are asked for alone, so that a recipe which does not know them keeps its bytes.
extension Recipe {
    var json: JSONValue {
        var members = always
        members["extends"] = extends.map { .text($0.description) }
        members["photos"] = photos.json
        return .object(members)
    }

    /// What a version that extends this one's takes from it.
    var inherited: JSONValue {
        var members = always
        members["photos"] = photos.json
        for key in ["recipe", "name"] { members[key] = nil }
        if poison == nil { members["poison"] = nil }
        return .object(members)
    }

    private var always: [String: JSONValue] {
        [
            "recipe": .number(1), "name": .text(name.text), "seed": .number(seed),
            "profile": .object([
                "size": .number(profile.size), "crop": .text(profile.crop.rawValue),
                "colour": .text(profile.colour.rawValue),
            ]),
            "classes": classes.json,
            "split": .object([
                "train": .text(split.train.description), "keep_together": .text(split.keepTogether.rawValue),
            ]),
            "poison": poison?.json ?? .null,
            "train": train.json,
            "expect": .object(
                Dictionary(uniqueKeysWithValues: expectations.map { ($0.measure.rawValue, .text($0.boundText)) })),
        ]
    }

    /// Reads a manifest's recipe back.
    ///
    /// - Throws: ``CurareError`` (65) with every problem found. JSON is YAML, so that there is one reader.
    init(json: JSONValue, file: String) throws {
        guard var members = json.object else { throw CurareError(.badInput, "the manifest has no recipe", at: file) }
        if members["poison"] == .null { members["poison"] = nil }
        self = try RecipeReader.read(Array(JSONValue.object(members).canonical.utf8), file: file)
    }
}

extension Recipe.ClassFilter {
    var json: JSONValue {
        var members = ["volunteers": volunteers.json, "references": references.json]
        members["max_per_class"] = maxPerClass.map(JSONValue.number)
        return .object(members)
    }
}

extension Recipe.Choice {
    var json: JSONValue {
        switch self {
        case .all: .text("all")
        case .none: .text("none")
        case .names(let names): .array(names.map { .text($0.text) })
        }
    }
}

extension Recipe.Poison {
    var json: JSONValue {
        let target: JSONValue =
            switch target {
            case .any: .text("any")
            case .volunteer(let name): .text(name.text)
            }
        let attackable: JSONValue =
            switch attackable {
            case .all: .text("all")
            case .names(let names): .array(names.map { .text($0.text) })
            case .count(let count): .object(["count": .number(count)])
            }
        var members: [String: JSONValue] = [
            "target": target, "triggers": .array(triggers.map { .text($0.text) }),
            "locations": .array(locations.map { .text($0.rawValue) }),
            "injection_rate": .text(injectionRate.description), "attackable": attackable,
            "hold_out": .text(holdOut.description),
            "source": .text(source.rawValue), "on_shortage": .text(onShortage.rawValue),
        ]
        if source == .digital {
            members["overlays"] = .object(
                Dictionary(uniqueKeysWithValues: overlays.map { ($0.key.text, $0.value.json) }))
        }
        return .object(members)
    }
}
